package import Experiment

/// The kinds of the experiments on compute-optimal scaling.
package let computeOptimalKinds: [any Stage.Type] = [
    OptimalBound.self,
    OptimalTeachers.self,
    OptimalTeacherFacts.self,
    OptimalStudents.self,
    OptimalSurface.self,
    OptimalReport.self,
]
