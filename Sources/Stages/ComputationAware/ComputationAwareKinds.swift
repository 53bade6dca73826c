package import Experiment

/// The kinds of the experiments on computation-aware Gaussian processes.
package let computationAwareKinds: [any Stage.Type] = [GPSampleStage.self, GPPosteriorStage.self]
