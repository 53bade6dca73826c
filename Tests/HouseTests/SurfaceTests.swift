import Glibc
import System
import TestSupport
import Testing

/// What packages of others can name: the surface of `BitlawKit` and `BitlawProgram`.
@Suite struct SurfaceTests {
    private let tree: SourceTree
    private let surface: [SourceTree.PublicDeclaration]

    /// The targets that may have public declarations: what `BitlawKit` exports, and the entry of the program.
    private let rooms: Set<String> = [
        "Canon", "Numerics", "Experiment", "Workbench", "BitlawProgram",
    ]

    /// Types that a kind's author is handed or throws on, and never makes: they need no example.
    private let plain: Set<String> = [
        "DigestFormatError", "JSONError", "NumericsError", "OutputRole", "ParameterType",
        "ElementaryFunction", "KernelScalar", "Kernels", "ProductFinish", "ProductStart",
        "ScalarKernels", "FigureAxis", "FigureCell", "FigureLine", "FigurePanel",
        "FigureReference", "FigureScale", "FigureSeries", "Verdict",
    ]

    init() throws {
        tree = try SourceTree()
        surface = tree.files.flatMap { $0.publicDeclarations }
    }

    @Test func `what is public lies in a room of the kit`() {
        #expect(surface.count > 200)
        for declaration in surface {
            #expect(rooms.contains(declaration.target), "\(declaration.place): \(declaration.text)")
        }
    }

    @Test func `the umbrella exports the rooms of the kit, and nothing else`() throws {
        let file = try #require(
            tree.files.first { $0.path == "Products/BitlawKit/BitlawKit.swift" })
        #expect(Set(file.imports) == rooms.subtracting(["BitlawProgram"]))
    }

    @Test func `the public declarations are those of the page that lists them`() throws {
        let path = "\(Repository.root)/docs/reference/kit.txt"
        let lines = Set(surface.map { "\($0.target): \($0.text)\n" }).sorted { $0.utf8Precedes($1) }
        if unsafe getenv("BITLAW_SURFACE") != nil {
            try writeWholeFile(Array(lines.joined().utf8), to: path, .none)
        }
        let known = String(decoding: try #require(bytesOfFile(path)), as: UTF8.self)
            .split(separator: "\n").map { "\($0)\n" }
        let advice =
            "others build on it; if that is meant: BITLAW_SURFACE=record swift test "
            + "--filter SurfaceTests, and a line in CHANGELOG.md"
        for line in lines where !known.contains(line) {
            Issue.record("new: \(line)\(advice)")
        }
        for line in known where !lines.contains(line) {
            Issue.record("gone: \(line)\(advice)")
        }
    }

    @Test func `a type that a person makes or calls shows an example`() {
        for file in tree.files {
            for type in file.publicTypes where !plain.contains(type) {
                let start = file.code.firstIndex { line in
                    line.hasPrefix("public ") || line.hasPrefix("@safe public ")
                        ? line.split { !$0.isLetter && !$0.isNumber }.contains { $0 == type }
                        : false
                }
                let above = file.lines[..<(start ?? 0)].reversed().prefix { $0.hasPrefix("///") }
                #expect(above.contains { $0 == "/// ```swift" }, "\(file.path): \(type)")
            }
        }
    }
}

extension String {
    fileprivate func utf8Precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension SourceTree {
    /// A declaration that packages of others can name.
    fileprivate struct PublicDeclaration {
        let target: String
        let place: String
        /// The declaration up to its body, below the type that it stands in.
        let text: String
    }
}

extension SourceTree.File {
    /// The public types that stand outside any other.
    fileprivate var publicTypes: [String] {
        code.compactMap { line in
            guard line.hasPrefix("public ") || line.hasPrefix("@safe public ") else { return nil }
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            guard let place = words.firstIndex(where: { Self.typeWords.contains($0) }),
                words[place] != "extension", place + 1 < words.count
            else { return nil }
            return String(words[place + 1])
        }
    }

    /// The public declarations, and the cases and requirements of public enumerations and protocols.
    fileprivate var publicDeclarations: [SourceTree.PublicDeclaration] {
        // The types around a line: where each begins, its name, and whether it is public.
        var around: [(indent: Int, name: String, publicWord: Substring?)] = []
        return code.indices.compactMap { number in
            let line = code[number]
            let indent = line.prefix { $0 == " " }.count
            let words = line.split(separator: " ").drop { $0.hasPrefix("@") }
            guard let first = words.first, first != "}" else { return nil }
            while let last = around.last, last.indent >= indent { around.removeLast() }
            let outer = around.map { $0.name }.joined(separator: ".")
            let isMember = around.last.map { $0.indent + 4 == indent } ?? false
            let implied: [Substring] =
                switch around.last?.publicWord {
                case "enum": ["case"]
                case "protocol": ["func", "static", "var"]
                default: []
                }
            if let type = words.firstIndex(where: { Self.typeWords.contains($0) }),
                type + 1 < words.endIndex, !line.hasSuffix("}")
            {
                let name = words[type + 1].prefix { $0.isLetter || $0.isNumber || $0 == "." }
                around.append((indent, String(name), first == "public" ? words[type] : nil))
            }
            let isImplied = isMember && implied.contains(first)
            guard first == "public" && !words.contains("import") || isImplied else { return nil }
            return SourceTree.PublicDeclaration(
                target: target, place: "\(path):\(number + 1)",
                text: (outer.isEmpty ? "" : "\(outer): ") + signature(from: number))
        }
    }

    private static let typeWords: Set<Substring> = [
        "struct", "class", "enum", "protocol", "extension",
    ]

    /// A declaration on one line, without its body or value; `…` stands for a default that is a text.
    private func signature(from start: Int) -> String {
        var text = ""
        var depth = 0
        lines: for line in code[start...] {
            let line = line.drop { $0 == " " }
            if !text.isEmpty, text.last != "(", line.first != ")" { text += " " }
            for character in line {
                if "([".contains(character) { depth += 1 }
                if ")]".contains(character) { depth -= 1 }
                text.append(character)
                if depth == 0, text.hasSuffix(" {") || text.hasSuffix(" = ") { break lines }
            }
            if depth <= 0 { break }
        }
        for end in [" {", " = ", " ="] where text.hasSuffix(end) {
            text.removeLast(end.count)
        }
        return text.replacing("public ", with: "").replacing(" = ,", with: " = …,")
            .replacing(" = )", with: " = …)")
    }
}
