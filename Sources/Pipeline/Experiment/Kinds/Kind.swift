package import Canon

/// What a stage does, as a value: the contract that experiment files are checked against, that
/// `bitlaw kinds` and `bitlaw schema` print, and whose name and version enter every action key.
///
/// ```swift
/// let kind = Kind(
///     name: "mylab.distance", version: 1,
///     summary: "Walks at random on a square lattice, and tells how far it came.",
///     source: "our own choice",
///     parameters: [Parameter("steps", .integer(1...1_000_000), "How many steps.")],
///     outputs: [OutputPort("walk", fileName: "walk.json", "steps; distance.")],
///     isRandom: true)
/// ```
public struct Kind: Sendable {
    /// The name in an experiment file, such as `spiral.sample`.
    public let name: String
    /// "Same key, same bits": raised whenever the same key would give other bits.
    public let version: Int
    /// One sentence: what the stage does.
    public let summary: String
    /// Where the method comes from: paper and equation, or "our own choice".
    public let source: String
    /// The parameters, in the order of the documentation.
    public let parameters: [Parameter]
    /// The named inputs.
    public let inputs: [InputPort]
    /// The named outputs; the first is the one that an input without a name means.
    public let outputs: [OutputPort]
    /// Whether the stage draws random numbers: then its derived seed is part of the key.
    public let isRandom: Bool
    /// Whether an action with these parameters is given its seed; `nil` where each one is.
    package let asksForSeed: (@Sendable ([String: JSON]) -> Bool)?
    /// Whether the stage multiplies matrices: then the numerics profile is part of the key.
    public let usesProfile: Bool
    /// Whether the output is a file from elsewhere whose digest the experiment pins: an audit takes it
    /// as it is, and the place that it comes from is no part of its key.
    package let isDownload: Bool
    /// Whether the outputs tell something of the machine, such as a time: then the machine is part of
    /// the key, no other machine takes them, and an audit does not repeat them.
    public let isMeasurement: Bool
    /// Whether the stage starts a program that the experiment's author names: a repair asks before it
    /// does, and a bundle tells how to start it without Bitlaw.
    package let runsForeignProgram: Bool
    /// Whether it tells from which actions its inputs came: then their names are part of the key.
    public let namesProducers: Bool
    /// Whether its stages name their inputs and outputs themselves.
    package let isOpen: Bool

    /// Describes a kind.
    ///
    /// - Parameters:
    ///   - name: what `kind:` says in an experiment file.
    ///   - version: raise it whenever the same key would give other bits.
    ///   - summary: one sentence: what the stage does.
    ///   - source: paper and equation, or "our own choice".
    ///   - parameters: in the order of the documentation.
    ///   - inputs: what arrives.
    ///   - outputs: what the stage writes, at least one; the first is meant where no name is given.
    ///   - isRandom: whether the stage reads ``StageContext/seed``.
    ///   - usesProfile: whether it reads ``StageContext/arithmetic``.
    ///   - isMeasurement: whether outputs tell of the machine, such as a time.
    ///   - namesProducers: whether outputs depend on ``StageInput/producer``, as those of a page do.
    public init(
        name: String, version: Int, summary: String, source: String,
        parameters: [Parameter] = [], inputs: [InputPort] = [], outputs: [OutputPort],
        isRandom: Bool = false, usesProfile: Bool = false, isMeasurement: Bool = false,
        namesProducers: Bool = false
    ) {
        self.init(
            name: name, version: version, summary: summary, source: source, parameters: parameters,
            inputs: inputs, outputs: outputs, isRandom: isRandom, asksForSeed: nil,
            usesProfile: usesProfile, isMeasurement: isMeasurement, runsForeignProgram: false,
            namesProducers: namesProducers)
    }

    /// Describes a kind of the engine: a program's, a download, one whose stages name their ports.
    package init(
        name: String, version: Int, summary: String, source: String,
        parameters: [Parameter] = [], inputs: [InputPort] = [], outputs: [OutputPort],
        isRandom: Bool = false, asksForSeed: (@Sendable ([String: JSON]) -> Bool)? = nil,
        usesProfile: Bool = false, isDownload: Bool = false,
        isMeasurement: Bool = false, runsForeignProgram: Bool,
        namesProducers: Bool = false, isOpen: Bool = false
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.source = source
        self.parameters = parameters
        self.inputs = inputs
        self.outputs = outputs
        self.isRandom = isRandom
        self.asksForSeed = asksForSeed
        self.usesProfile = usesProfile
        self.isDownload = isDownload
        self.isMeasurement = isMeasurement
        self.runsForeignProgram = runsForeignProgram
        self.namesProducers = namesProducers
        self.isOpen = isOpen
    }

    /// The same kind with the inputs of these names, and with these outputs.
    package func fitted(inputs names: [String], outputs: [OutputPort]) -> Kind {
        copy(name, version, inputs: ports(names), outputs: outputs)
    }

    /// The same kind under another name and version.
    func named(_ name: String, version: Int) -> Kind {
        copy(name, version, inputs: inputs, outputs: outputs)
    }

    private func ports(_ names: [String]) -> [InputPort] {
        let ports = names.map {
            InputPort(
                $0, "what the program finds in inputs/\($0)", isOptional: true, isCollection: true,
                takesSeveralStages: true)
        }
        return ports + [ProgramParameters.files]
    }

    private func copy(
        _ name: String, _ version: Int, inputs: [InputPort], outputs: [OutputPort]
    ) -> Kind {
        Kind(
            name: name, version: version, summary: summary, source: source, parameters: parameters,
            inputs: inputs, outputs: outputs, isRandom: isRandom, asksForSeed: asksForSeed,
            usesProfile: usesProfile, isDownload: isDownload, isMeasurement: isMeasurement,
            runsForeignProgram: runsForeignProgram, namesProducers: namesProducers,
            isOpen: isOpen)
    }

    /// The output of a name; `nil` where it has none.
    package func output(_ name: String) -> OutputPort? { outputs.first { $0.name == name } }

    /// The inputs that a stage gives; those of a program's files come with `files`.
    package var givenInputs: [InputPort] {
        runsForeignProgram ? inputs.filter { $0.name != InputPort.programFiles } : inputs
    }

    /// Name and version, as lock files and reports say them: `law.fit/1`.
    public var versionedName: String { "\(name)/\(version)" }
}
