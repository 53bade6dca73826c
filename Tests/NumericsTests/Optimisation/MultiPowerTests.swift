import Glibc
import Numerics
import Testing

@Suite struct MultiPowerTests {
    /// A warm-up, a plateau, then a cosine, or steps down.
    private static let rates: [[Double]] = {
        let warm = (0..<10).map { 3e-4 * Double($0) / 9 }
        let cosine = (0..<90).map { 3e-5 + 1.35e-4 * (1 + Glibc.cos(Double.pi * Double($0) / 90)) }
        let steps = (0..<90).map { $0 < 40 ? 3e-4 : $0 < 70 ? 1e-4 : 4e-5 }
        return [warm + cosine, warm + steps, warm + [Double](repeating: 3e-4, count: 90)]
    }()

    private static let form = MultiPower(rates.map { RateSchedule($0) })

    private static let x: [[Double]] = {
        let steps = stride(from: 12, to: 100, by: 3).map(Double.init)
        return [
            rates.indices.flatMap { curve in steps.map { _ in Double(curve) } },
            rates.indices.flatMap { _ in steps },
        ]
    }()

    private static let natural = [2.6, 0.02, 300, 0.45, 0.02, 0.6, 0.65]

    /// The formula as it is printed, term by term.
    private static func printed(_ p: [Double], _ eta: [Double], _ t: Int) -> Double {
        var (first, falls) = (0.0, 0.0)
        for step in 0...t { first += eta[step] }
        for k in 1...t {
            var sum = 0.0
            for step in k...t { sum += eta[step] }
            let decay = Glibc.pow(1 + p[4] * Glibc.pow(eta[k], -p[6]) * sum, -p[5])
            falls += (eta[k - 1] - eta[k]) * (1 - decay)
        }
        return p[0] + p[1] * Glibc.pow(first, -p[3]) - p[2] * falls
    }

    private static func points() -> ScaledPoints {
        let y = zip(x[0], x[1]).map { printed(natural, rates[Int($0)], Int($1)) }
        return ScaledPoints(x: x, y: y, scale: form.units(x: x, y: y))
    }

    @Test func `the law is the printed sum`() {
        let points = Self.points()
        let found = Self.form.predict(Self.natural, Self.x, points.scale)
        for (place, value) in found.enumerated() {
            let expected = Self.printed(
                Self.natural, Self.rates[Int(Self.x[0][place])], Int(Self.x[1][place]))
            #expect((value / expected - 1).magnitude < 1e-12)
        }
    }

    @Test func `coordinates and natural parameters are each other's inverse`() {
        let scale = Self.points().scale
        let back = Self.form.natural(Self.form.coordinates(of: Self.natural, scale), scale)
        for (a, b) in zip(back, Self.natural) { #expect((a / b - 1).magnitude < 1e-12) }
    }

    @Test func `slopes and curvature are those of differences`() {
        let (form, points) = (Self.form, Self.points())
        let theta = form.coordinates(of: Self.natural, points.scale)
        let p = theta.count
        let weights = points.y.indices.map { 1 + 0.1 * Double($0 % 7) }
        func slopes(_ theta: [Double]) -> (f: [Double], slopes: [Double], values: LawValues) {
            var values = LawValues(form, points)
            form.evaluate(theta, points, weights: weights, slopes: true, into: &values)
            return (values.f, values.slopes, values)
        }
        let here = slopes(theta)
        var curvature = [Double](repeating: 0, count: p * p)
        form.addCurvature(theta, points, weights: weights, values: here.values, into: &curvature)
        for j in 0..<p {
            let step = 1e-5 * max(0.1, theta[j].magnitude)
            var (up, down) = (theta, theta)
            up[j] += step
            down[j] -= step
            let (high, low) = (slopes(up), slopes(down))
            for i in 0..<points.count {
                let difference = (high.f[i] - low.f[i]) / (2 * step)
                #expect((difference - here.slopes[i * p + j]).magnitude < 1e-6)
            }
            for k in 0..<p {
                var difference = 0.0
                for i in 0..<points.count {
                    difference +=
                        weights[i] * (high.slopes[i * p + k] - low.slopes[i * p + k]) / (2 * step)
                }
                #expect((difference - curvature[j * p + k]).magnitude < 1e-4)
            }
        }
    }

    @Test func `a planted law is found again`() throws {
        let points = Self.points()
        let y = points.y.map { $0 * points.scale.y }
        let law = try LawFitter(Self.form, LawObjective(.squares, in: .log)).fit(x: Self.x, y: y)
        for (found, expected) in zip(law.natural, Self.natural) {
            #expect((found / expected - 1).magnitude < 1e-3, "\(found), expected \(expected)")
        }
    }

    @Test func `the annealing area is the double sum`() {
        let (eta, decay) = (Self.rates[1], 0.9)
        let found = RateSchedule(eta, from: 10).annealing(decay)
        for t in [10, 49, 50, 55, 80, 99] {
            var sum = 0.0
            for i in 10...t {
                for k in 10...i { sum += (eta[k - 1] - eta[k]) * Glibc.pow(decay, Double(i - k)) }
            }
            #expect((found[t] - sum).magnitude < 1e-15)
        }
        #expect(found[9] == 0)
    }
}
