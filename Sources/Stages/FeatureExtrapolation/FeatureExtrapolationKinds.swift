package import Experiment

/// The kinds of the experiment on feature extrapolation.
package let featureExtrapolationKinds: [any Stage.Type] = [FeatureExtrapolateStage.self]
