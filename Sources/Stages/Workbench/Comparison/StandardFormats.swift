import Canon
package import Experiment
import System

/// The formats that outputs have: arrays, weights, tables, JSON, pictures, texts.
package struct StandardFormats: OutputFormats {
    /// The formats have no settings.
    package init() {}

    /// Compares by what the bytes are; the file name only tells a table from other text.
    package func compare(
        _ expected: [UInt8], _ found: [UInt8], fileName: String, tolerance: Tolerance?
    ) -> TypedComparison {
        if let a = ArrayView.numpy(expected), let b = ArrayView.numpy(found) {
            var tally = DistanceTally(tolerance: tolerance)
            a.compare(expected, b, found, name: "", &tally)
            return tally.comparison(format: "array \(a.text)", unit: "element")
        }
        if fileName.hasSuffix(".safetensors"),
            let comparison = StandardFormats.weights(expected, found, tolerance)
        {
            return comparison
        }
        if let a = PNGPicture(expected), let b = PNGPicture(found) {
            return PNGPicture.compare(a, b)
        }
        guard let a = String(validating: expected, as: UTF8.self),
            let b = String(validating: found, as: UTF8.self),
            !expected.contains(0), !found.contains(0)
        else {
            return StandardFormats.weights(expected, found, tolerance)
                ?? StandardFormats.bytes(expected, found)
        }
        if let first = expected.first(where: { !" \n\r\t".utf8.contains($0) }),
            "{[".utf8.contains(first) || fileName.hasSuffix(".json"),
            let comparison = DocumentComparison.json(expected, found, tolerance)
        {
            return comparison
        }
        if fileName.hasSuffix(".csv"),
            let comparison = DocumentComparison.tables(expected, found, tolerance)
        {
            return comparison
        }
        return DocumentComparison.texts(a, b, tolerance)
    }

    private static func weights(
        _ expected: [UInt8], _ found: [UInt8], _ tolerance: Tolerance?
    ) -> TypedComparison? {
        guard let a = ArrayView.safetensors(expected), let b = ArrayView.safetensors(found),
            !a.isEmpty
        else { return nil }
        var tally = DistanceTally(tolerance: tolerance)
        for name in Set(a.keys).union(b.keys).sorted() {
            switch (a[name], b[name]) {
            case (let x?, let y?): x.compare(expected, y, found, name: name, &tally)
            case (let x, let y):
                tally.differ(x?.text ?? "(none)", y?.text ?? "(none)", at: name)
            }
        }
        return tally.comparison(format: "weights of \(counted(a.count, "tensor"))", unit: "element")
    }

    private static func bytes(_ a: [UInt8], _ b: [UInt8]) -> TypedComparison {
        var count = 0
        var first: Int?
        for place in 0..<min(a.count, b.count) where a[place] != b[place] {
            count += 1
            if first == nil { first = place }
        }
        count += abs(a.count - b.count)
        let place = first ?? min(a.count, b.count)
        let sizes = a.count == b.count ? "" : "; \(a.count) → \(b.count) bytes"
        return TypedComparison(
            format: "bytes",
            text: "bytes: \(count) of \(max(a.count, b.count)) "
                + "\(count == 1 ? "differs" : "differ"); first at byte \(place)"
                + sizes, count: count, total: max(a.count, b.count), first: "byte \(place)")
    }

    /// Judges a claim as a page would.
    package func judge(_ claim: Claim, by inputs: [StageInput]) throws -> ClaimOutcome {
        try ClaimJudge(Results(inputs)).judge(claim)
    }

    /// The numbers of a CSV table or a JSON document.
    package func numbers(in bytes: [UInt8], fileName: String) -> [(place: String, value: Double)] {
        var found: [(place: String, value: Double)] = []
        if let document = try? JSON(parsing: bytes) {
            StandardFormats.collect(document, "", &found)
        } else if fileName.hasSuffix(".csv"), let table = try? Table(csv: bytes) {
            for (number, row) in table.rows.enumerated() {
                for (column, value) in zip(table.columns, row) {
                    if let value = value.double {
                        found.append(("row \(number + 1), column \(column)", value))
                    }
                }
            }
        }
        return found
    }

    private static func collect(
        _ value: JSON, _ path: String, _ found: inout [(place: String, value: Double)]
    ) {
        switch value {
        case .number(let number): found.append((path, number))
        case .array(let elements):
            for (place, element) in elements.enumerated() {
                collect(element, "\(path)[\(place)]", &found)
            }
        case .object(let members):
            for name in JSON.sorted(members.keys) {
                collect(members[name] ?? .null, path.isEmpty ? name : "\(path).\(name)", &found)
            }
        default: break
        }
    }
}
