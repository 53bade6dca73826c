import Canon
import Experiment
import Workbench

/// The parameters that several kinds of flows share.
enum FlowParameters {
    static let layers = Parameter("layers", .integer(1...8), default: 1, "Layers of the flow.")
    static let batch = Parameter("batch", .integer(1...1_000_000), default: 100, "Data of a step.")
    static let slope = Parameter(
        "slope", .number(from: 0, to: 1, openLow: true), default: 0.3,
        "Slope α at −∞ of the leaky ReLU between layers.")
    static let density = Parameter(
        "density", .choice(SourceDensity.allCases.map { $0.rawValue }), default: "sech",
        "Density of sources, 1/(π cosh s) or the logistic one.")
    static let dimensions = Parameter(
        "dimensions", .list(.integer(2...8192), count: 1...100), "Dimensions d of a datum.")

    static func density(_ parameters: Parameters) throws -> SourceDensity {
        guard let density = SourceDensity(rawValue: parameters.text("density")) else {
            throw FormatError("density: no such density: \(parameters.text("density"))")
        }
        return density
    }
}
