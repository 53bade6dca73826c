import Canon

/// An output whose path is that of something which the program is given, or holds it, or lies in it.
///
/// What is given is mounted over the work folder: what is written there is another file.
struct OutputClash {
    private let output: ProgramOutputs.Output
    /// What is given there, as the file names it.
    private let given: String
    private let place: Place

    /// Looks for one in a stage.
    ///
    /// - Parameters:
    ///   - stage: the stage.
    ///   - parameters: those of one of its actions.
    ///   - code: the files that its program is given at their own places.
    init?(_ stage: ExperimentSyntax.Stage, _ parameters: [String: JSON], _ code: [ActionInput]) {
        let program = ProgramParameters.of(parameters)
        guard stage.kind.runsForeignProgram,
            let outputs = try? ProgramOutputs(json: program["outputs"] ?? .null).list
        else { return nil }
        let files = code.flatMap { $0.sources }.compactMap { $0.projectPath }
        let tools = (program["tools"]?.members ?? [:]).values.compactMap { $0.text }
        let given =
            files.map { ($0, "`files` has \(visible($0))") }
            + tools.filter { !$0.hasPrefix("/") && !$0.hasPrefix("~") }.sorted().map {
                ($0, "`tools` has \(visible($0))")
            }
        for output in outputs {
            guard let (_, text) = given.first(where: { output.meets($0.0) }) else { continue }
            let written = stage.written("outputs")
            self.output = output
            self.given = text
            place =
                written?.members?.first { $0.key.name == output.name }?.value.place
                ?? written?.place ?? stage.name.place
            return
        }
        return nil
    }

    /// Notes it as a mistake of the file.
    func tell(_ diagnostics: Diagnostics) {
        diagnostics.add(
            "output `\(output.name)` is \(visible(output.path))\(output.isFolder ? "/" : ""), where \(given)",
            place, ["expected: a place of its own for each output"])
    }
}
