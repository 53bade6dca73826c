package import Canon

/// Values with the coordinates that they belong to, such as one error for each size and replicate.
///
/// The labelled arrays of data-frame libraries, kept small: arithmetic joins two series where the axes that
/// both have agree, as an experiment joins its stages.
package struct Series: Sendable {
    /// One value and where it stands.
    package struct Row: Sendable {
        /// The value on each axis.
        package var labels: [String: JSON]
        /// The value; `null` where its document says so.
        package var value: JSON
        /// The inputs that it was worked out from, by their places in ``Results/inputs``.
        package var sources: Set<Int>
        /// The interval that its document gives beside it, as laws do for their parameters.
        package var interval: Interval?
    }

    /// Two bounds around a value.
    package struct Interval: Sendable {
        /// The bounds.
        package let low, high: Double
    }

    /// The bounds that a document gives beside a value; `nil` where it gives none.
    static func interval(of value: JSON) -> Interval? {
        guard let low = value["low"]?.double, let high = value["high"]?.double else { return nil }
        return Interval(low: low, high: high)
    }

    /// The axes, in the order in which they were met.
    package private(set) var axes: [String]
    /// The values, in the order of the inputs.
    package private(set) var rows: [Row]
    /// The axes on which a condition left one point: they are told, and do not hinder a join.
    private(set) var fixed: Set<String> = []
    /// Why nothing is here, for a person; `nil` where something is, or nobody knows.
    package private(set) var absence: String?

    /// Wraps rows.
    package init(axes: [String], rows: [Row], absence: String? = nil) {
        self.axes = axes
        self.rows = rows
        self.absence = rows.isEmpty ? absence : nil
    }

    /// The same values, of which conditions fixed some axes.
    func fixing(_ axes: some Sequence<String>) -> Series {
        var series = self
        series.fixed = Set(axes).intersection(self.axes)
        return series
    }

    /// One value without coordinates.
    package init(_ value: JSON, from sources: Set<Int> = []) {
        self.init(axes: [], rows: [Row(labels: [:], value: value, sources: sources)])
    }

    /// Nothing, and why.
    package static func nothing(_ absence: String?) -> Series {
        Series(axes: [], rows: [], absence: absence)
    }

    /// The only value, where there is one without coordinates.
    package var single: JSON? { rows.count == 1 ? rows[0].value : nil }

    /// The inputs that any of it was worked out from, in order.
    package var sources: [Int] { rows.reduce(into: Set()) { $0.formUnion($1.sources) }.sorted() }

    /// The same places with other values; what has no value is left out.
    func map(_ transform: (JSON) throws(ResultError) -> JSON?) throws(ResultError) -> Series {
        var made: [Row] = []
        made.reserveCapacity(rows.count)
        for row in rows {
            guard let value = try transform(row.value) else { continue }
            made.append(Row(labels: row.labels, value: value, sources: row.sources))
        }
        return Series(axes: axes, rows: made, absence: absence).fixing(fixed)
    }

    /// Both series where the axes that both have agree, combined; what has no partner is left out.
    ///
    /// - Complexity: linear in the rows of both and of the outcome.
    /// - Throws: ``ResultError`` of the transform, or of an outcome above ``mostRows``.
    func joined(
        _ other: Series, at offset: Int,
        _ transform: (JSON, JSON) throws(ResultError) -> JSON?
    ) throws(ResultError) -> Series {
        let common = axes.filter { axis in
            other.axes.contains(axis) && !fixed.contains(axis) && !other.fixed.contains(axis)
        }
        /// Of an axis that both have, the side on which it varies says where the outcome stands.
        func labels(_ own: Row, _ partner: Row) -> [String: JSON] {
            var labels = partner.labels
            for (axis, label) in own.labels where labels[axis] == nil || !fixed.contains(axis) {
                labels[axis] = label
            }
            return labels
        }
        var partners: [[JSON]: [Int]] = [:]
        for (place, row) in other.rows.enumerated() {
            partners[common.map { row.labels[$0] ?? .null }, default: []].append(place)
        }
        var made: [Row] = []
        for row in rows {
            for place in partners[common.map { row.labels[$0] ?? .null }] ?? [] {
                let partner = other.rows[place]
                guard let value = try transform(row.value, partner.value) else { continue }
                made.append(
                    Row(
                        labels: labels(row, partner), value: value,
                        sources: row.sources.union(partner.sources)))
            }
            guard made.count <= Series.mostRows else {
                throw ResultError(
                    "more than \(Series.mostRows) combinations of values", at: offset,
                    ["both sides vary over other axes; take a median or a maximum over them first"])
            }
        }
        return Series(
            axes: axes + other.axes.filter { !axes.contains($0) }, rows: made,
            absence: absence ?? other.absence ?? apart(other, common)
        ).fixing(
            fixed.filter { !other.axes.contains($0) || other.fixed.contains($0) }
                .union(other.fixed.filter { !axes.contains($0) || fixed.contains($0) }))
    }

    /// Why two series that have values have none together.
    private func apart(_ other: Series, _ common: [String]) -> String? {
        guard !rows.isEmpty, !other.rows.isEmpty, !common.isEmpty else { return nil }
        return
            "the values that are compared have no point of \(common.joined(separator: ", ")) in common"
    }

    /// The rows in groups that agree on every axis but some, in the order in which each group is met.
    func grouped(over reduced: Set<String>) -> (kept: [String], groups: [[Row]]) {
        let kept = axes.filter { !reduced.contains($0) }
        var places: [[JSON]: Int] = [:]
        var groups: [[Row]] = []
        for row in rows {
            let key = kept.map { row.labels[$0] ?? .null }
            if let place = places[key] {
                groups[place].append(row)
            } else {
                places[key] = groups.count
                groups.append([row])
            }
        }
        return (kept, groups)
    }

    /// The most rows that arithmetic may make.
    package static let mostRows = 1_000_000

    /// A label for people: the name of a value that is a mapping.
    package static func text(of label: JSON) -> String {
        label["name"]?.text ?? label.text ?? label.canonicalText
    }
}
