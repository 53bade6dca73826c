import Pipeline

/// The kinds of comparisons at equal compute.
let equalComputeKinds: [any Stage.Type] = [
    ComputeText.self,
    ComputeThroughput.self,
    ComputeSteps.self,
    ComputeTrain.self,
    ComputeReport.self,
]
