package import Canon
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

    /// Every member in which two key documents differ: kind, parameters, seed, profile, inputs.
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
        let (x, y) = (first["inputs"]?.members ?? [:], second["inputs"]?.members ?? [:])
        for port in JSON.sorted(Set(x.keys).union(y.keys)) {
            let (left, right) = (x[port]?.elements ?? [], y[port]?.elements ?? [])
            if left.count != right.count {
                note(
                    "input \(port): how many", .number(Double(left.count)),
                    .number(Double(right.count)), isInput: true)
            }
            for place in 0..<max(left.count, right.count) {
                let (l, r) = (
                    place < left.count ? left[place] : nil, place < right.count ? right[place] : nil
                )
                guard l != r else { continue }
                let name = max(left.count, right.count) == 1 ? port : "\(port)[\(place)]"
                // What has no output's name is a file of the project: nothing is upstream of it.
                let isFile = (r ?? l)?["output"]?.text?.isEmpty == true
                note(
                    isFile ? "input \(name) (a file)" : "input \(name)", l?["digest"] ?? l,
                    r?["digest"] ?? r, isInput: !isFile)
            }
        }
        return found
    }

    private static func text(_ value: JSON?) -> String {
        guard let value else { return "(none)" }
        if let text = value.text, (try? Digest(hex: text)) != nil { return "\(text.prefix(12))" }
        let text = value.canonicalText
        return text.count > 200 ? "\(text.prefix(200))…" : text
    }
}
