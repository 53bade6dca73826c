package import Canon

/// What a stage does, as a value: the contract that experiment files are checked against, that
/// `bitlaw kinds` and `bitlaw schema` print, and whose name and version enter every action key.
package struct Kind: Sendable {
    /// The name in an experiment file, such as `spiral.sample`.
    package let name: String
    /// "Same key, same bits": raised whenever the same key would give other bits.
    package let version: Int
    /// One sentence: what the stage does.
    package let summary: String
    /// Where the method comes from: paper and equation, or "our own choice".
    package let source: String
    /// The parameters, in the order of the documentation.
    package let parameters: [Parameter]
    /// The named inputs.
    package let inputs: [InputPort]
    /// The named outputs; the first is the one that an input without a name means.
    package let outputs: [OutputPort]
    /// Whether the stage draws random numbers: then its derived seed is part of the key.
    package let isRandom: Bool
    /// Whether the stage multiplies matrices: then the numerics profile is part of the key.
    package let usesProfile: Bool
    /// Whether the output is a file from elsewhere whose digest the experiment pins: an audit takes it
    /// as it is, and the place that it comes from is no part of its key.
    package let isDownload: Bool
    /// Whether the outputs tell something of the machine, such as a time: then the machine is part of
    /// the key, no other machine takes them, and an audit does not repeat them.
    package let isMeasurement: Bool

    /// Describes a kind.
    package init(
        name: String, version: Int, summary: String, source: String,
        parameters: [Parameter] = [], inputs: [InputPort] = [], outputs: [OutputPort],
        isRandom: Bool = false, usesProfile: Bool = false, isDownload: Bool = false,
        isMeasurement: Bool = false
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.source = source
        self.parameters = parameters
        self.inputs = inputs
        self.outputs = outputs
        self.isRandom = isRandom
        self.usesProfile = usesProfile
        self.isDownload = isDownload
        self.isMeasurement = isMeasurement
    }
}

/// A parameter of a kind.
package struct Parameter: Sendable {
    /// The name under `params:`.
    package let name: String
    /// What values it takes.
    package let type: ParameterType
    /// The value where the file gives none; `nil` when the file must give one.
    package let defaultValue: JSON?
    /// The unit of the value, or empty.
    package let unit: String
    /// Whether another value gives another key; not so for what the result cannot depend on, such as
    /// the place of a file whose digest is given.
    package let isInKey: Bool
    /// One sentence.
    package let summary: String

    /// Describes a parameter.
    package init(
        _ name: String, _ type: ParameterType, default defaultValue: JSON? = nil,
        unit: String = "", isInKey: Bool = true, _ summary: String
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.unit = unit
        self.isInKey = isInKey
        self.summary = summary
    }
}

/// The values that a parameter takes.
package indirect enum ParameterType: Sendable {
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// A finite number in a range; a bound that is not itself allowed is marked open.
    case number(from: Double, to: Double, openLow: Bool = false, openHigh: Bool = false)
    /// `true` or `false`.
    case boolean
    /// Any text.
    case text
    /// One of the names.
    case choice([String])
    /// A list whose elements all have one type.
    case list(ParameterType, count: ClosedRange<Int>)
    /// The type, or `null`.
    case optional(ParameterType)
    /// Any JSON value; the kind checks it when it runs.
    case any
}

/// A named input of a kind.
package struct InputPort: Sendable {
    /// The name under `inputs:`.
    package let name: String
    /// One sentence: what arrives, and in which format.
    package let summary: String
    /// Whether the file may leave it out.
    package let isOptional: Bool
    /// Whether it takes any number of actions (then it always arrives as a list).
    package let isCollection: Bool
    /// Whether the file may give a list of stages here (they arrive one after the other).
    package let takesSeveralStages: Bool

    /// Describes an input.
    package init(
        _ name: String, _ summary: String, isOptional: Bool = false, isCollection: Bool = false,
        takesSeveralStages: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.isOptional = isOptional
        self.isCollection = isCollection
        self.takesSeveralStages = takesSeveralStages
    }
}

/// A named output of a kind: one file, stored by its content.
package struct OutputPort: Sendable {
    /// The name in `stage/output`, such as `weights`.
    package let name: String
    /// The file that `export` writes, such as `weights.safetensors`; its extension is the format.
    package let fileName: String
    /// One sentence.
    package let summary: String

    /// Describes an output.
    package init(_ name: String, fileName: String, _ summary: String) {
        self.name = name
        self.fileName = fileName
        self.summary = summary
    }
}
