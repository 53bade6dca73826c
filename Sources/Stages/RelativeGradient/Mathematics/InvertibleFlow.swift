package import Numerics

/// Layers z = W·y + b with a smooth leaky ReLU between them, whose outputs are taken for sources.
///
/// The ReLU is s(z) = α·z + (1 − α)·log(1 + eᶻ), with s′ between α and 1. A datum's log-likelihood is
/// Σ log p(z) of the last layer, Σ log s′(z) of the others, and log |det W| of all.
package struct InvertibleFlow {
    /// Numbers of a datum, and layers.
    package let dimension, layers: Int
    /// W `[d, d]` and b `[d]` of each layer.
    package let weights, biases: [Buffer<Double>]
    /// α.
    package let slope: Double
    /// What outputs are taken for.
    package let density: SourceDensity
    /// What computes.
    package let arithmetic: Arithmetic

    /// A flow that returns what it gets, but for the ReLU.
    package init(
        dimension: Int, layers: Int, slope: Double, density: SourceDensity, arithmetic: Arithmetic
    ) {
        (self.dimension, self.layers) = (dimension, layers)
        (self.slope, self.density, self.arithmetic) = (slope, density, arithmetic)
        weights = (0..<layers).map { _ in
            let matrix = Buffer<Double>(count: dimension * dimension)
            for place in 0..<dimension { matrix[place * dimension + place] = 1 }
            return matrix
        }
        biases = (0..<layers).map { _ in Buffer(count: dimension) }
    }

    /// Adds normal numbers over √d, times a size, to every W.
    package func disturb(by size: Double, stream: inout RandomStream) {
        let scale = size / Double(dimension).squareRoot()
        for matrix in weights {
            for place in 0..<matrix.count { matrix[place] += scale * stream.normal() }
        }
    }

    /// Runs the data of a pass through the layers.
    package func forward(_ pass: FlowPass) {
        let d = dimension
        for layer in 0..<layers {
            arithmetic.product(
                m: pass.rows, n: d, k: d, MatrixPlace(pass.inputs[layer], stride: d),
                MatrixPlace(weights[layer], stride: d, isTransposed: true),
                into: MatrixPlace(pass.products[layer], stride: d))
            pass.operations += 2 * pass.rows * d * d
            let out = pass.outputs[layer]
            out.copy(pass.products[layer])
            arithmetic.rankOne(
                m: pass.rows, n: d, pass.ones, biases[layer], into: MatrixPlace(out, stride: d))
            if layer + 1 < layers { bend(layer, pass) }
        }
    }

    /// s(z), s′(z) and s″(z)/s′(z) of a layer.
    private func bend(_ layer: Int, _ pass: FlowPass) {
        let (out, next) = (pass.outputs[layer], pass.inputs[layer + 1])
        let (slopes, ratios) = (pass.slopes[layer], pass.ratios[layer])
        arithmetic.map(.softplus, out, into: next)
        arithmetic.map(.logistic, out, into: slopes)
        let rest = 1 - slope
        for place in 0..<out.count {
            let share = slopes[place]
            next[place] = slope * out[place] + rest * next[place]
            slopes[place] = slope + rest * share
            ratios[place] = rest * share * (1 - share) / slopes[place]
        }
    }

    /// The derivatives of the mean log-likelihood, less log |det W|, by the layers' outputs.
    package func backward(_ pass: FlowPass) {
        let d = dimension
        density.scores(pass.outputs[layers - 1], into: pass.deltas[layers - 1], arithmetic)
        for layer in (0..<(layers - 1)).reversed() {
            let delta = pass.deltas[layer]
            arithmetic.product(
                m: pass.rows, n: d, k: d, MatrixPlace(pass.deltas[layer + 1], stride: d),
                MatrixPlace(weights[layer + 1], stride: d), into: MatrixPlace(delta, stride: d))
            pass.operations += 2 * pass.rows * d * d
            let (slopes, ratios) = (pass.slopes[layer], pass.ratios[layer])
            for place in 0..<delta.count {
                delta[place] = delta[place] * slopes[place] + ratios[place]
            }
        }
        for delta in pass.deltas {
            arithmetic.scale(delta, 0..<delta.count, by: 1 / Double(pass.rows))
        }
    }

    /// The mean log-likelihood of the data of a pass that was run forward.
    ///
    /// - Throws: ``NumericsError`` where a W has no inverse.
    package func likelihood(_ pass: FlowPass) throws(NumericsError) -> Double {
        var sum = density.logarithms(pass.outputs[layers - 1], arithmetic)
        for slopes in pass.slopes {
            let logs = Buffer<Double>(count: slopes.count)
            arithmetic.map(.log, slopes, into: logs)
            sum += arithmetic.sum(logs, 0..<logs.count)
        }
        sum /= Double(pass.rows)
        for matrix in weights {
            sum += try LUFactor(matrix, order: dimension, arithmetic: arithmetic).logDeterminant
        }
        return sum
    }

    /// Goes a step uphill.
    package func move(by rate: Double, _ gradient: FlowGradient) {
        let step = Buffer([rate])
        for (values, slopes) in zip(weights + biases, gradient.weights + gradient.biases) {
            arithmetic.rankOne(
                m: 1, n: values.count, step, slopes, into: MatrixPlace(values, stride: values.count)
            )
        }
    }
}
