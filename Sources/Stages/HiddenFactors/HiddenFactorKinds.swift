import Pipeline

/// The kinds of the experiments on hidden factors.
let hiddenFactorKinds: [any Stage.Type] = [
    FactorsTask.self,
    FactorsFacts.self,
    FactorsTrain.self,
    FactorsEntropy.self,
    FactorsRank.self,
    FactorsCounts.self,
    FactorsSeries.self,
    FactorsReport.self,
]
