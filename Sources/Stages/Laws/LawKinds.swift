import Pipeline

/// The kinds that fit, compare and report laws.
let lawKinds: [any Stage.Type] = [
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
