package import Experiment

/// The kinds that fit, compare and report laws.
package let lawsKinds: [any Stage.Type] = [
    LawFitStage.self,
    LawChainStage.self,
    TableWindowStage.self,
    ScheduleRatesStage.self,
    ScheduleSumsStage.self,
    LawScheduleStage.self,
    LawAllocateStage.self,
    LawMinimizeStage.self,
    LawDesignStage.self,
    LawIsoflopStage.self,
    LawEnvelopeStage.self,
    LawCompareStage.self,
    LawCurvesStage.self,
    LawWinsStage.self,
    LawSimulateStage.self,
    LawCoverageStage.self,
]
