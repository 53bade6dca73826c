import Canon

/// What happened to the actions of a run, by their places: only where that was something.
struct StateSpans {
    /// The state of actions of which nothing is said.
    static let usual = "cached"

    private struct Span {
        let first: Int
        var last: Int
        let state: String
    }

    /// In the order of the places, apart.
    private var spans: [Span] = []

    init() {}

    /// Reads what ``json`` gives; `nil` for anything else.
    init?(_ json: JSON) {
        guard let members = json.members else { return nil }
        for (state, list) in members {
            guard let pairs = list.elements else { return nil }
            for pair in pairs {
                guard let places = pair.elements, places.count == 2, let first = places[0].integer,
                    let last = places[1].integer, 0 <= first, first <= last
                else { return nil }
                spans.append(Span(first: first, last: last, state: state))
            }
        }
        spans.sort { $0.first < $1.first }
        guard zip(spans, spans.dropFirst()).allSatisfy({ $0.last < $1.first }) else { return nil }
    }

    /// Whether any action has a state.
    func contains(_ state: String) -> Bool { spans.contains { $0.state == state } }

    /// Notes the state of the next place.
    mutating func add(_ state: String, at place: Int) {
        if state == Self.usual { return }
        if let last = spans.last, last.last + 1 == place, last.state == state {
            spans[spans.count - 1].last = place
        } else {
            spans.append(Span(first: place, last: place, state: state))
        }
    }

    /// The state at a place.
    subscript(place: Int) -> String {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].last < place { low = middle + 1 } else { high = middle }
        }
        guard low < spans.count, spans[low].first <= place else { return Self.usual }
        return spans[low].state
    }

    /// By state: the first and the last place of each span.
    var json: JSON {
        var lists: [String: [JSON]] = [:]
        for span in spans {
            lists[span.state, default: []].append(
                .array([.number(Double(span.first)), .number(Double(span.last))]))
        }
        return .object(lists.mapValues { .array($0) })
    }
}
