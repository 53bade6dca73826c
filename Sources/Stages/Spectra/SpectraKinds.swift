package import Experiment

/// The kinds of one-pass learning and its theory.
package let onlineKinds: [any Stage.Type] = [
    OnlineSpectrum.self, OnlineSGD.self, OnlinePlateau.self, OnlineFigure.self, OnlineReport.self,
    TheoryLinear.self, TheoryOrderParameters.self,
]
