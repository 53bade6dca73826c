package import Canon
import Experiment
import System

/// The members of action keys, compared.
package enum KeyFields {
    /// A member that differs.
    package struct Difference: Sendable, Equatable {
        /// The member, such as `parameter steps`, `seed` or `input data[3]`.
        package let field: String
        /// Its values, short.
        package let first: String
        /// Its value on the other side.
        package let second: String
        /// Whether it is the output of another action: then the difference came in from upstream.
        package let isInput: Bool

        /// The difference for people.
        package var text: String { "\(field): \(first) → \(second)" }

        init(field: String, first: String, second: String, isInput: Bool) {
            self.field = field
            self.first = first
            self.second = second
            self.isInput = isInput
        }

        /// A member that both sides know and that differs.
        init?(field: String, _ first: String?, _ second: String?) {
            guard let first, let second, first != second else { return nil }
            self.init(field: field, first: first, second: second, isInput: false)
        }
    }

    /// Every member in which two key documents differ: kind, parameters, seed, profile, tools, inputs.
    package static func differences(_ first: JSON, _ second: JSON) -> [Difference] {
        var found: [Difference] = []
        func note(_ field: String, _ a: JSON?, _ b: JSON?, isInput: Bool = false) {
            guard a != b else { return }
            found.append(
                Difference(field: field, first: text(a), second: text(b), isInput: isInput))
        }
        note("kind", first["kind"], second["kind"])
        note("version", first["version"], second["version"])
        let (a, b) = (first["parameters"]?.members ?? [:], second["parameters"]?.members ?? [:])
        for name in JSON.sorted(Set(a.keys).union(b.keys)) {
            note("parameter \(name)", a[name], b[name])
        }
        note("seed", first["seed"], second["seed"])
        note("profile", first["profile"], second["profile"])
        let (tools, others) = (first["tools"]?.members ?? [:], second["tools"]?.members ?? [:])
        for name in JSON.sorted(Set(tools.keys).union(others.keys)) {
            note("tool \(name)", tools[name], others[name])
        }
        let (x, y) = (first["inputs"]?.members ?? [:], second["inputs"]?.members ?? [:])
        for port in JSON.sorted(Set(x.keys).union(y.keys)) {
            let (left, right) = (x[port]?.elements ?? [], y[port]?.elements ?? [])
            if left.count != right.count {
                note(
                    "input \(port): how many", .number(Double(left.count)),
                    .number(Double(right.count)), isInput: true)
            }
            found += inputs(port, left, right)
        }
        return found
    }

    /// The elements of a port that differ: matched by what they are, never by their places alone.
    private static func inputs(_ port: String, _ left: [JSON], _ right: [JSON]) -> [Difference] {
        let match = InputMatching(left, right)
        let isOne = max(left.count, right.count) == 1
        func difference(_ l: Int?, _ r: Int?) -> Difference {
            let name = isOne ? port : "\(port)[\(r ?? l ?? 0)]"
            let (l, r) = (l.map { left[$0] }, r.map { right[$0] })
            // What has no output's name is of the project: nothing is upstream of it.
            let isFile = (r ?? l)?["output"]?.text?.isEmpty == true
            let kind = (r ?? l)?["tree"] == true ? "a folder" : "a file"
            return Difference(
                field: isFile ? "input \(name) (\(kind))" : "input \(name)",
                first: text(l?["digest"] ?? l), second: text(r?["digest"] ?? r), isInput: !isFile)
        }
        var found = match.changed.map { difference($0.old, $0.new) }
        found += match.removed.map { difference($0, nil) } + match.added.map { difference(nil, $0) }
        found += match.moved.map { pair in
            Difference(
                field: "the coordinates of input \(port) (same contents)",
                first: InputMatching.place(of: left[pair.old], at: pair.old),
                second: InputMatching.place(of: right[pair.new], at: pair.new), isInput: false)
        }
        if match.isReordered {
            found.append(
                Difference(
                    field: match.isOrderAlone
                        ? "the order of input \(port) (same contents)"
                        : "the order of input \(port)",
                    first: order(left), second: order(right), isInput: false))
        }
        return found
    }

    private static func order(_ elements: [JSON]) -> String {
        let places = elements.prefix(8).enumerated().map { place, element in
            element["at"] == nil
                ? text(element["digest"]) : InputMatching.place(of: element, at: place)
        }
        return places.joined(separator: "; ") + (elements.count > 8 ? "; …" : "")
    }

    private static func text(_ value: JSON?) -> String {
        guard let value else { return "(none)" }
        if let text = value.text, (try? Digest(hex: text)) != nil { return "\(text.prefix(12))" }
        let text = value.shownParameter
        return text.count > 200 ? "\(text.prefix(200))…" : text
    }
}
