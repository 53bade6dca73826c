package import Canon

/// One stage at one point of its axes.
package struct Action: Sendable {
    /// The place in ``ActionGraph/actions``.
    package let index: Int
    /// The place of its stage in ``ActionGraph/stages``.
    package let stage: Int
    /// `train[samples=1000,features=polar]`; the stage's name alone where it has no axes.
    package let name: String
    /// The values on the stage's axes, in the order of `over`.
    package let coordinates: [Coordinate]
    /// What these values are called in the name, in the same order.
    package let labels: [String]
    /// The parameters with defaults filled in.
    package let parameters: [String: JSON]
    /// The derived seed; `nil` for a kind that is not random.
    package let seed: UInt64?
    /// The inputs, in the order of the kind's ports.
    package let inputs: [ActionInput]

    /// Names an action.
    package init(
        index: Int, stage: Int, name: String, coordinates: [Coordinate], labels: [String],
        parameters: [String: JSON], seed: UInt64?, inputs: [ActionInput]
    ) {
        self.index = index
        self.stage = stage
        self.name = name
        self.coordinates = coordinates
        self.labels = labels
        self.parameters = parameters
        self.seed = seed
        self.inputs = inputs
    }
}
