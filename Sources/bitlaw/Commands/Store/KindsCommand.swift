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

    @Argument(help: "A kind.", completion: .list(allKinds.kinds.map { $0.name }))
    var name: String?

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    func run() throws {
        guard let name else {
            if json {
                Output.line(
                    JSON.array(allKinds.kinds.map(KindDocumentation.json)).canonicalText)
                return
            }
            let width = allKinds.kinds.map { $0.name.count }.max() ?? 0
            for kind in allKinds.kinds {
                let pad = String(repeating: " ", count: width - kind.name.count)
                Output.line("\(kind.name)\(pad)  \(kind.summary)")
            }
            return
        }
        guard let kind = allKinds.kind(name) else {
            var text = "unknown kind `\(name)`"
            if let nearest = nearestName(to: name, among: allKinds.kinds.map { $0.name }) {
                text += "\n  did you mean `\(nearest)`?"
            }
            throw UsageError(text: text + "\n  expected: a name that `bitlaw kinds` lists")
        }
        if json {
            Output.line(KindDocumentation.json(kind).canonicalText)
        } else {
            Output.write(KindDocumentation.text(kind))
        }
    }
}
