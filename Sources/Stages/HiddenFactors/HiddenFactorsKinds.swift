package import Experiment

/// The kinds of the experiments on hidden factors.
package let hiddenFactorKinds: [any Stage.Type] = [
    FactorsTask.self,
    FactorsFacts.self,
    FactorsTrain.self,
    FactorsEntropy.self,
    FactorsRank.self,
    FactorsCounts.self,
    FactorsSeries.self,
    FactorsReport.self,
]
