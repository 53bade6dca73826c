import Pipeline

/// The kinds that train models of general use.
let modelKinds: [any Stage.Type] = [
    NetworkTrain.self
]
