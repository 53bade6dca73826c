import Testing

/// Sizes that a reader can count on.
@Suite struct HabitTests {
    private let tree: SourceTree

    init() throws { tree = try SourceTree() }

    @Test func `no line is wider than 110 columns outside tables of numbers`() {
        for file in tree.files {
            for (number, line) in file.lines.enumerated() where line.count > 110 {
                let digits = line.count { $0.isNumber || " ,.-+e()[]".contains($0) }
                #expect(
                    2 * digits > line.count && line.contains(where: \.isNumber),
                    "\(file.path):\(number + 1) has \(line.count) columns")
            }
        }
    }

    @Test func `no function is longer than 60 lines`() {
        for function in tree.functions() {
            #expect(
                function.lines <= 60,
                "\(function.place) has \(function.lines) lines")
        }
    }

    @Test func `no function has more than 8 parameters but initialisers and kernels`() {
        for function in tree.functions() where !function.isInitialiser && !function.isKernel {
            #expect(
                function.parameters <= 8,
                "\(function.place) has \(function.parameters) parameters")
        }
    }

    @Test func `every declaration that other targets see has a comment`() {
        for file in tree.files {
            for (number, line) in file.code.enumerated() where line.declaresForThePackage {
                var above = number - 1
                while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") {
                    above -= 1
                }
                let comment = above >= 0 ? file.lines[above].drop { $0 == " " } : ""
                #expect(comment.hasPrefix("///"), "\(file.path):\(number + 1): \(line)")
            }
        }
    }
}

extension String {
    fileprivate var declaresForThePackage: Bool {
        let words = split(separator: " ").drop { $0.hasPrefix("@") }
        guard let first = words.first, words.count > 1 else { return false }
        return ["package", "public"].contains(first) && words[words.startIndex + 1] != "import"
    }
}

/// A function as the tests of habits count it.
private struct Function {
    let place: String
    let lines: Int
    let parameters: Int
    let isInitialiser: Bool
    /// Whether it is the face of a kernel, whose arguments are the arithmetic's.
    let isKernel: Bool
}

extension SourceTree {
    fileprivate func functions() -> [Function] { files.flatMap { $0.functions() } }
}

extension SourceTree.File {
    fileprivate func functions() -> [Function] {
        code.indices.compactMap { start in
            let words = code[start].split(separator: " ", maxSplits: 8)
            guard
                let keyword = words.first(where: { word in
                    word == "func" || word.hasPrefix("init(") || word.hasPrefix("init<")
                }),
                words.prefix(while: { $0 != keyword }).allSatisfy({ Self.modifiers.contains($0) })
            else { return nil }
            let indent = lines[start].prefix { $0 == " " }
            guard let opening = code[start...].firstIndex(where: { $0.contains("{") }),
                let closing = lines[start...].firstIndex(where: { $0.hasPrefix("\(indent)}") })
            else { return nil }
            // A body of one line ends where it begins.
            let last = code[opening].hasSuffix("}") ? opening : closing
            var signature = ""
            for line in code[start...last] {
                signature += line
                if line.contains("{") { break }
            }
            return Function(
                place: "\(path):\(start + 1)", lines: last - start + 1,
                parameters: Self.parameters(signature), isInitialiser: keyword != "func",
                isKernel: path.hasPrefix("Numerics/Kernels/"))
        }
    }

    private static let modifiers: Set<Substring> = [
        "public", "package", "private", "fileprivate", "static", "mutating", "nonmutating",
        "consuming",
        "borrowing", "override", "final", "convenience", "@discardableResult", "@inline(__always)",
        "@inlinable",
    ]

    /// The parameters of a signature: colons inside its first parentheses and no deeper.
    private static func parameters(_ signature: String) -> Int {
        var depth = 0
        var count = 0
        for character in signature.drop(while: { $0 != "(" }) {
            if "([".contains(character) { depth += 1 }
            if ")]".contains(character) { depth -= 1 }
            if character == ":" && depth == 1 { count += 1 }
            if depth == 0 { break }
        }
        return count
    }
}
