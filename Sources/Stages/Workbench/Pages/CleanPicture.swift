/// An SVG picture of any stage as a page takes it in: nothing of it runs, loads or leads elsewhere.
///
/// Elements and attributes that are not on the lists are left out, with what they hold. What is not
/// well-formed is left out whole, for browsers guess what it means.
package struct CleanPicture {
    /// The picture; empty where nothing could be kept.
    package private(set) var svg = ""
    /// What was left out, in words.
    package private(set) var leftOut: [String] = []
    private var rest: Substring
    private var open: [Element] = []
    private var isWhole = false

    private struct Element {
        let name: Substring
        let isKept: Bool
    }

    private struct Fault: Error {
        let text: String
    }

    /// Cleans a picture.
    package init(_ text: String) {
        rest = text[...]
        do {
            try read()
        } catch {
            svg = ""
            leftOut = ["the picture: \((error as? Fault)?.text ?? "")"]
        }
    }

    /// What was left out as a sentence of markup; empty where that is nothing.
    package var remark: String {
        if leftOut.isEmpty { return "" }
        let names = leftOut.prefix(8).map(Markup.escape).joined(separator: ", ")
        return " Left out, for a page runs and loads nothing: \(names)"
            + (leftOut.count > 8 ? " and \(leftOut.count - 8) more." : ".")
    }

    private var isSkipping: Bool { open.last.map { !$0.isKept } ?? false }

    private mutating func leaveOut(_ what: String) {
        if !leftOut.contains(what) { leftOut.append(what) }
    }

    private mutating func read() throws {
        while let tag = rest.firstIndex(of: "<") {
            try text(rest[..<tag])
            rest = rest[tag...]
            if rest.hasPrefix("<!--") {
                try skip(past: "-->", from: 4)
            } else if rest.hasPrefix("<?") {
                try skip(past: "?>", from: 2)
            } else if rest.hasPrefix("<!DOCTYPE"), open.isEmpty, !isWhole {
                let declaration = rest.prefix { $0 != ">" }
                guard !declaration.contains("[") else { throw Fault(text: "declares entities") }
                try skip(past: ">", from: 2)
            } else if rest.hasPrefix("</") {
                try end()
            } else {
                try begin()
            }
        }
        try text(rest)
        guard open.isEmpty, isWhole else { throw Fault(text: "is no whole SVG") }
    }

    private mutating func skip(past mark: String, from start: Int) throws {
        guard let end = rest.dropFirst(start).firstRange(of: mark) else {
            throw Fault(text: "does not end")
        }
        rest = rest[end.upperBound...]
    }

    private mutating func text(_ text: Substring) throws {
        if open.isEmpty {
            guard text.allSatisfy({ $0.isWhitespace || $0 == "\u{FEFF}" }) else {
                throw Fault(text: "has text outside of it")
            }
            return
        }
        if isSkipping { return }
        if open.last?.name == "style", !CleanPicture.isHarmlessStyle(text) {
            return leaveOut("a style that loads")
        }
        svg += text
    }

    private mutating func end() throws {
        let name = rest.dropFirst(2).prefix { $0 != ">" && !$0.isWhitespace }
        guard let last = open.popLast(), last.name == name else {
            throw Fault(text: "is not well-formed")
        }
        try skip(past: ">", from: 2)
        if last.isKept { svg += "</\(name)>" }
        isWhole = open.isEmpty
    }

    private mutating func begin() throws {
        rest = rest.dropFirst()
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || ":-_".contains($0)) }
        guard !name.isEmpty, !isWhole, !open.isEmpty || name == "svg" else {
            throw Fault(text: "is no SVG")
        }
        rest = rest.dropFirst(name.count)
        let isPlainText = ["style", "title", "desc"].contains(open.last?.name ?? "")
        let isKept = !isSkipping && !isPlainText && PictureLists.elements.contains(String(name))
        if !isKept, !isSkipping { leaveOut("<\(name)>") }
        var tag = "<\(name)"
        while true {
            let space = rest.prefix { $0.isWhitespace }
            rest = rest.dropFirst(space.count)
            if rest.hasPrefix("/>") || rest.hasPrefix(">") { break }
            guard !space.isEmpty else { throw Fault(text: "is not well-formed") }
            let (attribute, value, quote) = try attribute()
            if !isKept { continue }
            if PictureLists.isHarmless(attribute, value) {
                tag += " \(attribute)=\(quote)\(value)\(quote)"
            } else {
                leaveOut(String(attribute))
            }
        }
        let isEmpty = rest.hasPrefix("/>")
        rest = rest.dropFirst(isEmpty ? 2 : 1)
        if isKept { svg += tag + (isEmpty ? "/>" : ">") }
        if !isEmpty { open.append(Element(name: name, isKept: isKept)) }
        isWhole = open.isEmpty
    }

    private mutating func attribute() throws -> (Substring, Substring, Character) {
        let name = rest.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || ":-_.".contains($0))
        }
        rest = rest.dropFirst(name.count).drop { $0.isWhitespace }
        guard !name.isEmpty, rest.first == "=" else { throw Fault(text: "is not well-formed") }
        rest = rest.dropFirst().drop { $0.isWhitespace }
        guard let quote = rest.first, quote == "\"" || quote == "'",
            let end = rest.dropFirst().firstIndex(of: quote)
        else { throw Fault(text: "is not well-formed") }
        let value = rest[..<end].dropFirst()
        guard !value.contains("<") else { throw Fault(text: "is not well-formed") }
        rest = rest[end...].dropFirst()
        return (name, value, quote)
    }

    /// Whether rules of style neither load nor hide what they load.
    static func isHarmlessStyle(_ text: Substring) -> Bool {
        let lower = text.lowercased()
        return !["@", "\\", "&", "url", "expression", "script"].contains(where: lower.contains)
    }
}
