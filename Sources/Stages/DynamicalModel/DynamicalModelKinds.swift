package import Experiment

/// The kinds of the experiments on the dynamical model of scaling.
package let dynamicalModelKinds: [any Stage.Type] = [
    DynamicsExponents.self,
    DynamicsSimulate.self,
    DynamicsDescent.self,
    DynamicsReport.self,
]
