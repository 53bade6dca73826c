import System
import TestSupport

/// The Swift files of the repository, as text: what the tests of the house read.
struct SourceTree {
    /// One file.
    struct File {
        /// The path from `Sources`, such as `Pipeline/Run/Engine/Engine.swift`.
        let path: String
        /// The lines as they are.
        let lines: [Substring]
        /// The lines without comments and without what stands between quotation marks.
        let code: [String]

        /// The folder, from `Sources`.
        var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

        /// The target: the rooms `Numerics` and `bitlaw` are one each, the others hold several.
        var target: String {
            let parts = path.split(separator: "/").map(String.init)
            return ["Numerics": "Numerics", "bitlaw": "BitlawProgram"][parts[0]] ?? parts[1]
        }

        /// The modules that it imports.
        var imports: [String] {
            code.compactMap { line in
                let words = line.split(separator: " ")
                guard let start = words.firstIndex(of: "import"), start < 3,
                    words.count == start + 2
                else { return nil }
                return String(words[start + 1])
            }
        }

        /// The types that it declares, nested ones too.
        var declaredTypes: Set<String> { Set(code.flatMap { SourceTree.types(declaredIn: $0) }) }

        /// The types that it declares outside any other.
        var topLevelTypes: Set<String> {
            Set(code.filter { !$0.hasPrefix(" ") }.flatMap { SourceTree.types(declaredIn: $0) })
        }

        /// Every word that begins with a capital letter.
        var capitalisedWords: Set<String> {
            var words: Set<String> = []
            for line in code {
                for word in line.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }
                )
                where word.first?.isUppercase == true {
                    words.insert(String(word))
                }
            }
            return words
        }
    }

    /// The files below `Sources`, ordered by path.
    let files: [File]

    /// Reads every Swift file below `Sources`.
    init() throws {
        var found: [File] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let absolute = "\(Repository.root)/Sources/\(folder)"
            for name in try namesInFolder(absolute) {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                if name.hasSuffix(".swift") {
                    let bytes = try readWholeFile("\(absolute)/\(name)") ?? []
                    found.append(File(path: path, text: String(decoding: bytes, as: UTF8.self)))
                } else if !name.contains(".") {
                    folders.append(path)
                }
            }
        }
        files = found.sorted { $0.path < $1.path }
    }

    /// The names of the types that a line declares.
    fileprivate static func types(declaredIn line: String) -> [String] {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let keywords: Set<Substring> = [
            "struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype",
        ]
        return zip(words, words.dropFirst())
            .filter { keywords.contains($0) && $1.first?.isUppercase == true }
            .map { String($1) }
    }
}

extension SourceTree.File {
    fileprivate init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var isInText = false
        code = lines.map { line in
            let isMark = line.contains("\"\"\"")
            defer { if isMark { isInText.toggle() } }
            return isInText || isMark ? "" : Self.withoutTextAndComments(line)
        }
    }

    /// A line up to its comment, with every quoted text empty; what `\( )` puts into a text stays.
    private static func withoutTextAndComments(_ line: Substring) -> String {
        var kept = ""
        // How deep in parentheses each text that is open was interrupted.
        var interruptions: [Int] = []
        var isInText = false
        var previous: Character = " "
        for character in line {
            if isInText {
                if previous == "\\" && character == "(" {
                    interruptions.append(0)
                    isInText = false
                    kept.append(" ")
                } else if character == "\"" && previous != "\\" {
                    isInText = false
                }
                previous = previous == "\\" && character == "\\" ? " " : character
                continue
            }
            if previous == "/" && character == "/" { return String(kept.dropLast()) }
            if character == "\"" { isInText = true }
            if character == "(", !interruptions.isEmpty {
                interruptions[interruptions.count - 1] += 1
            }
            if character == ")", let depth = interruptions.last {
                if depth == 0 {
                    interruptions.removeLast()
                    isInText = true
                    previous = " "
                    kept.append(" ")
                    continue
                }
                interruptions[interruptions.count - 1] -= 1
            }
            if character != "\"" { kept.append(character) }
            previous = character
        }
        return kept
    }
}
