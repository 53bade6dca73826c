/// A check that markup is well-formed, by the rules of XML that SVG needs; independent of the code
/// that writes it.
struct MarkupCheck {
    struct Element {
        let name: String
        let attributes: [String: String]
    }

    /// Every element, in order.
    private(set) var elements: [Element] = []
    /// Everything between tags.
    private(set) var text = ""

    /// Throws a sentence for the first thing that is not well-formed; `voids` need no end tag.
    init(_ source: String, voids: Set<String> = []) throws {
        var rest = Substring(source)
        var open: [String] = []
        while !rest.isEmpty {
            guard rest.first == "<" else {
                let end = rest.firstIndex(of: "<") ?? rest.endIndex
                try MarkupCheck.checkText(rest[..<end])
                if open.last != "style" { text += rest[..<end] }
                rest = rest[end...]
                continue
            }
            guard let close = rest.firstIndex(of: ">") else { throw TestMistake("a tag without >") }
            var tag = rest[rest.index(after: rest.startIndex)..<close]
            rest = rest[rest.index(after: close)...]
            if tag.hasPrefix("!DOCTYPE") { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else {
                    throw TestMistake("</\(tag.dropFirst())> closes something else")
                }
                continue
            }
            let isClosed = tag.hasSuffix("/")
            if isClosed { tag = tag.dropLast() }
            let element = try MarkupCheck.element(tag)
            elements.append(element)
            if !isClosed && !voids.contains(element.name) { open.append(element.name) }
        }
        guard open.isEmpty else { throw TestMistake("<\(open.joined(separator: ", "))> stay open") }
    }

    private static func element(_ tag: Substring) throws -> Element {
        let name = tag.prefix { $0.isLetter || $0.isNumber }
        guard !name.isEmpty else { throw TestMistake("<\(tag)> has no name") }
        var rest = tag.dropFirst(name.count)
        var attributes: [String: String] = [:]
        while true {
            let spaced = rest
            rest = rest.drop { $0.isWhitespace }
            if rest.isEmpty { break }
            guard spaced.count > rest.count, let equals = rest.firstIndex(of: "="),
                rest[rest.index(after: equals)...].first == "\""
            else { throw TestMistake("<\(tag)>: an attribute without a space or quotes") }
            let key = String(rest[..<equals])
            rest = rest[rest.index(equals, offsetBy: 2)...]
            guard let end = rest.firstIndex(of: "\""), attributes[key] == nil else {
                throw TestMistake("<\(tag)>: \(key) is open, or there twice")
            }
            try checkText(rest[..<end])
            attributes[key] = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
        return Element(name: String(name), attributes: attributes)
    }

    /// Every & starts one of the references that XML itself knows.
    private static func checkText(_ text: Substring) throws {
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            let known = ["amp;", "lt;", "gt;", "quot;", "#39;"].contains { part.hasPrefix($0) }
            guard known else { throw TestMistake("&\(part.prefix(12)) is no reference") }
        }
    }

    /// Every number in an attribute that places something.
    var coordinates: [String] {
        let names: Set<String> = [
            "x", "y", "cx", "cy", "r", "d", "width", "height", "viewBox", "transform",
        ]
        return elements.flatMap { element in
            element.attributes.filter { names.contains($0.key) }.map { $0.value }
        }
    }

    /// The coordinates that hold a letter which no path or transform command has, such as `nan`.
    var oddCoordinates: [String] {
        coordinates.filter { value in
            let letters = value.replacing("translate", with: "").replacing("rotate", with: "")
                .filter { $0.isLetter }
            return letters.contains { !"MLHVZhvlm".contains($0) }
        }
    }
}
