/// Everything that decides how a network is trained, but for the data.
package struct TrainingPlan: Sendable {
    /// The loss.
    package var loss: Loss
    /// The optimizer.
    package var optimizer: Optimizer
    /// The learning rate at its highest.
    package var rate: Double
    /// How the rate changes.
    package var schedule: Schedule
    /// Examples in a batch.
    package var batch: Int
    /// Steps in all.
    package var steps: Int

    /// Names a plan.
    package init(
        loss: Loss, optimizer: Optimizer, rate: Double, schedule: Schedule, batch: Int, steps: Int
    ) {
        self.loss = loss
        self.optimizer = optimizer
        self.rate = rate
        self.schedule = schedule
        self.batch = batch
        self.steps = steps
    }
}

/// Trains fully connected networks in single precision.
package enum Trainer {
    /// Trains from fresh parameters.
    ///
    /// `examples` is `[n, inputs]` row-major, `targets` `[n]`. Every epoch runs through the examples
    /// in an order of its own; its last batch may be smaller. A batch of all examples takes them as
    /// they are, for then an order says nothing. `progress` gets step, epoch and mean loss, at the last
    /// step and every so often.
    ///
    /// - Returns: the parameters, and the mean loss of each epoch.
    package static func train(
        _ specification: NetworkSpecification, _ plan: TrainingPlan, examples: [Float],
        targets: [Double], seed: UInt64, arithmetic: Arithmetic,
        progress: (_ step: Int, _ epoch: Int, _ loss: Double) -> Void = { _, _, _ in }
    ) -> (parameters: [Float], losses: [Double]) {
        let run = TrainingRun(
            specification, plan, examples: examples, targets: targets, seed: seed,
            arithmetic: arithmetic)
        while !run.isDone {
            let epoch = run.epoch
            let loss = run.advance()
            if run.step % run.stepsBetweenReports == 0 || run.isDone {
                progress(run.step, epoch, loss)
            }
        }
        return (run.parameters, run.losses)
    }

    /// The outputs `[n, outputs]` of trained parameters.
    package static func outputs(
        _ specification: NetworkSpecification, parameters: [Float], examples: [Float],
        arithmetic: Arithmetic
    ) -> [Float] {
        NetworkEvaluator<Float>(specification, capacity: 1024, arithmetic: arithmetic)
            .outputs(Buffer(parameters), Buffer(examples))
    }
}
