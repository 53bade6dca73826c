import CKernels

/// A formula and its derivatives as steps for the kernels, over the coordinates of a block.
///
/// Steps that are the same for all points of a block are computed once for it; parts without parameters are
/// columns, computed once for a set of points.
struct FormulaProgram: Sendable {
    /// The steps, five numbers each, and the places behind them: what the kernels read.
    private(set) var code: [Int32] = []
    /// How many steps are for a block, for the values, and for the derivatives.
    private(set) var steps = (uniform: 0, values: 0, derivatives: 0)
    /// The steps on the tape that are columns.
    private(set) var columns: [Int] = []
    /// Where each parameter goes; `nil` where it is not needed.
    private(set) var parameters: [Int?]
    /// What stands in the room from the start.
    private(set) var constants: [(place: Int, number: Double)] = []
    /// The places of the value, of its slopes, and of their slopes: the lower triangle, row by row, −1 for 0.
    private(set) var value: Int32 = 0
    private(set) var slopes: [Int32] = []
    private(set) var bends: [Int32] = []
    /// How many numbers the room has.
    private(set) var size = 0

    /// The numbers in a row, one for each point of a chunk.
    private static let chunk = 64

    /// Compiles a formula.
    ///
    /// - Parameters:
    ///   - tape: the formula over its parameters' inner values.
    ///   - width: by how many parameters, the first ones, it is differentiated.
    ///   - count: how many parameters there are.
    ///   - isBent: whether second derivatives are wanted.
    ///   - inner: makes a parameter's inner value of coordinates.
    init(
        _ tape: FormulaTape, width: Int, count: Int, bends isBent: Bool,
        inner: (Int, inout FormulaGraph) -> Int
    ) {
        var graph = FormulaGraph()
        let value = FormulaProgram.lower(tape, &graph, inner)
        let zero = graph.number(0)
        let slopes = (0..<width).map { graph.slope(value, by: $0) }
        var bends: [Int] = []
        for j in 0..<width where isBent {
            for k in 0...j { bends.append(graph.slope(slopes[j], by: k)) }
        }
        parameters = [Int?](repeating: nil, count: count)
        var isInValue = [Bool](repeating: false, count: graph.nodes.count)
        FormulaProgram.mark(value, graph, &isInValue)
        var isNeeded = isInValue
        for node in slopes + bends { FormulaProgram.mark(node, graph, &isNeeded) }
        let places = place(graph, isNeeded)
        var parts: [[Int32]] = [[], [], []]
        for (node, kind) in graph.nodes.enumerated() where isNeeded[node] {
            guard case .step(let work, let a, let b, let c) = kind else { continue }
            let last = work == Int32(BITLAW_STEP_CHOOSE) ? places[c] : Int32(c)
            parts[graph.isUniform[node] ? 0 : isInValue[node] ? 1 : 2] += [
                work, places[node], places[a], places[b], last,
            ]
        }
        steps = (parts[0].count / 5, parts[1].count / 5, parts[2].count / 5)
        self.value = places[value]
        self.slopes = slopes.map { places[$0] }
        self.bends = bends.map { $0 == zero ? -1 : places[$0] }
        let ofColumns = columns.map { column -> Int32 in
            graph.nodes.firstIndex(of: .column(column)).map { places[$0] } ?? 0
        }
        code = parts.flatMap { $0 } + ofColumns + self.slopes + self.bends
    }

    /// The tape as nodes; the last is its value.
    private static func lower(
        _ tape: FormulaTape, _ graph: inout FormulaGraph,
        _ inner: (Int, inout FormulaGraph) -> Int
    ) -> Int {
        var made: [Int] = []
        for (place, step) in tape.steps.enumerated() {
            switch step.work {
            case .number(let value): made.append(graph.number(value))
            case .parameter(let index): made.append(inner(index, &graph))
            default:
                made.append(
                    step.depends.isEmpty
                        ? graph.add(.column(place)) : lower(step.work, made, &graph))
            }
        }
        return made[tape.root]
    }

    private static func lower(
        _ work: FormulaTape.Step.Work, _ made: [Int], _ graph: inout FormulaGraph
    ) -> Int {
        switch work {
        case .number, .input, .parameter: preconditionFailure("a step without operands")
        case .apply(.negate, let a): return graph.negative(made[a])
        case .apply(let function, let a): return graph.step(function.step, made[a])
        case .raise(let a, let whole): return graph.raised(made[a], to: whole)
        case .combine(let operation, let a, let b):
            return graph.step(operation.step, made[a], made[b])
        case .choose(let a, let b, let c): return graph.choice(made[a], made[b], made[c])
        }
    }

    /// Marks what a node needs.
    private static func mark(_ node: Int, _ graph: FormulaGraph, _ marks: inout [Bool]) {
        var open = [node]
        while let next = open.popLast() {
            if marks[next] { continue }
            marks[next] = true
            guard case .step(let work, let a, let b, let c) = graph.nodes[next] else { continue }
            open += [a, b]
            if work == Int32(BITLAW_STEP_CHOOSE) { open.append(c) }
        }
    }

    /// Gives each node its place: what is the same for all points first.
    private mutating func place(_ graph: FormulaGraph, _ isNeeded: [Bool]) -> [Int32] {
        var places = [Int32](repeating: 0, count: graph.nodes.count)
        for (node, kind) in graph.nodes.enumerated() where isNeeded[node] && graph.isUniform[node] {
            places[node] = Int32(size)
            if case .number(let number) = kind { constants.append((size, number)) }
            if case .parameter(let index) = kind { parameters[index] = size }
            size += 8
        }
        for (node, kind) in graph.nodes.enumerated()
        where isNeeded[node] && !graph.isUniform[node] {
            places[node] = Int32(size + 1)
            if case .column(let step) = kind { columns.append(step) }
            size += FormulaProgram.chunk
        }
        return places
    }
}

extension Formula.Function {
    /// The kernel's step.
    fileprivate var step: Int {
        switch self {
        case .negate: BITLAW_STEP_NEGATE
        case .exp: BITLAW_STEP_EXP
        case .log: BITLAW_STEP_LOG
        case .sqrt: BITLAW_STEP_SQRT
        case .logistic: BITLAW_STEP_LOGISTIC
        case .tanh: BITLAW_STEP_TANH
        case .abs: BITLAW_STEP_ABS
        case .not: BITLAW_STEP_NOT
        }
    }
}

extension Formula.Operation {
    /// The kernel's step.
    fileprivate var step: Int {
        switch self {
        case .add: BITLAW_STEP_ADD
        case .subtract: BITLAW_STEP_SUBTRACT
        case .multiply: BITLAW_STEP_MULTIPLY
        case .divide: BITLAW_STEP_DIVIDE
        case .min: BITLAW_STEP_MIN
        case .max: BITLAW_STEP_MAX
        case .less: BITLAW_STEP_LESS
        case .lessEqual: BITLAW_STEP_LESS_EQUAL
        case .equal: BITLAW_STEP_EQUAL
        case .and: BITLAW_STEP_AND
        case .or: BITLAW_STEP_OR
        case .power: preconditionFailure("a tape has whole powers and exponentials")
        }
    }
}
