package import Experiment

/// The kinds of comparisons at equal compute.
package let equalComputeKinds: [any Stage.Type] = [
    ComputeText.self,
    ComputeThroughput.self,
    ComputeSteps.self,
    ComputeTrain.self,
    ComputeReport.self,
]
