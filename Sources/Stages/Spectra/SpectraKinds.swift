package import Experiment

/// The kinds of one-pass learning and its theory.
package let spectraKinds: [any Stage.Type] = [
    OnlineSpectrumStage.self, OnlineSGDStage.self, OnlinePlateauStage.self, OnlineFigureStage.self,
    LinearTheoryStage.self, OrderParameterTheoryStage.self, ReducedFlowStage.self,
]
