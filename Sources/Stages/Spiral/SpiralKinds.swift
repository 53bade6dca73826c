package import Experiment

/// The kinds of the spiral experiment, with the network that it trains.
package let spiralKinds: [any Stage.Type] = [
    SpiralManifoldStage.self,
    SpiralMixtureStage.self,
    SpiralSampleStage.self,
    SpiralTestStage.self,
    SpiralNetworkErrorsStage.self,
    SpiralNeighbourErrorsStage.self,
    SpiralFieldFactsStage.self,
    SpiralPictureStage.self,
    NetworkTrainStage.self,
]
