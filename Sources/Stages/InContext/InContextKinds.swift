package import Experiment

/// The kinds of the experiments on in-context learning of linear models.
package let inContextKinds: [any Stage.Type] = [
    ContextTheoryStage.self, ContextDrawsStage.self, ContextTrainStage.self,
]
