import Canon

/// The notes that say which values there are on an axis, and which is nearest to one that is not.
enum ValueNotes {
    /// Says the values of `path`, each once, and the nearest to what was written.
    static func of(_ values: [JSON], of path: String, nearest written: WrittenValue? = nil)
        -> [String]
    {
        var seen: Set<[UInt8]> = []
        let distinct = values.filter { seen.insert($0.canonical()).inserted }
        let texts = AxisLabels(distinct).texts
        var notes: [String] = []
        let numbers = distinct.compactMap { $0.double }.sorted()
        if texts.count <= 24 {
            notes.append("expected: \(path) is one of \(texts.joined(separator: ", "))")
        } else if let first = numbers.first, let last = numbers.last, numbers.count == texts.count {
            notes.append(
                "expected: one of the \(texts.count) values of \(path) from "
                    + "\(JSON.number(first).canonicalText) to \(JSON.number(last).canonicalText)")
        } else {
            notes.append(
                "expected: one of the \(texts.count) values of \(path), such as \(texts[0])")
        }
        if let written, let nearest = nearest(written, numbers, texts) {
            notes.append("did you mean `\(path)=\(nearest)`?")
        }
        return notes
    }

    private static func nearest(_ written: WrittenValue, _ numbers: [Double], _ texts: [String])
        -> String?
    {
        if let wanted = written.number, !numbers.isEmpty {
            let nearest = numbers.min { ($0 - wanted).magnitude < ($1 - wanted).magnitude }
            return nearest.map { JSON.number($0).canonicalText }
        }
        return nearestName(to: written.text, among: texts)
    }
}
