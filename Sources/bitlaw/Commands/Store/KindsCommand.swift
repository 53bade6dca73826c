import ArgumentParser
import Canon
import Experiment

/// Documents the kinds.
struct KindsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds",
        abstract: "List the kinds of stages, or document one.",
        discussion: """
            The list has the kinds of the project in the current folder too, kinds/NAME.yaml. --golden runs \
            their examples anew and compares the bits with those in kinds/NAME.yaml.lock.

            EXAMPLE
              bitlaw kinds law.fit
              bitlaw kinds --golden             # exit code 4 where bits moved
              bitlaw kinds ridge --golden --record
            """)

    @Argument(help: "The kind, such as law.fit.", completion: .custom { _, _, _ in kindNames() })
    var name: String?

    @Flag(name: .long, help: DocumentForm.help)
    var json = false

    @Flag(help: "Run the examples of the project's kinds, and compare with their pinned bits.")
    var golden = false

    @Flag(help: "With --golden: pin the bits.")
    var record = false

    func validate() throws {
        if record && !golden { throw ValidationError("--record goes with --golden") }
        if golden && json { throw ValidationError("--golden prints text alone") }
    }

    func run() throws {
        let own = try ProjectKinds()
        if golden { return try compareBits(own) }
        guard let name else {
            if json {
                Output.documents(
                    (allKinds.kinds + (try own.all()).map { $0.kind }).map(KindDocumentation.json),
                    .kinds)
            } else {
                try showAll(own)
            }
            return
        }
        let file = try own.file(name)
        guard let kind = file?.kind ?? allKinds.kind(name) else { throw unknown(name, own) }
        let example = try file.map { $0.example } ?? KindExample().text(of: name)
        if json {
            var document = KindDocumentation.json(kind).members ?? [:]
            document["example"] = example.map { .string($0) } ?? .null
            Output.document(.object(document), .kinds)
            return
        }
        Output.write(TerminalWidth.wrapped(KindDocumentation.text(kind), to: TerminalWidth.of(1)))
        if let example { Output.write("\nexample, a file that runs:\n\n\(example)") }
    }

    private func unknown(_ name: String, _ own: ProjectKinds) -> UsageError {
        let all = (golden ? [] : allKinds.kinds.map { $0.name }) + own.names
        var text = "unknown kind `\(name)`"
        if let nearest = nearestName(to: name, among: all) {
            text += "\n  did you mean `\(nearest)`?"
        }
        let expected =
            golden
            ? "a kind that a file of the project describes, \(KindFile.path(of: "NAME"))"
            : "a name that `bitlaw kinds` lists"
        return UsageError(text: "\(text)\n  expected: \(expected)")
    }

    /// Runs the examples of the project's kinds.
    private func compareBits(_ own: ProjectKinds) throws {
        let files = try name.map { [try own.file($0)] } ?? own.all()
        var worst = GoldenExample.Verdict.asPinned
        for file in files {
            guard let file else { throw unknown(name ?? "", own) }
            let verdict = try GoldenExample.check(file, in: own.project, isRecording: record)
            if verdict.rawValue > worst.rawValue { worst = verdict }
        }
        if files.isEmpty {
            Output.line("this project describes no kinds: there is no \(KindFile.path(of: "NAME"))")
        }
        if worst != .asPinned { throw ExitCode(worst.rawValue) }
    }

    /// Lists the kinds by their subjects.
    private func showAll(_ own: ProjectKinds) throws {
        let columns = TerminalWidth.of(1)
        let described = try own.all().map { $0.kind }
        let width = 4 + ((allKinds.kinds + described).map { $0.name.count }.max() ?? 0)
        let subjects =
            kindSubjects + AddedKinds.subjects
            + (described.isEmpty ? [] : [("This project, in \(KindFile.folder)/", described)])
        for (number, subject) in subjects.enumerated() {
            Output.lines("\(number > 0 ? "\n" : "")\(subject.title)")
            for kind in subject.kinds {
                let lead = "  \(kind.name)"
                let pad = String(repeating: " ", count: width - lead.count)
                Output.lines(
                    TerminalWidth.wrapped(
                        "\(lead)\(pad)\(kind.summary)", hanging: width, to: columns))
            }
        }
        Output.lines("\nbitlaw kinds KIND documents one, with an example that runs")
    }
}

/// The names of all kinds, those of the project in the current folder among them.
private func kindNames() -> [String] {
    allKinds.kinds.map { $0.name } + ((try? ProjectKinds())?.names ?? [])
}
