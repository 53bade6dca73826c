import ArgumentParser
import Canon
import Experiment

/// Documents the kinds.
struct KindsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds",
        abstract: "List the kinds of stages, or document one.",
        discussion: """
            EXAMPLE
              bitlaw kinds law.fit
            """)

    @Argument(help: "A kind.", completion: .custom { _, _, _ in kindNames() })
    var name: String?

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    func run() throws {
        let own = try ProjectKinds()
        guard let name else {
            if json {
                Output.line(
                    JSON.array((allKinds.kinds + (try own.all())).map(KindDocumentation.json))
                        .canonicalText)
            } else {
                try showAll(own)
            }
            return
        }
        guard let kind = try allKinds.kind(name) ?? own.kind(name) else {
            var text = "unknown kind `\(name)`"
            if let nearest = nearestName(
                to: name, among: allKinds.kinds.map { $0.name } + own.names)
            {
                text += "\n  did you mean `\(nearest)`?"
            }
            throw UsageError(text: text + "\n  expected: a name that `bitlaw kinds` lists")
        }
        let example = try KindExample().text(of: name)
        if json {
            var document = KindDocumentation.json(kind).members ?? [:]
            document["example"] = example.map { .string($0) } ?? .null
            Output.line(JSON.object(document).canonicalText)
            return
        }
        Output.write(TerminalWidth.wrapped(KindDocumentation.text(kind), to: TerminalWidth.of(1)))
        if let example { Output.write("\nexample, a file that runs:\n\n\(example)") }
    }

    /// Lists the kinds by their subjects.
    private func showAll(_ own: ProjectKinds) throws {
        let columns = TerminalWidth.of(1)
        let described = try own.all()
        let width = 4 + ((allKinds.kinds + described).map { $0.name.count }.max() ?? 0)
        let subjects =
            kindSubjects
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
