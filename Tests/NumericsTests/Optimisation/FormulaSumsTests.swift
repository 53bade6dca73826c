import Numerics
import Testing

/// What an objective sums over the points of a compiled formula.
@Suite struct FormulaSumsTests {
    struct Case: Sendable, CustomStringConvertible {
        let form: FormulaForm
        let natural: [Double]
        let x: [[Double]]

        var description: String { form.formula }
    }

    private static func spread(_ low: Double, _ high: Double, _ count: Int, by step: Int)
        -> [Double]
    {
        (0..<count).map { place in
            let share = Double(place * step % count) / Double(count - 1)
            return Elementary.exp(
                (1 - share) * Elementary.log(low) + share * Elementary.log(high))
        }
    }

    static let cases: [Case] = [
        Case(
            form: WrittenForms.chinchilla, natural: [1.8, 480, 2000, 0.35, 0.37],
            x: [spread(1e7, 1e10, 133, by: 1), spread(1e9, 1e12, 133, by: 29)]),
        Case(
            form: WrittenForms.boundedLadder, natural: [5.1, 6.2, 0.6, 0.31, 0.35],
            x: [spread(1e8, 1e10, 16, by: 1), spread(1e9, 1e12, 16, by: 7)]),
        Case(
            form: WrittenForms.sigmoid, natural: [-0.7, 0.9, 4, 1.1],
            x: [(0..<70).map { 0.02 * Double($0) }]),
        Case(
            form: WrittenForms.joint, natural: [1, 1.5, 2, 30, 40, 20, 0.3],
            x: [spread(1e3, 1e8, 40, by: 3), (0..<40).map { Double($0 % 3) }]),
        Case(
            form: WrittenForms.cases, natural: [3, 5, 0.4, 0.5], x: [spread(10, 1e5, 21, by: 1)]),
    ]

    private static let objectives: [LawObjective] = [
        LawObjective(.squares, in: .linear), LawObjective(.squares, in: .log1p),
        LawObjective(.huber(1e-3), in: .log),
    ]

    /// The points of a law, off by some percents, and weights of which some are 0.
    private func points(
        _ one: Case, _ objective: LawObjective
    ) -> (points: ObjectivePoints, theta: [Double]) {
        let plain = LawScale(inputs: one.x.map { _ in 0 }, output: 0)
        let y = one.form.predict(one.natural, one.x, plain).enumerated().map { row, value in
            value * (1 + 0.02 * (Double(row * 7 % 11) - 5))
        }
        let scale = one.form.units(x: one.x, y: y)
        let points = ObjectivePoints(
            ScaledPoints(x: one.x, y: y, scale: scale), weights: y.indices.map { Double($0 % 4) },
            objective)
        return (points, one.form.coordinates(of: one.natural, scale))
    }

    private func numbers(
        _ sums: any ObjectiveSums, _ theta: [Double], _ cost: SmoothCost
    ) -> [Double] {
        var sums = sums
        let all = sums.derivatives(theta, cost)
        return [sums.value(theta, cost), all.value] + all.gradient + all.size + all.curvature
            + all.model
    }

    @Test(arguments: cases)
    func `every instruction set gives the same bits`(one: Case) {
        for objective in FormulaSumsTests.objectives {
            for delta in [1e-2, .infinity] {
                let (points, theta) = points(one, objective)
                let all = Kernels.available.map {
                    numbers(one.form.sums(points, $0), theta, SmoothCost(delta: delta))
                }
                for (kernels, found) in zip(Kernels.available, all) {
                    #expect(isSame(found, all[0]), "\(kernels.variant)")
                }
            }
        }
    }

    @Test(arguments: cases)
    func `they are the sums of values and slopes point by point`(one: Case) {
        for objective in FormulaSumsTests.objectives {
            for delta in [1e-2, .infinity] {
                let (points, theta) = points(one, objective)
                let cost = SmoothCost(delta: delta)
                let found = numbers(one.form.sums(points), theta, cost)
                let expected = numbers(PointwiseSums(one.form, points), theta, cost)
                let size = expected.reduce(0) { max($0, $1.magnitude) }
                #expect(found.count == expected.count && size > 0)
                for (a, b) in zip(found, expected) {
                    #expect((a - b).magnitude <= 1e-10 * (b.magnitude + size), "\(objective.text)")
                }
            }
        }
    }

    @Test func `samples of a law with bounds within exponents end where a whole search ends`()
        throws
    {
        let one = FormulaSumsTests.cases[1]
        let plain = LawScale(inputs: [0, 0], output: 0)
        let y = one.form.predict(one.natural, one.x, plain).enumerated().map { row, value in
            value * (1 + 0.0008 * (Double(row * 5 % 16) - 7.5))
        }
        let fitter = LawFitter(one.form, LawObjective(.huber(1e-3), in: .log))
        let law = try fitter.fit(x: one.x, y: y)
        let points = ScaledPoints(x: one.x, y: y, scale: law.scale)
        var compared = 0
        for sample in 0..<12 {
            let weights = LawBootstrap.weights(
                y.map { _ in 1 }, groups: y.indices.map { [$0] }, seed: 3, sample: sample)
            guard let whole = try? fitter.fit(x: one.x, y: y, weights: weights) else { continue }
            compared += 1
            let theta = try #require(fitter.refit(law, points: points, weights: weights))
            let found = zip(
                one.form.predict(one.form.natural(theta, law.scale), one.x, law.scale), y)
            let value = zip(found, weights).reduce(0.0) {
                $0 + $1.1 * fitter.objective.cost(Elementary.log($1.0.0) - Elementary.log($1.0.1))
            }
            #expect(value <= whole.value * (1 + 1e-6), "\(sample)")
        }
        #expect(compared >= 6)
    }
}
