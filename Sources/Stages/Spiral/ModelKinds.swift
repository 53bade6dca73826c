package import Experiment

/// The kinds that train models of general use.
package let modelKinds: [any Stage.Type] = [
    NetworkTrain.self
]
