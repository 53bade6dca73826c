package import Canon
import Experiment
package import Workbench

extension FactorTask {
    /// Tables larger than this together are refused: 0.5 GB of logarithms.
    static let largestTables = 1 << 26

    /// What a stage that learns a task reads.
    static let ports = [
        InputPort("task", "task.json of factors.task"),
        InputPort("tables", "tables.npy of factors.task"),
    ]

    /// Reads the task of a stage with the inputs ``ports``.
    init(_ context: StageContext) throws {
        try self.init(
            json: JSON(parsing: context.input("task").bytes()),
            table: NumpyArray(context.input("tables"), columns: "log p"))
    }

    /// What task.json says: sizes and graph.
    package var json: JSON {
        [
            "inputs": list(input.sizes), "outputs": list(output.sizes),
            "parents": .array(graph.parents.map { list($0) }),
        ]
    }

    /// What tables.npy holds: log p, output after output, state after state, value after value.
    package var table: NumpyArray {
        let elements = tables.flatMap { $0.logarithms }
        return NumpyArray(rows: elements.count, columns: 1, elements: elements)
    }

    private func list(_ numbers: [Int]) -> JSON { .array(numbers.map { .number(Double($0)) }) }

    /// Reads what ``json`` and ``table`` wrote.
    ///
    /// - Throws: ``FormatError`` where sizes, parents or tables do not fit each other, or a row of a
    ///   table does not sum to 1.
    package init(json: JSON, table: NumpyArray) throws(FormatError) {
        guard let inputs = FactorTask.integers(json["inputs"]),
            let outputs = FactorTask.integers(json["outputs"]),
            let lists = json["parents"]?.elements, lists.count == outputs.count,
            FactorSpace.count(of: inputs) != nil, FactorSpace.count(of: outputs) != nil
        else { throw FormatError("expected task.json of factors.task") }
        var parents: [[Int]] = []
        for list in lists {
            guard let each = FactorTask.integers(list), each.allSatisfy(inputs.indices.contains),
                Set(each).count == each.count
            else {
                throw FormatError(
                    "expected different parents from 0 to \(inputs.count - 1), found "
                        + list.canonicalText)
            }
            parents.append(each)
        }
        let graph = FactorGraph(parents: parents)
        let shapes = try FactorTask.shapes(inputs: inputs, outputs: outputs, graph)
        let count = shapes.reduce(0) { $0 + $1.states * $1.size }
        guard table.columns == 1, table.rows == count else {
            throw FormatError(
                "expected tables of shape [\(count), 1] for this task, found [\(table.rows), "
                    + "\(table.columns)]; do both inputs come from one action?")
        }
        var tables: [FactorTable] = []
        var start = 0
        for shape in shapes {
            let end = start + shape.states * shape.size
            tables.append(
                FactorTable(
                    states: shape.states, size: shape.size,
                    logarithms: Array(table.elements[start..<end])))
            start = end
        }
        for (factor, table) in tables.enumerated() {
            for state in 0..<table.states {
                let row = table.probabilities[state * table.size..<(state + 1) * table.size]
                let sum = row.reduce(0, +)
                guard (sum - 1).magnitude < 1e-9 else {
                    throw FormatError(
                        "expected probabilities that sum to 1, found \(sum) for output \(factor) "
                            + "in state \(state)")
                }
            }
        }
        self.init(
            input: FactorSpace(inputs, .firstFastest), output: FactorSpace(outputs, .lastFastest),
            graph: graph, tables: tables)
    }

    /// The shapes of all tables.
    ///
    /// - Throws: ``FormatError`` where they are too large together.
    static func shapes(inputs: [Int], outputs: [Int], _ graph: FactorGraph)
        throws(FormatError) -> [(states: Int, size: Int)]
    {
        var shapes: [(states: Int, size: Int)] = []
        var count = 0
        for (parents, size) in zip(graph.parents, outputs) {
            // At most the product of all inputs times an output: below 2⁶².
            let states = parents.reduce(1) { $0 * inputs[$1] }
            shapes.append((states, size))
            count += min(states * size, largestTables + 1)
        }
        guard count <= largestTables else {
            throw FormatError(
                "expected tables of at most \(largestTables) numbers together, found more; lower "
                    + "`parents` or `edge_probability`, or take smaller factors")
        }
        return shapes
    }

    private static func integers(_ json: JSON?) -> [Int]? {
        guard let elements = json?.elements else { return nil }
        let numbers = elements.compactMap { $0.integer }
        return numbers.count == elements.count ? numbers : nil
    }
}
