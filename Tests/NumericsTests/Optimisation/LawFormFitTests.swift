import Numerics
import TestSupport
import Testing

/// What every form promises: slopes, curvature, units, and that it finds its own parameters.
@Suite struct LawFormFitTests {
    /// A form, true natural parameters, and inputs.
    struct Case: Sendable, CustomTestStringConvertible {
        let form: any LawForm
        let natural: [Double]
        let x: [[Double]]

        var testDescription: String { form.name }
    }

    private static func ladder(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
        (0..<count).map {
            Elementary.exp(
                Elementary.log(low) + Elementary.log(high / low) * Double($0) / Double(count - 1))
        }
    }

    private static func grid(_ first: [Double], _ second: [Double]) -> [[Double]] {
        [first.flatMap { one in second.map { _ in one } }, first.flatMap { _ in second }]
    }

    static let cases: [Case] = {
        let sizes = grid(ladder(1e7, 1e10, 6), ladder(1e9, 1e12, 6))
        let unique = sizes[0].indices.map { [1e9, 2e10, 1e11][$0 % 3] }
        let best = unique.map { $0 / 20 }
        return [
            Case(form: PowerSum.powerLaw, natural: [3, 0.4], x: [ladder(10, 1e5, 12)]),
            Case(
                form: PowerSum.powerLawWithFloor, natural: [0.2, 3, 0.4], x: [ladder(10, 1e5, 12)]),
            Case(
                form: PowerSum.chinchilla, natural: [1.7, 400, 1500, 0.34, 0.37], x: sizes),
            Case(form: PowerSum.chinchillaTied, natural: [1.7, 400, 900, 0.35], x: sizes),
            Case(
                form: PowerSum.overTraining, natural: [1.8, 20, 300, 0.13],
                x: grid(ladder(5, 640, 6), ladder(1e18, 1e21, 5))),
            Case(form: ShiftedPower(), natural: [4, 0.3, 1e-4], x: [ladder(10, 1e6, 15)]),
            Case(
                form: BrokenPower(breaks: 0), natural: [0.2, 3, 0.3], x: [ladder(10, 1e5, 12)]),
            Case(
                form: BrokenPower(breaks: 1), natural: [0.1, 3, 0.1, 0.7, 1000, 0.3],
                x: [ladder(10, 1e6, 30)]),
            Case(
                form: BrokenPower(breaks: 2),
                natural: [0.05, 3, 0.05, 0.5, 300, 0.2, 0.6, 3e4, 0.3], x: [ladder(10, 1e7, 60)]),
            Case(
                form: BrokenPower.plateauThenDecay, natural: [0.01, 0.8, 1.2, 500, 0.4],
                x: [ladder(1, 1e5, 30)]),
            Case(
                form: KaplanJoint(hasFloor: false), natural: [6e13, 0.076, 1.8e13, 0.103], x: sizes),
            Case(
                form: KaplanJoint(hasFloor: true), natural: [1.5, 40, 0.9, 30, 0.3], x: sizes),
            Case(
                form: DownstreamError(), natural: [0.85, 2.1, 0.7],
                x: [(0..<12).map { 2 + 0.2 * Double($0) }]),
            Case(
                form: DataConstrained(hasSize: false),
                natural: [1.87, 521, 1488, 0.353, 0.36, 15.39],
                x: sizes + [unique]),
            Case(
                form: DataConstrained(hasSize: true),
                natural: [1.87, 521, 1488, 0.353, 0.36, 15.39, 5.31], x: sizes + [unique, best]),
            Case(
                form: ExponentialToPower(), natural: [0.01, 2, 1.5, 40], x: [ladder(1, 1e5, 25)]),
            Case(
                form: BoundedPower(chance: 1), natural: [5, 0.4, 0.1, 0.6], x: [ladder(10, 1e5, 15)]
            ),
            Case(
                form: BoundedPower(chance: nil), natural: [5, 0.4, 0.1, 0.6, 0.95],
                x: [ladder(3, 1e5, 25)]),
        ] + written(sizes)
    }()

