import ArgumentParser
import Canon
import Glibc
import LocalStore
import System

/// Puts files into the store, so that pinned sources need no network.
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract:
            "Put files into the store under their SHA-256; pinned sources then need no network.",
        discussion: """
            What is added stays until `bitlaw gc --drop-added`.

            EXAMPLE
              bitlaw add ~/Downloads/svg_extracted_data.csv
            """)

    @OptionGroup var common: StoreOptions

    @Argument(help: "The files that the store keeps from now on.", completion: .file())
    var files: [String]

    func run() throws {
        let files = files + TrailingWords.own.files
        let paths = files.map(ProjectFolder.absolute)
        try common.enter()
        let store = try common.open(project: try Consent.project(of: "./x"))
        let taken = try AddedFiles(store, expecting: paths.count) { [common] added in
            tell(added, files[added.place], common)
        }
        do {
            for (file, path) in zip(files, paths) {
                try check(file, path)
                try taken.add(fileAt: path)
            }
        } catch {
            // What came before a bad one stays added.
            try taken.finish()
            throw error
        }
        try taken.finish()
    }

    private func check(_ file: String, _ path: String) throws {
        guard unsafe access(path, R_OK) == 0 else {
            throw UsageError(
                text: "\(file): no such file, or not readable\n  expected: the path of a plain file"
            )
        }
        guard !ProjectFolder.isFolder(path) else {
            throw UsageError(
                text: "\(file): expected a file, found a folder; name the files in it")
        }
    }
}

/// Says that a file is in the store now.
private func tell(_ added: AddedFiles.Added, _ file: String, _ options: StoreOptions) {
    if options.json {
        Output.document(
            [
                "file": .string(file), "sha256": .string(added.digest.hex),
                "size": .number(Double(added.size)),
            ], .add)
    } else if !options.quiet {
        Output.line("\(added.digest.hex)  \(file)  (\(ByteCount.text(added.size)))")
    }
}
