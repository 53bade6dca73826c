package import Numerics
import System

/// A one-pass training that goes step by step, and whose state can be kept and taken up again.
///
/// Streams of its seed: `student`, `teacher` (weights at the start, direction after direction within a unit),
/// `inputs` (example e is groups e·⌈N/64⌉ and on), `rotation`. Bits: docs/NUMERICS.md; those of an
/// undisturbed training wherever it was interrupted. Single precision resolves ε_g down to about
/// 10⁻¹¹.
package final class OnlineRun<Scalar: KernelScalar> {
    /// What is learned.
    package let setting: OnlineSetting
    /// Steps done.
    package private(set) var step = 0
    /// Whether a field is not finite any more; no step is made after that.
    package private(set) var hasDiverged = false
    private let room: OnlineRoom<Scalar>
    private let kernels: Kernels
    private let levels: [Int]

    /// Draws student and teacher.
    ///
    /// - Throws: ``NumericsError`` where the setting does not fit together.
    package init(_ setting: OnlineSetting, seed: UInt64, arithmetic: Arithmetic)
        throws(NumericsError)
    {
        self.setting = setting
        kernels = arithmetic.kernels
        levels = try setting.levels()
        let n = setting.inputs
        let (k, m) = (setting.students, setting.teachers)
        let trained = min(n, setting.trained ?? n)
        let activation: Activation? =
            switch setting.activation {
            case .linear: nil
            case .erf: .erf
            case .relu: .relu
            }
        var room = OnlineRoom<Scalar>(
            inputs: n, trained: trained, students: k, teachers: m, batch: setting.batch,
            activation: activation, stream: RandomStream(seed: seed, purpose: "inputs"))
        // A whitened input carries the eigenvalues' roots in the teacher's weights instead.
        let counts = try setting.spectrum.multiplicities(of: n)
        let roots = counts.enumerated().flatMap { level, count in
            Array(repeating: setting.spectrum.values[level].squareRoot(), count: count)
        }
        for (name, first, units) in [("student", 0, k), ("teacher", k, m)] {
            for unit in 0..<units {
                var stream = RandomStream(seed: seed, purpose: name, index: UInt64(unit))
                for a in 0..<n {
                    var value = stream.normal()
                    if name == "student" {
                        value *= setting.deviation
                        if a >= trained && !setting.areOthersRandom { value = 0 }
                    } else if setting.isWhitened {
                        value *= roots[a]
                    }
                    room.weights[(first + unit) * room.stride + a] = Scalar(value)
                }
            }
        }
        for a in 0..<n { room.scale[a] = Scalar(setting.isWhitened ? 1 : roots[a]) }
        let studentScale = Double(m).squareRoot() / Double(k)
        let root = Double(n).squareRoot()
        room.rate = Scalar(setting.rate * studentScale / root)
        room.fieldScale = Scalar(1 / root)
        room.studentScale = Scalar(studentScale)
        room.teacherScale = Scalar(1 / Double(m).squareRoot())
        if setting.isRotated { room.rotation = Self.rotation(n, stride: room.stride, seed: seed) }
        self.room = room
    }

    /// An orthogonal matrix, uniformly distributed: the product of reflections that take normal vectors of
    /// n, n − 1, … dimensions to an axis.
    ///
    /// Source: Stewart, SIAM J. Numer. Anal. 17 (1980). Cost: 4n³/3 flop.
    private static func rotation(_ n: Int, stride: Int, seed: UInt64) -> Buffer<Scalar> {
        var u = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for a in 0..<n { u[a][a] = 1 }
        for start in (0..<(n - 1)).reversed() {
            var stream = RandomStream(seed: seed, purpose: "rotation", index: UInt64(start))
            var v = (start..<n).map { _ in stream.normal() }
            let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let sign = v[0] < 0 ? -1.0 : 1.0
            v[0] += sign * length
            let square = v.reduce(0) { $0 + $1 * $1 }
            var inner = [Double](repeating: 0, count: n - start)
            for (i, part) in v.enumerated() {
                for b in start..<n { inner[b - start] += part * u[start + i][b] }
            }
            for (i, part) in v.enumerated() {
                let factor = 2 * part / square
                for b in start..<n { u[start + i][b] -= factor * inner[b - start] }
            }
            for b in start..<n { u[start][b] *= -sign }
        }
        let rotation = Buffer<Scalar>(count: n * stride)
        for a in 0..<n {
            for b in 0..<n { rotation[a * stride + b] = Scalar(u[a][b]) }
        }
        return rotation
    }

    /// Steps that take some milliseconds together: how often it pays to look up from the work.
    package var stepsBetweenReports: Int {
        let turn = setting.isRotated ? room.inputs : 0
        let work = room.stride * (room.students + room.teachers + 4 + turn) * room.batch
        return max(1, 100_000_000 / work)
    }

    /// Makes steps, unless fields became infinite.
    package func advance(_ steps: Int) {
        guard !hasDiverged else { return }
        let first = UInt64(step) * UInt64(room.batch)
        let made = room.descend(kernels, example: first, steps: UInt64(steps))
        step += Int(made)
        hasDiverged = made < UInt64(steps)
    }

    /// α = examples/N.
    package var alpha: Double { Double(step * room.batch) / Double(room.inputs) }

    /// The weights of a unit, students first, in the eigenbasis.
    package func unit(_ place: Int) -> [Double] {
        let n = room.inputs
        let row = room.weights.elements((place * room.stride)..<(place * room.stride + n))
        let plain = row.map { Double($0) }
        guard let rotation = room.rotation else { return plain }
        var turned = [Double](repeating: 0, count: n)
        for a in 0..<n {
            let line = rotation.elements((a * room.stride)..<(a * room.stride + n))
            for b in 0..<n { turned[b] += plain[a] * Double(line[b]) }
        }
        return turned
    }

    /// The overlaps of each eigenspace, divided by N: r `[L, K, M]`, q `[L, K, K]`, t `[L, M, M]`.
    ///
    /// Sums in doubles over directions, ascending: exact but for rounding at 10⁻¹⁶.
    package func blocks() -> (r: [Double], q: [Double], t: [Double]) {
        let (k, m, count) = (room.students, room.teachers, setting.seenSpectrum.count)
        let units = (0..<(k + m)).map(unit)
        func table(_ rows: Range<Int>, _ columns: Range<Int>) -> [Double] {
            let (height, width) = (rows.count, columns.count)
            var result = [Double](repeating: 0, count: count * height * width)
            for (i, row) in rows.enumerated() {
                for (j, column) in columns.enumerated() {
                    let place = i * width + j
                    for a in 0..<room.inputs {
                        result[levels[a] * height * width + place] +=
                            units[row][a] * units[column][a]
                    }
                }
            }
            let n = Double(room.inputs)
            return result.map { $0 / n }
        }
        return (
            table(0..<k, k..<(k + m)), table(0..<k, 0..<k), table(k..<(k + m), k..<(k + m))
        )
    }

    /// The overlaps at first order in Σ, from which ε_g follows exactly.
    package func overlaps() -> CommitteeOverlaps {
        let blocks = blocks()
        let values = setting.seenSpectrum.values
        func sum(_ block: [Double], _ size: Int) -> [Double] {
            (0..<size).map { c in
                (0..<values.count).reversed().reduce(0) {
                    $0 + values[$1] * block[$1 * size + c]
                }
            }
        }
        let (k, m) = (room.students, room.teachers)
        return CommitteeOverlaps(
            q: sum(blocks.q, k * k), r: sum(blocks.r, k * m), t: sum(blocks.t, m * m), students: k,
            teachers: m)
    }

    /// Everything that a later process needs to go on: steps and the student's weights.
    package var state: (step: Int, weights: [Double]) {
        (step, room.weights.elements(0..<(room.students * room.stride)).map { Double($0) })
    }

    /// Takes up a kept state of the same training; returns whether it was one.
    package func restore(step: Int, weights: [Double]) -> Bool {
        guard step >= 0, weights.count == room.students * room.stride,
            weights.allSatisfy({ $0.isFinite })
        else { return false }
        self.step = step
        for (place, value) in weights.enumerated() { room.weights[place] = Scalar(value) }
        return true
    }
}
