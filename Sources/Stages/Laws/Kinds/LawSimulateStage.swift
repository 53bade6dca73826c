import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Points of a law at given inputs, with or without noise.
package enum LawSimulateStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.simulate", version: 1,
        summary: "Makes a table from a law: for checks of fits on data whose truth is known.",
        source: "our own",
        parameters: LawWorld.parameters,
        outputs: [OutputPort("table", fileName: "table.csv", "The inputs and y.")],
        isRandom: true)

    /// Draws the points.
    package static func run(_ context: StageContext) throws {
        let world = try LawWorld(context.parameters)
        let y = world.draw(seed: context.seed, index: 0)
        var table = Table(columns: world.form.inputs + ["y"])
        for row in y.indices {
            table.append(world.x.map { .number($0[row]) } + [.finite(y[row])])
        }
        try context.write("table", table.csv())
    }
}

/// A law with true parameters, a grid of inputs, and noise.
struct LawWorld {
    static let parameters = [
        Parameter("form", .choice(NamedForms.names), "The form of the law."),
        Parameter("breaks", .integer(0...4), default: 1, "Breaks of the form `broken`."),
        Parameter("parameters", .any, "The true parameters, such as {E: 0.1, A: 3, alpha: 0.5}."),
        Parameter(
            "inputs", .any,
            """
            Values of each input, a list or {from, to, step} or {from, to, points} (log-spaced); \
            several inputs are crossed.
            """),
        Parameter(
            "noise", .number(from: 0, to: 10), default: 0, "Standard deviation of log y, normal."),
        Parameter("replicates", .integer(1...100_000), default: 1, "Draws at each place."),
    ]

    let form: any LawForm
    let natural: [Double]
    let x: [[Double]]
    let noise: Double
    private let truth: [Double]

    init(_ parameters: Parameters) throws {
        guard
            let form = NamedForms.form(
                parameters.text("form"), breaks: parameters.integer("breaks"))
        else { throw FormatError("no form `\(parameters.text("form"))`") }
        self.form = form
        natural = try form.parameters.map { one in
            guard let value = parameters.value("parameters")[one.name]?.double else {
                throw FormatError("parameters: expected a number for \(one.name)")
            }
            return value
        }
        let columns = try form.inputs.map { role in
            try InputGrid.values(parameters.value("inputs")[role], of: "inputs: \(role)")
        }
        var rows = InputGrid.crossed(columns)
        let count = parameters.integer("replicates")
        rows = rows.flatMap { row in (0..<count).map { _ in row } }
        x = form.inputs.indices.map { place in rows.map { $0[place] } }
        noise = parameters.number("noise")
        truth = form.predict(
            natural, x, LawScale(inputs: form.inputs.map { _ in 0 }, output: 0))
    }

    /// y at every point; the same seed and index give the same noise.
    func draw(seed: UInt64, index: Int) -> [Double] {
        if noise == 0 { return truth }
        var stream = RandomStream(seed: seed, purpose: "noise", index: UInt64(index))
        return truth.map { $0 * Elementary.exp(noise * stream.normal()) }
    }
}
