import Canon

/// An experiment file as it was written, checked for its form but not yet resolved.
struct ExperimentSyntax {
    struct Axis {
        let name: YAMLKey
        let values: [Value]
        /// Whether it varies the seed: replicates do, everything else shares its random numbers.
        let isReplicate: Bool
    }

    enum Input {
        /// `isPartial`: what did not end well is left out.
        case stage(String, output: String?, isPartial: Bool = false, Place)
        /// A file of the project; where `${…}` stands in the path, each action may have another.
        case file(YAMLValue)
        case fixed(url: String, sha256: String, Place)
    }

    /// What a stage gives one of its ports.
    struct PortInputs {
        let port: InputPort
        let place: Place
        let inputs: [Input]
        /// Whether they are written as a list.
        let isList: Bool
    }

    struct Stage {
        let name: YAMLKey
        let kind: Kind
        let over: [String]
        let inputs: [PortInputs]
        let parameters: [(parameter: Parameter, value: YAMLValue)]
        /// What the file of its kind says of its program.
        let program: [(parameter: Parameter, value: YAMLValue)]
        let condition: (expression: Expression, value: YAMLValue)?
        let stream: String
        let rules: StageRules
        /// Where it says `freeze: true`.
        let freeze: Place?

        /// Where it, or the file of its kind, says something of its program.
        func written(_ name: String) -> YAMLValue? {
            (program + parameters).first { $0.parameter.name == name }?.value
        }
    }

    var name = ""
    var seed: UInt64 = 0
    var constants = Names()
    var axes: [Axis] = []
    var stages: [Stage] = []
    /// Stages with a mistake that has been told: naming them is no mistake of its own.
    var brokenStages: Set<String> = []
}