    /// Laws in the user's own words.
    private static func written(_ sizes: [[Double]]) -> [Case] {
        [
            Case(
                form: WrittenForms.chinchilla, natural: [1.7, 400, 1500, 0.34, 0.37], x: sizes),
            Case(form: WrittenForms.ladder, natural: [5, 7, 1.7, 0.34, 0.37], x: sizes),
            Case(form: WrittenForms.boundedLadder, natural: [5, 7, 1.7, 0.34, 0.37], x: sizes),
            Case(
                form: WrittenForms.sigmoid, natural: [-0.7, 0.95, 4, 0.8],
                x: [(0..<30).map { 0.1 + 0.05 * Double($0) }]),
            Case(
                form: WrittenForms.routed, natural: [1.1, -0.083, -0.118, 0.01, 2.1, 240],
                x: grid(ladder(1e7, 1e9, 5), [1, 2, 8, 32, 128, 512])),
            Case(
                form: WrittenForms.joint, natural: [1, 1.5, 2, 30, 40, 20, 0.3],
                x: grid(ladder(1e3, 1e8, 6), [0, 1, 2])),
            Case(
                form: WrittenForms.cases, natural: [3, 5, 0.4, 0.5], x: [ladder(10, 1e5, 12)]),
        ]
    }

    private func points(_ one: Case) -> ScaledPoints {
        let y = one.form.predict(
            one.natural, one.x, LawScale(inputs: one.x.map { _ in 0 }, output: 0))
        return ScaledPoints(x: one.x, y: y, scale: one.form.units(x: one.x, y: y))
    }

