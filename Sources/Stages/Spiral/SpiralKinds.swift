package import Experiment

/// The kinds of the spiral experiment.
package let spiralKinds: [any Stage.Type] = [
    SpiralManifoldStage.self,
    SpiralMixtureStage.self,
    SpiralSampleStage.self,
    SpiralTestStage.self,
    SpiralNetworkErrors.self,
    SpiralNeighbourErrors.self,
    SpiralFieldFacts.self,
    SpiralPicture.self,
    SpiralReport.self,
]
