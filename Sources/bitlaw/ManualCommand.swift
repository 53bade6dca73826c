import ArgumentParser
import Canon
import System

/// Writes the pages for `man`; `make install` calls it.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the manual pages into a folder.",
        shouldDisplay: false)

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    func run() throws {
        try makeFolder(folder)
        for page in ManualPage.all(try JSON(parsing: Bitlaw._dumpHelp())["command"] ?? .null) {
            try writeWholeFile(Array(page.text.utf8), to: "\(folder)/\(page.name).1", .none)
        }
    }
}
