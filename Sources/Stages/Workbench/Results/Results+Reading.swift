import Canon
import Experiment
import System

/// From a reference to values with coordinates.
extension Results {
    /// A value on its way through the steps of a reference.
    private struct Item {
        var labels: [String: JSON]
        var value: JSON
        let source: Int
    }

    /// What a reference names: one value an action, or one a row where the document is a list.
    ///
    /// The rows of a list are told apart by an axis `row`, counted from 0.
    /// A member that only some documents have is left out for the others.
    ///
    /// - Throws: ``ResultError`` for a name that nothing has; ``FormatError`` for a document that is none.
    func series(_ reference: ResultReference) throws -> Series {
        let places = inputs(of: reference.stage, output: reference.output)
        var axes: [String] = []
        var items: [Item] = []
        for place in places {
            var labels: [String: JSON] = [:]
            for coordinate in inputs[place].coordinates {
                labels[coordinate.axis] = coordinate.value
                if !axes.contains(coordinate.axis) { axes.append(coordinate.axis) }
            }
            items.append(Item(labels: labels, value: try document(place), source: place))
        }
        if !reference.conditions.isEmpty || !reference.steps.isEmpty { expand(&items, &axes) }
        var absence: String?
        try filter(&items, reference.conditions, reference, &absence)
        var steps = reference.steps[...]
        while let step = steps.popFirst() {
            switch step {
            case .member(let name, let offset):
                expand(&items, &axes)
                try enter(name, offset, &steps, &items)
            case .element(let index, _):
                items = items.compactMap { item in
                    guard let elements = item.value.elements, elements.indices.contains(index)
                    else { return nil }
                    return Item(labels: item.labels, value: elements[index], source: item.source)
                }
                if items.isEmpty { absence = "`\(reference.text)` has no element [\(index)]" }
            case .filter(let conditions, _):
                expand(&items, &axes)
                try filter(&items, conditions, reference, &absence)
            }
        }
        expand(&items, &axes)
        let series = Series(
            axes: axes,
            rows: items.map { item in
                Series.Row(
                    labels: item.labels, value: item.value["value"] ?? item.value,
                    sources: [item.source], interval: Series.interval(of: item.value))
            }, absence: absence)
        let conditions = reference.allConditions
        if !conditions.isEmpty, series.rows.count == 1 { return series.fixing(axes) }
        // `[model.width=8]` may leave several points of `model`: then it fixes none.
        return series.fixing(
            conditions.filter { $0.comparison == .equal }.map { $0.path[0] }.filter { axis in
                Set(series.rows.map { $0.labels[axis] ?? .null }).count <= 1
            })
    }

    /// Lists become their elements, each with its place on an axis `row`.
    private func expand(_ items: inout [Item], _ axes: inout [String]) {
        guard items.contains(where: { $0.value.elements != nil }) else { return }
        var axis = "row"
        var count = 1
        while axes.contains(axis) {
            count += 1
            axis = "row.\(count)"
        }
        axes.append(axis)
        items = items.flatMap { item -> [Item] in
            guard let elements = item.value.elements else { return [item] }
            return elements.enumerated().map { place, element in
                var labels = item.labels
                labels[axis] = .number(Double(place))
                return Item(labels: labels, value: element, source: item.source)
            }
        }
        expand(&items, &axes)
    }

    private func filter(
        _ items: inout [Item], _ conditions: [RowCondition], _ reference: ResultReference,
        _ absence: inout String?
    ) throws(ResultError) {
        for condition in conditions where !items.isEmpty {
            let verdicts = items.map { item in
                condition.holds(labels: item.labels, record: item.value.members ?? [:])
            }
            guard verdicts.contains(where: { $0 != nil }) else {
                let known = names(of: items)
                let name = condition.path.joined(separator: ".")
                throw ResultError(
                    "nothing in `\(reference.stage)` is called `\(name)`", at: condition.offset,
                    ["expected: \(ForeignTable.names(known))"]
                        + nearest(name, among: known))
            }
            let kept = zip(items, verdicts).filter { $1 == true }.map { $0.0 }
            if kept.isEmpty { absence = "no `\(reference.stage)` has \(condition.text)" }
            items = kept
        }
    }

    /// The member of each value: by its name, by the names of this and the next steps with dots between them,
    /// among a law's parameters, or on an axis.
    private func enter(
        _ name: String, _ offset: Int, _ steps: inout ArraySlice<ResultReference.Step>,
        _ items: inout [Item]
    ) throws(ResultError) {
        if items.isEmpty { return }
        var path = name
        var rest = steps
        while true {
            let found = items.compactMap { item -> Item? in
                guard let value = Results.member(path, of: item) else { return nil }
                return Item(labels: item.labels, value: value, source: item.source)
            }
            if !found.isEmpty {
                items = found
                steps = rest
                return
            }
            guard case .member(let next, _)? = rest.popFirst() else { break }
            path += ".\(next)"
        }
        let known = names(of: items)
        throw ResultError(
            "nothing here is called `\(name)`", at: offset,
            ["expected: \(ForeignTable.names(known))"] + nearest(name, among: known))
    }

    private static func member(_ name: String, of item: Item) -> JSON? {
        item.value[name] ?? item.value["parameters"]?[name] ?? item.labels[name]
    }

    /// What conditions and members may name.
    private func names(of items: [Item]) -> [String] {
        var names: Set<String> = []
        for item in items.prefix(1000) {
            names.formUnion(item.labels.keys)
            names.formUnion(item.value.members?.keys ?? [:].keys)
            names.formUnion(item.value["parameters"]?.members?.keys ?? [:].keys)
        }
        return JSON.sorted(names)
    }
}
