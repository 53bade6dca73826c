import Canon
package import Experiment
import Numerics
import Workbench

/// Draws teachers.
package enum OptimalTeachersStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "optimal.teachers", version: 1,
        summary: "Draws one-hidden-layer ReLU teachers with weights from a Dirichlet process.",
        source:
            "our reading of the teacher, docs/COMPUTE-OPTIMAL.md; stick breaking: Sethuraman (1994)",
        parameters: [
            Parameter("dimension", .integer(1...4096), "The inputs' dimension d."),
            Parameter(
                "complexity", .number(from: 0, to: 1e5, openLow: true),
                "K: greater means more atoms that count."),
            Parameter(
                "gain", .number(from: 0, to: 100, openLow: true), default: 1,
                "The outputs' scale: E F² = gain²/2."),
            Parameter("count", .integer(1...10_000), default: 12, "How many teachers."),
            Parameter(
                "cutoff", .number(from: 1e-12, to: 0.5), default: 1e-4,
                "The stick that may be left over."),
        ],
        outputs: [
            OutputPort(
                "teachers", fileName: "teachers.npy",
                "Rows teacher, weight v, factor g √(K+1) s, direction w (d numbers): an atom each.")
        ], isRandom: true)

    /// Draws.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let dimension = parameters.integer("dimension")
        var (elements, rows) = ([Double](), 0)
        for number in 0..<parameters.integer("count") {
            var stream = RandomStream(
                seed: context.seed, purpose: "teacher", index: UInt64(number))
            let teacher = ProcessTeacher(
                dimension: dimension, complexity: parameters.number("complexity"),
                gain: parameters.number("gain"), cutoff: parameters.number("cutoff"),
                stream: &stream)
            for atom in 0..<teacher.count {
                elements += [Double(number), teacher.weights[atom], teacher.factors[atom]]
                elements += teacher.directions[(atom * dimension)..<((atom + 1) * dimension)]
            }
            rows += teacher.count
        }
        try context.write(
            "teachers",
            NumpyArray(rows: rows, columns: dimension + 3, elements: elements).bytes())
    }

    /// The teachers of a file.
    ///
    /// - Throws: ``FormatError`` when it is none of ``OptimalTeachersStage``.
    static func read(_ input: StageInput) throws -> [ProcessTeacher] {
        let array = try NumpyArray(input.bytes())
        guard array.columns > 3, array.rows > 0 else {
            throw FormatError(
                "\(input.producer): expected teachers.npy of optimal.teachers, found "
                    + "\(array.rows) rows of \(array.columns)")
        }
        var teachers: [ProcessTeacher] = []
        var row = 0
        while row < array.rows {
            var (weights, factors, directions) = ([Double](), [Double](), [Double]())
            let number = array.elements[row * array.columns]
            while row < array.rows, array.elements[row * array.columns] == number {
                let atom = Array(
                    array.elements[(row * array.columns)..<((row + 1) * array.columns)])
                weights.append(atom[1])
                factors.append(atom[2])
                directions += atom[3...]
                row += 1
            }
            teachers.append(
                ProcessTeacher(
                    dimension: array.columns - 3, weights: weights, factors: factors,
                    directions: directions))
        }
        return teachers
    }
}
