package import Experiment

/// The kinds that fit, compare and report laws.
package let lawKinds: [any Stage.Type] = [
    LawFit.self,
    LawAllocate.self,
    LawIsoflop.self,
    LawEnvelope.self,
    LawCompare.self,
    LawCurves.self,
    LawWins.self,
    LawReport.self,
    LawSimulate.self,
    LawCoverage.self,
]
