package import Experiment

/// The kinds of the experiments on hidden factors.
package let hiddenFactorsKinds: [any Stage.Type] = [
    FactorTaskStage.self,
    FactorFactsStage.self,
    FactorTrainStage.self,
    FactorEntropyStage.self,
    FactorRankStage.self,
    FactorCountsStage.self,
    FactorSeriesStage.self,
]
