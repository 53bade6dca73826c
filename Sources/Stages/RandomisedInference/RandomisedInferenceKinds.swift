package import Experiment

/// The kinds of the experiment on randomised inference.
package let randomisedInferenceKinds: [any Stage.Type] = [ChainRandomisedStage.self]
