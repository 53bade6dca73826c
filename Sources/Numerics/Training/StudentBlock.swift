import CKernels

/// Sixteen one-hidden-layer ReLU networks of one shape that train side by side, run r in lane r.
///
/// f(x) = Σⱼ aⱼ max(0, wⱼ·x), no biases; logistic loss, Adam. A run's bits are as if it were alone: nothing
/// crosses lanes (docs/COMPUTE-OPTIMAL.md, "Bits").
package struct StudentBlock {
    /// Runs that train at once.
    package static let runs = 16
    /// Units, and inputs.
    package let width, inputs: Int
    /// `[width, inputs + 1, 16]`: a unit's weights, then its output weight; and Adam's two averages.
    package let weights, first, second: Buffer<Float>
    /// Σ over examples seen so far of softplus(f) − p·f, before the step that learned from them.
    package let excess: Buffer<Double>
    private let activations, outputs: Buffer<Float>
    private let batch: Int
    private let kernels: Kernels

    /// Networks with all weights zero; the batch is a multiple of 8.
    package init(width: Int, inputs: Int, batch: Int, kernels: Kernels) {
        precondition(width > 0 && inputs > 0 && batch > 0 && batch % 8 == 0, "a batch of \(batch)")
        self.width = width
        self.inputs = inputs
        self.batch = batch
        self.kernels = kernels
        let count = width * (inputs + 1) * StudentBlock.runs
        weights = Buffer(count: count)
        first = Buffer(count: count)
        second = Buffer(count: count)
        excess = Buffer(count: StudentBlock.runs)
        activations = Buffer(count: width * batch * StudentBlock.runs)
        outputs = Buffer(count: batch * StudentBlock.runs)
    }

    /// What the runs see in a step: inputs `[batch, inputs, 16]`, labels and true probabilities
    /// `[batch, 16]`.
    package struct Batch {
        let inputs, labels, truths: Buffer<Float>
        let size, width: Int

        /// Room for a batch.
        package init(size: Int, inputs: Int) {
            self.size = size
            width = inputs
            self.inputs = Buffer(count: size * inputs * StudentBlock.runs)
            labels = Buffer(count: size * StudentBlock.runs)
            truths = Buffer(count: size * StudentBlock.runs)
        }

        /// Puts the runs' own examples beside each other; run r's start at example `places[r]`.
        package func gather(
            inputs source: Buffer<Float>, labels: Buffer<Float>, truths: Buffer<Float>,
            places: [Int], kernels: Kernels
        ) {
            precondition(places.count == StudentBlock.runs, "\(places.count) places")
            fill(self.inputs, source, places, width, kernels)
            fill(self.labels, labels, places, 1, kernels)
            fill(self.truths, truths, places, 1, kernels)
        }

        private func fill(
            _ target: Buffer<Float>, _ source: Buffer<Float>, _ places: [Int], _ row: Int,
            _ kernels: Kernels
        ) {
            let count = size * row
            let last = places.max() ?? 0
            let base = unsafe UnsafePointer(source.pointer(at: 0, size: last * row + count))
            let offsets = places.map { Int64($0 * row) }
            unsafe offsets.withUnsafeBufferPointer { offsets in
                guard let first = offsets.baseAddress else { return }
                unsafe kernels.table.pointee.interleave(
                    count, base, first, target.pointer(at: 0, size: count * StudentBlock.runs))
            }
        }
    }

    /// One step of Adam (β₁ = 0.9, β₂ as given, ε = 10⁻⁸) on the mean logistic loss of a batch.
    ///
    /// `steps` holds rate/(1 − β₁ᵗ) of each run, `correction` is 1/(1 − β₂ᵗ).
    ///
    /// - Complexity: about `20·width·batch·inputs/8` vector operations a run and lane; allocates nothing.
    package func learn(_ batch: Batch, steps: Buffer<Float>, correction: Float, beta2: Float) {
        precondition(batch.size == self.batch && batch.width == inputs, "a batch of another shape")
        let (runs, rows) = (StudentBlock.runs, batch.size)
        let count = width * (inputs + 1) * runs
        var job = unsafe bitlaw_students(
            width: width, inputs: inputs, batch: rows,
            x: batch.inputs.pointer(at: 0, size: rows * inputs * runs),
            labels: batch.labels.pointer(at: 0, size: rows * runs),
            truths: batch.truths.pointer(at: 0, size: rows * runs),
            steps: steps.pointer(at: 0, size: runs), beta1: 0.9, beta2: beta2,
            correction: correction, scale: 1 / Float(rows),
            weights: weights.pointer(at: 0, size: count), first: first.pointer(at: 0, size: count),
            second: second.pointer(at: 0, size: count),
            activations: activations.pointer(at: 0, size: width * rows * runs),
            outputs: outputs.pointer(at: 0, size: rows * runs),
            excess: excess.pointer(at: 0, size: runs))
        unsafe kernels.table.pointee.students(&job)
    }

    /// One run's weights `[inputs, width]` and output weights `[width]`.
    package func network(_ run: Int) -> (weights: [Float], outputs: [Float]) {
        let rows = inputs + 1
        var (inner, outer) = ([Float](repeating: 0, count: inputs * width), [Float]())
        for unit in 0..<width {
            for k in 0..<inputs {
                inner[k * width + unit] = weights[(unit * rows + k) * StudentBlock.runs + run]
            }
            outer.append(weights[(unit * rows + inputs) * StudentBlock.runs + run])
        }
        return (inner, outer)
    }
}
