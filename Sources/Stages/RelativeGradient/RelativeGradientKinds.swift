package import Experiment

/// The kinds of the experiment on relative gradients.
package let relativeGradientKinds: [any Stage.Type] = [
    FlowGradientStage.self, FlowTrainStage.self, FlowTimeStage.self,
]
