package import Experiment

/// The kinds of the experiments on Gaussian equivalence.
package let gaussianEquivalenceKinds: [any Stage.Type] = [
    GeneratorSGDStage.self, GeneratorTheoryStage.self, GeneratorRidgeStage.self,
    GeneratorFieldsStage.self,
]
