package import Experiment

/// The kinds of the experiments on information-theoretic foundations.
package let foundationsKinds: [any Stage.Type] = [
    InformationLinearStage.self, InformationLearnerStage.self,
]
