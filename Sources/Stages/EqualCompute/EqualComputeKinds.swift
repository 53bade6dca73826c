package import Experiment

/// The kinds of comparisons at equal compute.
package let equalComputeKinds: [any Stage.Type] = [
    ComputeTextStage.self,
    ComputeThroughputStage.self,
    ComputeStepsStage.self,
    ComputeTrainStage.self,
    ComputeTrendsStage.self,
]
