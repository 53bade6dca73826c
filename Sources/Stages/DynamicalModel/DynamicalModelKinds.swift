package import Experiment

/// The kinds of the experiments on the dynamical model of scaling.
package let dynamicalModelKinds: [any Stage.Type] = [
    DynamicsExponentsStage.self,
    DynamicsTheoryStage.self,
    DynamicsSimulateStage.self,
    DynamicsDescentStage.self,
]
