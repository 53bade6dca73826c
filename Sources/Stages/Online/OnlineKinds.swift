import Pipeline

/// The kinds of one-pass learning and its theory.
let onlineKinds: [any Stage.Type] = [
    OnlineSpectrum.self, OnlineSGD.self, OnlinePlateau.self, OnlineFigure.self, OnlineReport.self,
    TheoryLinear.self, TheoryOrderParameters.self,
]
