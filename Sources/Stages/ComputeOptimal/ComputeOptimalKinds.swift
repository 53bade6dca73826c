package import Experiment

/// The kinds of the experiments on compute-optimal scaling.
package let computeOptimalKinds: [any Stage.Type] = [
    OptimalBoundStage.self,
    OptimalTeachersStage.self,
    OptimalTeacherFactsStage.self,
    OptimalStudentsStage.self,
    OptimalSurfaceStage.self,
]
