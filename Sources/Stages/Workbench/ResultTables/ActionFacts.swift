package import Canon
package import Experiment

/// What is known of one action, as a table tells it.
package struct ActionFacts: Sendable {
    /// The action's name.
    package let name: String
    /// Its coordinates.
    package let coordinates: [Coordinate]
    /// Its parameters.
    package let parameters: [String: JSON]
    /// Whether it has run, in a word.
    package let state: String
    /// How long it took; `nil` where it is not known.
    package let seconds: Double?
    /// What it gave.
    package let outputs: [StageInput]

    /// Names an action and what it gave.
    package init(
        name: String, coordinates: [Coordinate], parameters: [String: JSON] = [:], state: String,
        seconds: Double? = nil, outputs: [StageInput]
    ) {
        self.name = name
        self.coordinates = coordinates
        self.parameters = parameters
        self.state = state
        self.seconds = seconds
        self.outputs = outputs
    }

    /// The axes as columns; a mapping is its name, and each of its members that is a scalar.
    var axes: [(name: String, value: JSON)] {
        coordinates.flatMap { coordinate -> [(String, JSON)] in
            guard let members = coordinate.value.members else {
                return [(coordinate.axis, coordinate.value)]
            }
            let whole = (
                coordinate.axis, JSON.string(Series.text(of: coordinate.value))
            )
            let parts = JSON.sorted(members.keys).filter { $0 != "name" }.compactMap {
                name -> (String, JSON)? in
                guard let value = members[name], value.isScalar else { return nil }
                return ("\(coordinate.axis).\(name)", value)
            }
            return [whole] + parts
        }
    }
}

extension JSON {
    /// Whether it is a number, a text, a truth value or null.
    var isScalar: Bool { members == nil && elements == nil }
}
