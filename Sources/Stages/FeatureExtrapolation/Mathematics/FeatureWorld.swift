package import Numerics

/// Features and data with a known truth.
///
/// A feature has a vector v of `latent` numbers, of length √latent and uniform direction, a datum a normal
/// one, z. A datum draws features with probabilities in proportion to exp(sharpness·v·z/√latent).
/// A feature's true embedding, what it adds to the `outputs` labels of a datum, is θ = v·U, U of normal
/// numbers over √latent.
package struct FeatureWorld {
    /// Known features come first, new ones behind.
    package let known, new: Int
    /// Numbers of a latent vector and of an embedding.
    package let latent, outputs: Int
    /// θ, `[known + new, outputs]`.
    package let embeddings: [Double]
    private let vectors: [[Double]]
    private let sharpness: Double

    /// Draws features.
    package init(
        known: Int, new: Int, latent: Int, outputs: Int, sharpness: Double, seed: UInt64
    ) {
        (self.known, self.new, self.latent, self.outputs) = (known, new, latent, outputs)
        self.sharpness = sharpness
        var stream = RandomStream(seed: seed, purpose: "features")
        let root = Double(latent).squareRoot()
        vectors = (0..<(known + new)).map { _ in
            let v = (0..<latent).map { _ in stream.normal() }
            let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return v.map { $0 * root / length }
        }
        var mixing = RandomStream(seed: seed, purpose: "mixing")
        let map = (0..<latent).map { _ in (0..<outputs).map { _ in mixing.normal() / root } }
        embeddings = vectors.flatMap { v in
            (0..<outputs).map { o in v.indices.reduce(0.0) { $0 + v[$1] * map[$1][o] } }
        }
    }

    private func logit(_ feature: Int, _ z: [Double]) -> Double {
        let inner = zip(vectors[feature], z).reduce(0.0) { $0 + $1.0 * $1.1 }
        return sharpness * inner / Double(latent).squareRoot()
    }

    /// Data of known features, `draws` drawn for each and repeated ones kept once.
    package func data(
        _ count: Int, draws: Int, stream: inout RandomStream
    ) -> DrawnData {
        var drawn = DrawnData()
        for _ in 0..<count {
            let z = (0..<latent).map { _ in stream.normal() }
            var cumulative: [Double] = []
            var sum = 0.0
            for feature in 0..<known {
                sum += Elementary.exp(logit(feature, z))
                cumulative.append(sum)
            }
            let chosen = (0..<draws).map { _ in
                let level = stream.uniform() * sum
                return min(known - 1, cumulative.partitioning { $0 > level })
            }
            drawn.members.append(Set(chosen).sorted())
            drawn.latents.append(z)
            drawn.logarithms.append(Elementary.log(sum))
        }
        return drawn
    }

    /// The data in which a new feature is seen, the first k of them for k observations.
    ///
    /// They are drawn without replacement in proportion to the chance that a datum draws the feature.
    package func sightings(
        of feature: Int, among data: DrawnData, count: Int, stream: inout RandomStream
    ) -> [Int] {
        // The largest of logits plus Gumbel's numbers.
        let keys = data.latents.indices.map {
            logit(feature, data.latents[$0]) - data.logarithms[$0]
                - Elementary.log(-Elementary.log(1 - stream.uniform()))
        }
        return Array(keys.indices.sorted { keys[$0] > keys[$1] }.prefix(count))
    }

    /// Labels `[data, outputs]`: the sum of true embeddings over √draws, and noise.
    package func labels(
        _ members: [[Int]], draws: Int, noise: Double, stream: inout RandomStream
    ) -> [[Double]] {
        members.map { list in
            (0..<outputs).map { o in
                let sum = list.reduce(0.0) { $0 + embeddings[$1 * outputs + o] }
                return sum / Double(draws).squareRoot() + noise * stream.normal()
            }
        }
    }
}

/// Data as they were drawn.
package struct DrawnData {
    /// The features of each.
    package var members: [[Int]] = []
    /// z of each.
    package var latents: [[Double]] = []
    /// log Σ exp(sharpness·v·z/√latent) over known features, of each.
    var logarithms: [Double] = []
}

extension Array {
    /// The first place whose element passes, where all behind it pass too; `count` where none does.
    fileprivate func partitioning(_ passes: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if passes(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