    @Test(arguments: cases)
    func `analytic slopes and curvature equal differences`(one: Case) {
        let points = points(one)
        let (n, p) = (points.count, one.form.count)
        let theta = one.form.coordinates(of: one.natural, points.scale)
        let weights = (0..<n).map { 1 + 0.1 * Double($0 % 5) }
        var values = LawValues(one.form, points)
        var (high, low) = (values, values)
        one.form.evaluate(theta, points, weights: weights, slopes: true, into: &values)
        var curvature = [Double](repeating: 0, count: p * p)
        one.form.addCurvature(theta, points, weights: weights, values: values, into: &curvature)
        let slopes = values.blocks.spread(values.slopes, over: p)
        for j in 0..<p {
            var (up, down) = (theta, theta)
            let step = 1e-5 * max(0.1, theta[j].magnitude)
            up[j] += step
            down[j] -= step
            one.form.evaluate(up, points, weights: weights, slopes: true, into: &high)
            one.form.evaluate(down, points, weights: weights, slopes: true, into: &low)
            let upper = high.blocks.spread(high.slopes, over: p)
            let lower = low.blocks.spread(low.slopes, over: p)
            for i in 0..<n {
                let difference = (high.f[i] - low.f[i]) / (2 * step)
                let slope = slopes[i * p + j]
                #expect(
                    (difference - slope).magnitude < 1e-6 * (1 + slope.magnitude),
                    "row \(i), \(one.form.coordinates[j].name)")
            }
            for k in 0..<p {
                var sum = 0.0
                for i in 0..<n {
                    sum += weights[i] * (upper[i * p + k] - lower[i * p + k]) / (2 * step)
                }
                #expect(
                    (sum - curvature[j * p + k]).magnitude < 1e-5 * (1 + sum.magnitude),
                    "curvature \(j), \(k): \(sum) against \(curvature[j * p + k])")
            }
        }
    }

    @Test(arguments: cases)
    func `natural parameters and coordinates are inverse and predict the same`(one: Case) {
        let points = points(one)
        let theta = one.form.coordinates(of: one.natural, points.scale)
        let back = one.form.natural(theta, points.scale)
        for (a, b) in zip(back, one.natural) { #expect(isNear(a, b, 1e-11)) }
        #expect(one.form.parameters.count == one.form.coordinates.count)
        let ones = points.y.map { _ in 1.0 }
        var values = LawValues(one.form, points)
        one.form.evaluate(theta, points, weights: ones, slopes: false, into: &values)
        for (f, y) in zip(values.f, points.y) { #expect(isNear(f, y, 1e-10)) }
    }

    @Test(arguments: cases)
    func `a natural parameter depends on the coordinates that the form says`(one: Case) {
        let points = points(one)
        let theta = one.form.coordinates(of: one.natural, points.scale)
        let natural = one.form.natural(theta, points.scale)
        for j in theta.indices {
            var moved = theta
            moved[j] *= 1.01
            let other = one.form.natural(moved, points.scale)
            for place in natural.indices where other[place] != natural[place] {
                #expect(one.form.coordinates(ofNatural: place).contains(j), "\(place) on \(j)")
            }
        }
    }

    @Test(arguments: cases)
    func `a form finds the law that made the points`(one: Case) throws {
        let y = one.form.predict(
            one.natural, one.x, LawScale(inputs: one.x.map { _ in 0 }, output: 0))
        let law = try LawFitter(one.form, LawObjective(.squares, in: .log), starts: 8)
            .fit(x: one.x, y: y)
        let fitted = law.predict(one.x)
        for (a, b) in zip(fitted, y) { #expect(isNear(a, b, 1e-6)) }
        for ((a, b), parameter) in zip(zip(law.natural, one.natural), one.form.parameters) {
            #expect(isNear(a, b, 1e-4), "\(parameter.name): \(a), expected \(b)")
        }
    }

    @Test func `points without a law give a certified fit or a reason, never a bad fit`() throws {
        var reasons: [String: Int] = [:]
        for seed in 0..<trials(200) {
            var stream = RandomStream(seed: UInt64(seed), purpose: "noise")
            let x = (0..<8).map { Elementary.exp(Double($0) * 0.9 + 0.2 * stream.normal()) }
            let y = x.map { _ in Elementary.exp(1.5 * stream.normal()) }
            for form in [PowerSum.powerLaw, PowerSum.powerLawWithFloor] {
                do {
                    let law = try LawFitter(form, LawObjective(.squares, in: .log)).fit(
                        x: [x], y: y)
                    #expect(law.certificate.scaledGradient < 1e-6)
                    reasons[form.name, default: 0] += 1
                } catch {
                    reasons["\(error)".prefix(60).description, default: 0] += 1
                }
            }
        }
        #expect(reasons["power-law"] == trials(200))
    }

    /// Three groups of eight points with waves of 1 %, whose order is mixed.
    @Test func `a joint fit finds what scipy finds`() throws {
        let truth = [(1.2, 40.0), (1.5, 60.0), (1.9, 90.0)]
        let rows = (0..<24).map { 7 * $0 % 24 }
        let n = rows.map { 1000 * Elementary.power(2, Double($0 % 8)) }
        let y = zip(rows, n).map { row, n in
            let (floor, factor) = truth[row / 8]
            return (floor + factor * Elementary.power(n, -0.45))
                * Elementary.exp(0.01 * Elementary.sin(7 * Double(row)))
        }
        let law = try LawFitter(WrittenForms.joint, LawObjective(.squares, in: .log))
            .fit(x: [n, rows.map { Double($0 / 8) }], y: y)
        // scipy 1.17.1, least_squares on the same residuals: E, A of each group, alpha.
        let expected = [
            1.13746385, 1.4212071, 1.80269838, 32.94032487, 48.7481314, 72.12406691,
            0.4168217774659813,
        ]
        for (found, value) in zip(law.natural, expected) { #expect(isNear(found, value, 1e-6)) }
        #expect(isNear(law.value, 7.076691088164666e-05, 1e-8))
        #expect(law.certificate.agreeing == law.certificate.starts)
    }
}
