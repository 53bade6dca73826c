import Numerics

/// A generator, a teacher on its latents and a student on its outputs: all that an experiment draws once.
package struct EquivalenceInstance: Sendable {
    /// The generator.
    package let model: GenerativeModel
    /// Units K of the student and M of the teacher.
    package let students, teachers: Int
    /// B `[M, D]`, and the student's start w `[K, N]`.
    package let teacher, start: [Double]

    /// Makes an instance; its numbers depend on nothing but these arguments.
    ///
    /// From 1 on all are independent normals, of the streams of the seed `number`. 0 is free of random
    /// numbers: entry i (from 1) of a matrix is Φ⁻¹(frac(43758.5453 |sin(12.9898 (offset + i))|)) with
    /// offset 10⁶ for B, 2·10⁶ for w and 0, 3·10⁶, 4·10⁶ … for F of the layers.
    package init(number: Int, widths: [Int], students: Int = 2, teachers: Int = 2) {
        func normals(_ purpose: String, _ index: Int, _ offset: Int, _ count: Int) -> [Double] {
            if number == 0 {
                return (1...count).map { place in
                    let wave = Elementary.sin(12.9898 * Double(offset + place)).magnitude
                    let value = wave * 43758.5453
                    return Distributions.normalQuantile(value - value.rounded(.down))
                }
            }
            var stream = RandomStream(
                seed: UInt64(number), purpose: purpose, index: UInt64(index))
            let buffer = Buffer<Double>(count: count)
            stream.normals(into: buffer, count: count)
            return buffer.elements
        }
        let million = 1_000_000
        model = GenerativeModel(
            widths: widths,
            layers: (0..<(widths.count - 1)).map { place in
                normals(
                    "generator", place, place == 0 ? 0 : (place + 2) * million,
                    widths[place] * widths[place + 1])
            })
        (self.students, self.teachers) = (students, teachers)
        teacher = normals("teacher", 0, million, teachers * model.latents)
        start = normals("student", 0, 2 * million, students * model.inputs)
    }

    /// T = B Bᵀ/D.
    package var teacherOverlaps: [Double] {
        let d = model.latents
        return (0..<(teachers * teachers)).map { place in
            let (a, b) = (place / teachers * d, place % teachers * d)
            return (0..<d).reduce(0.0) { $0.addingProduct(teacher[a + $1], teacher[b + $1]) }
                / Double(d)
        }
    }

    /// The joint covariance of all fields, students first, for weights `[K, N]`: Q, R, T.
    package func covariance(_ weights: [Double]) -> [Double] {
        let (k, m, width) = (students, teachers, students + teachers)
        let (n, d) = (Double(model.inputs), Double(model.latents))
        let images = model.images(weights)
        let latent = images.levels[images.levels.count - 1].rows
        let overlaps = teacherOverlaps
        var c = [Double](repeating: 0, count: width * width)
        for i in 0..<k {
            for j in 0..<k {
                c[i * width + j] = GenerativeModel.covariance(images, i, images, j) / n
            }
            for o in 0..<m {
                var inner = 0.0
                for a in 0..<model.latents {
                    inner.addProduct(
                        latent[i * model.latents + a], teacher[o * model.latents + a])
                }
                c[i * width + k + o] = model.decay * inner / (n * d).squareRoot()
                c[(k + o) * width + i] = c[i * width + k + o]
            }
        }
        for o in 0..<m {
            for p in 0..<m { c[(k + o) * width + k + p] = overlaps[o * m + p] }
        }
        return c
    }

    /// ε_g of weights `[K, N]` and second layer v on the Gaussian model: half the mean square error.
    package func error(_ weights: [Double], outer v: [Double]) -> Double {
        CommitteeIntegrals.error(
            covariance(weights),
            signs: v.map { -$0 } + Array(repeating: 1, count: teachers))
    }
}
