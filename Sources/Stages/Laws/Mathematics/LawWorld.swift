import Canon
import Experiment
import Numerics
import System
import Workbench

/// A law with true parameters, a grid of inputs, and noise.
struct LawWorld {
    /// What the runs of one cluster have in common.
    enum Clusters: String, CaseIterable {
        /// Nothing: every run varies by itself.
        case none
        /// The place of the inputs: its replicates share a deviation.
        case places
        /// The number of the replicate: it shares a deviation at all places.
        case replicates
    }

    static let parameters = [
        NamedForms.parameter(),
        Parameter("breaks", .integer(0...4), default: 1, "Breaks of the form `broken`."),
        Parameter("parameters", .any, "The true parameters, such as {E: 0.1, A: 3, alpha: 0.5}."),
        Parameter(
            "inputs", .any,
            """
            Values of each input, a list or {from, to, step} or {from, to, points} (log-spaced); \
            several inputs are crossed. Their names are the columns of a formula.
            """),
        Parameter(
            "noise", .number(from: 0, to: 10), default: 0, "Standard deviation of log y, normal."),
        Parameter(
            "noise_factor", .text, default: "",
            "An expression over the inputs that the noise is multiplied with, such as (x/1000)^-0.4."
        ),
        Parameter(
            "clusters", .choice(Clusters.allCases.map { $0.rawValue }), default: "none",
            "Which runs share a deviation: replicates of a place, or one replicate of all places."),
        Parameter(
            "between", .number(from: 0, to: 10), default: 0,
            "Standard deviation of log y that a cluster shares, normal."),
        Parameter("replicates", .integer(1...100_000), default: 1, "Draws at each place."),
    ]

    let form: any LawForm
    let natural: [Double]
    let x: [[Double]]
    /// The cluster of every row; `nil` without clusters.
    let cluster: [Int]?
    private let noise: [Double]
    private let between: Double
    private let truth: [Double]

    init(_ parameters: Parameters) throws {
        let form = try LawWorld.form(parameters)
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
        let places = InputGrid.crossed(columns)
        let count = parameters.integer("replicates")
        let rows = places.flatMap { row in (0..<count).map { _ in row } }
        x = form.inputs.indices.map { place in rows.map { $0[place] } }
        let factor = try LawWorld.factor(parameters.text("noise_factor"), form)
        noise = try rows.map { parameters.number("noise") * (try factor($0)) }
        between = parameters.number("between")
        switch Clusters(rawValue: parameters.text("clusters")) ?? .none {
        case .none:
            guard between == 0 else {
                throw FormatError(
                    "between: expected `clusters: places` or `clusters: replicates` beside it, found none"
                )
            }
            cluster = nil
        case .places: cluster = rows.indices.map { $0 / count }
        case .replicates: cluster = rows.indices.map { $0 % count }
        }
        truth = form.predict(natural, x, LawWorld.units(form))
    }

    /// A form by name, or a formula over the inputs.
    private static func form(_ parameters: Parameters) throws -> any LawForm {
        let text = parameters.text("form")
        if let named = NamedForms.form(text, breaks: parameters.integer("breaks")) { return named }
        let inputs = JSON.sorted((parameters.value("inputs").members ?? [:]).keys)
        let form = try UserFormula(text, columns: inputs).form
        for name in inputs where !form.inputs.contains(name) {
            throw FormatError(
                "inputs: `\(name)` is not in the formula `\(text)`; its inputs are "
                    + form.inputs.joined(separator: ", "))
        }
        return form
    }

    /// Units in which coordinates are natural parameters.
    private static func units(_ form: any LawForm) -> LawScale {
        LawScale(inputs: form.inputs.map { _ in 0 }, output: 0)
    }

    /// A positive function of the inputs that is written as an expression.
    static func factor(
        _ text: String, _ form: any LawForm
    ) throws -> ([Double]) throws -> Double {
        if text.isEmpty { return { _ in 1 } }
        let expression = try Expression.parse(text)
        return { place in
            let names = Dictionary(
                uniqueKeysWithValues: zip(form.inputs, place.map { JSON.number($0) }))
            guard let value = try expression.value(names).double, value > 0 else {
                throw FormatError(
                    "`\(text)`: expected a positive number at "
                        + place.map { JSON.number($0).canonicalText }.joined(separator: ", "))
            }
            return value
        }
    }

    /// y at every point; the same seed and index give the same noise.
    func draw(seed: UInt64, index: Int) -> [Double] {
        var deviations = truth.map { _ in 0.0 }
        if noise.contains(where: { $0 > 0 }) {
            var stream = RandomStream(seed: seed, purpose: "noise", index: UInt64(index))
            for row in truth.indices { deviations[row] = noise[row] * stream.normal() }
        }
        if let cluster, between > 0 {
            var stream = RandomStream(seed: seed, purpose: "clusters", index: UInt64(index))
            let shared = (0...(cluster.max() ?? 0)).map { _ in between * stream.normal() }
            for row in truth.indices { deviations[row] += shared[cluster[row]] }
        }
        return zip(truth, deviations).map { $1 == 0 ? $0 : $0 * Elementary.exp($1) }
    }

    /// The law at another place, and a new run there, of a cluster of its own.
    func newRun(
        at place: [Double], factor: Double, seed: UInt64, index: Int
    ) -> (truth: Double, run: Double) {
        let truth = form.predict(natural, place.map { [$0] }, LawWorld.units(form))[0]
        var stream = RandomStream(seed: seed, purpose: "new run", index: UInt64(index))
        let deviation = factor * stream.normal() + between * stream.normal()
        return (truth, truth * Elementary.exp(deviation))
    }
}
