import ArgumentParser
import Canon
import Evidence

/// Compares the numbers of Markdown pages with claims.
struct CompareClaimedTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Compare the numbers of Markdown pages with the claims that they are bound to.",
        discussion: """
            Between <!-- claims FILE: NAMES --> and <!-- end of claims --> every number has to be the \
            value of the next claim named; `prefix*` names all that begin so, and `| columns A, B` behind \
            the names means these columns of a table. Whether the claims hold is for `claims check`. \
            Exit code 4 where a number is not as claimed.

            EXAMPLE
              bitlaw claims text docs/LAWS.md docs/COMPUTE-OPTIMAL.md
            """)

    @Argument(help: "Markdown pages.", completion: .file(extensions: ["md"]))
    var pages: [String]

    @Flag(name: .long, help: DocumentForm.help)
    var json = false

    func run() throws {
        let texts = try pages.map { try ClaimedText(path: $0) }
        if json {
            Output.documents(
                texts.map {
                    [
                        "page": .string($0.path), "asClaimed": .number(Double($0.count)),
                        "problems": .array($0.problems.map { .string($0) }),
                    ]
                }, .claimsText)
        } else {
            for text in texts {
                for problem in text.problems { Output.line(problem) }
                let numbers = counted(text.count, "number is", "numbers are")
                Output.line("\(text.path): \(numbers) as claimed")
            }
        }
        if texts.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(Code.difference) }
    }
}
