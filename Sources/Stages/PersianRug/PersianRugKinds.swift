package import Experiment

/// The kinds of the experiments on the Persian rug.
package let persianRugKinds: [any Stage.Type] = [
    RugTheoryStage.self, RugHadamardStage.self, RugTrainStage.self, RugMapStage.self,
]
