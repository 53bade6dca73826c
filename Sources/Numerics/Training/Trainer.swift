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
        let count = targets.count
        let batch = min(plan.batch, count)
        var initial = RandomStream(seed: seed, purpose: "initial parameters")
        let parameters = Buffer(specification.initialParameters(&initial).map { Float($0) })
        let (data, wanted) = (Buffer(examples), Buffer(targets.map { Float($0) }))
        let gradient = Buffer<Float>(count: parameters.count)
        var state = OptimizerState<Float>(plan.optimizer, count: parameters.count)
        let evaluator = NetworkEvaluator<Float>(
            specification, capacity: batch, arithmetic: arithmetic)
        let layers = specification.layers
        // Some milliseconds of work between two reports.
        let quiet = max(1, 50_000_000 / max(1, parameters.count * batch))
        var losses: [Double] = []
        var step = 0
        var epoch = 0
        while step < plan.steps {
            var order: [Int] = []
            if batch < count {
                var stream = RandomStream(seed: seed, purpose: "batches", index: UInt64(epoch))
                order = stream.permutation(count)
            }
            var start = 0
            var sum = 0.0
            while start < count && step < plan.steps {
                let end = min(count, start + batch)
                let loss = evaluator.gradient(
                    parameters, data, wanted, rows: batch < count ? order[start..<end] : nil,
                    loss: plan.loss, into: gradient)
                let rate = plan.rate * plan.schedule.factor(step, of: plan.steps)
                state.step(
                    plan.optimizer, rate: rate, parameters, gradient, layers: layers,
                    arithmetic: arithmetic)
                sum += loss * Double(end - start)
                start = end
                step += 1
                if step % quiet == 0 || step == plan.steps { progress(step, epoch, loss) }
            }
            losses.append(sum / Double(start))
            epoch += 1
        }
        return (parameters.elements, losses)
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
