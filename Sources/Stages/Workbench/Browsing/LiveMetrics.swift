/// The numbers that the notes of a running action name, such as `epoch 3, loss 0.25` or `KL=0.01`: each over
/// the steps done.
package struct LiveMetrics {
    /// One number.
    package struct Metric {
        /// What the notes call it.
        package let name: String
        /// Its values in the order of time.
        package fileprivate(set) var values: [Double]
    }

    /// The metrics in the order in which they are named first, eight at most.
    package private(set) var metrics: [Metric] = []

    private static let most = 8
    /// Words before a number that do not name it, as in "3 of 4".
    private static let fillers: Set<Substring> = ["of", "in", "at", "to", "after", "from"]

    /// Reads notes in the order of time.
    package init(_ notes: [String]) {
        for note in notes {
            for (name, value) in LiveMetrics.pairs(in: note) {
                if let place = metrics.firstIndex(where: { $0.name == name }) {
                    metrics[place].values.append(value)
                } else if metrics.count < LiveMetrics.most {
                    metrics.append(Metric(name: name, values: [value]))
                }
            }
        }
    }

    /// Names with the numbers behind them: `NAME NUMBER`, `NAME=NUMBER` or `NAME: NUMBER`.
    static func pairs(in note: String) -> [(name: String, value: Double)] {
        var pairs: [(String, Double)] = []
        var name: Substring?
        let separators: Set<Character> = [" ", ",", ";", "=", ":", "\t", "|"]
        for word in note.split(whereSeparator: { separators.contains($0) }) {
            if let value = Double(word), value.isFinite, !word.hasPrefix("0x") {
                if let name { pairs.append((String(name), value)) }
                name = nil
            } else {
                let isName = word.first?.isLetter == true && word.utf8.count <= 40
                name = isName && !fillers.contains(word) ? word : nil
            }
        }
        return pairs
    }

    /// The metrics as small pictures, with their first and last values.
    package var html: String {
        metrics.map { metric in
            let last = metric.values.last ?? 0
            guard metric.values.count > 1 else {
                return "<p>\(Markup.escape(metric.name)) \(Markup.significant(last, 4))</p>\n"
            }
            let first = Markup.significant(metric.values[0], 4)
            return "<figure class=\"metric\"><figcaption>\(Markup.escape(metric.name)): \(first) → "
                + "\(Markup.significant(last, 4))</figcaption>"
                + ArrayPicture.line(count: metric.values.count) { metric.values[$0] }
                + "</figure>\n"
        }.joined()
    }
}
