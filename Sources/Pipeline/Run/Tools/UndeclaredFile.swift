import Canon
import System

/// A file that a program looked for in vain, that stands in the project, and that its stage does not declare.
///
/// Interpreters and shells say in words of their own which file they did not find; the last lines of a log
/// are searched for these.
package struct UndeclaredFile: Equatable, Sendable {
    /// Its path below the project.
    package let name: String

    /// The most lines of a log that are searched, from its end.
    private static let mostLines = 40

    /// Finds it in the end of a log; `nil` where the program did not fail for want of such a file.
    ///
    /// - Parameters:
    ///   - log: the last lines that the program wrote.
    ///   - project: the project's folder, which some programs name.
    ///   - exists: whether the project has a file at a path, or a folder at one that ends in `/`, that the
    ///     stage does not declare.
    package init?(in log: String, project: String, exists: (_ name: String) -> Bool) {
        let lines = log.split(whereSeparator: \.isNewline).suffix(UndeclaredFile.mostLines)
        let folders = UndeclaredFile.folders(in: lines, project)
        for line in lines.reversed() {
            let found =
                UndeclaredFile.modules(in: line).flatMap { module in
                    folders.flatMap { UndeclaredFile.files(ofModule: module, in: $0) }
                }
                + UndeclaredFile.paths(in: line).compactMap { UndeclaredFile.below(project, $0) }
                .flatMap { $0.hasSuffix("/") ? [$0] : [$0, $0 + "/"] }
            if let name = found.first(where: exists) {
                self.name = name
                return
            }
        }
        return nil
    }

    /// What to do about it.
    package var hint: String {
        let shown = visible(name)
        let kind = name.hasSuffix("/") ? "folder" : "file"
        return
            "\(shown) stands in the project, but the stage does not declare this \(kind): add it to "
            + "`files: [\(shown)]`"
    }

    // MARK: What programs say

    /// Words by which programs say that there is no such file.
    private static let complaints = [
        "No such file", "not found", "an't open", "annot open", "annot find", "ould not open",
        "annot access", "does not exist", "annot load", "not exist",
    ]

    /// Words that stand before a path without quotes.
    private static let verbs = [
        "can't open file ", "can't open ", "cannot open file ", "cannot open ",
        "could not open file ",
        "cannot access ", "Cannot find module ", "Can't open perl script ",
    ]

    /// The paths that a line may complain of: what stands in quotes, and between colons.
    private static func paths(in line: Substring) -> [String] {
        guard complaints.contains(where: line.contains) else { return [] }
        let pieces = line.split(separator: ": ").map { piece -> String in
            let verb = verbs.first { piece.hasPrefix($0) } ?? ""
            return String(piece.dropFirst(verb.count))
        }
        return (quoted(in: line) + pieces).filter { !$0.isEmpty }
    }

    /// What stands in quotes; an apostrophe within a word is none.
    private static func quoted(in line: Substring) -> [String] {
        let closings: [Character: Character] = ["'": "'", "\"": "\"", "`": "'", "‘": "’", "“": "”"]
        var found: [String] = []
        var rest = line
        var last: Character = " "
        while let first = rest.popFirst() {
            if let closing = closings[first], !last.isLetter, let end = rest.firstIndex(of: closing)
            {
                found.append(String(rest[..<end]))
                rest = rest[rest.index(after: end)...]
            }
            last = first
        }
        return found
    }

    /// The modules of Python, or packages of R, that a line says are missing.
    private static func modules(in line: Substring) -> [String] {
        guard let range = line.firstRange(of: "No module named ") else { return [] }
        let rest = line[range.upperBound...]
        let name = rest.prefix { $0 != ";" && $0 != " " }.filter { $0 != "'" && $0 != "\"" }
        return name.isEmpty ? [] : [name]
    }

    /// What a module's name stands for, in a folder: itself, or the package that it is in.
    private static func files(ofModule module: String, in folder: String) -> [String] {
        let parts = module.split(separator: ".")
        guard let top = parts.first else { return [] }
        let path = parts.joined(separator: "/")
        return ["\(path).py", "\(top).py", "\(top)/"].map { folder + $0 }
    }

    /// Where modules are looked for: the project's folder, and those of the scripts that a traceback names.
    private static func folders(in lines: ArraySlice<Substring>, _ project: String) -> [String] {
        let scripts = lines.compactMap { line -> String? in
            guard let start = line.firstRange(of: "File \""),
                let name = below(project, String(line[start.upperBound...].prefix { $0 != "\"" })),
                let slash = name.lastIndex(of: "/")
            else { return nil }
            return String(name[...slash])
        }
        return ToolSource.distinct([""] + scripts)
    }

    /// A path as it is below the project; `nil` for one that is elsewhere.
    private static func below(_ project: String, _ path: String) -> String? {
        var rest = path[...]
        for lead in ["\(project)/", "\(Sandbox.workFolder)/"] where rest.hasPrefix(lead) {
            rest = rest.dropFirst(lead.count)
        }
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        let isBelow =
            !rest.isEmpty && !rest.hasPrefix("/") && !rest.split(separator: "/").contains("..")
        return isBelow && rest != "." ? String(rest) : nil
    }
}
