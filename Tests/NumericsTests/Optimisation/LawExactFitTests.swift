import Numerics
import Testing

/// Points without noise, and values that have no logarithm.
@Suite struct LawExactFitTests {
    private static let x = (0..<14).map { 100 * Elementary.power(2, Double($0)) }

    /// A form, what made the points, and its inputs.
    struct Planted: Sendable, CustomTestStringConvertible {
        let form: any LawForm
        let natural: [Double]
        let inputs: [[Double]]
        var testDescription: String { form.name }
    }

    private static let planted: [Planted] = [
        Planted(form: PowerSum.powerLaw, natural: [3, 0.4], inputs: [x]),
        Planted(form: PowerSum.powerLawWithFloor, natural: [1.8, 40, 0.4], inputs: [x]),
        Planted(form: ShiftedPower(), natural: [2, 0.3, 0.001], inputs: [x]),
        Planted(form: BoundedPower(chance: 1), natural: [5, 0.5, 0.05, 0.3], inputs: [x]),
        Planted(
            form: PowerSum.chinchilla, natural: [1.8, 480, 2100, 0.347, 0.366],
            inputs: [
                (0..<16).map { 1e7 * Elementary.power(4, Double($0 % 4)) },
                (0..<16).map { 1e9 * Elementary.power(5, Double($0 / 4)) },
            ]),
    ]

    @Test(arguments: planted, [LawObjective.Loss.squares, .huber(1e-3), .absolute])
    func `a law is found from points that it made, by every loss`(
        one: Planted, loss: LawObjective.Loss
    ) throws {
        let scale = LawScale(inputs: one.inputs.map { _ in 0 }, output: 0)
        let y = one.form.predict(one.natural, one.inputs, scale)
        for space in [LawObjective.Space.log, .linear] {
            let law = try LawFitter(one.form, LawObjective(loss, in: space)).fit(
                x: one.inputs, y: y)
            for (found, truth) in zip(law.natural, one.natural) {
                #expect(isNear(found, truth, 1e-5), "\(space): \(law.natural)")
            }
            #expect(law.certificate.agreeing * 2 >= law.certificate.starts, "\(space)")
        }
    }

    @Test func `a broken law is found from its own points by absolute residuals`() throws {
        let form = BrokenPower(breaks: 1)
        let x = (0..<40).map { 10 * Elementary.power(1.4, Double($0)) }
        let natural = [0.2, 3, 0.1, 0.5, 2000, 0.4]
        let y = form.predict(natural, [x], LawScale(inputs: [0], output: 0))
        let law = try LawFitter(form, LawObjective(.absolute, in: .log)).fit(x: [x], y: y)
        for (found, truth) in zip(law.natural, natural) { #expect(isNear(found, truth, 1e-4)) }
    }

    /// −1 + 10 x^(−0.05): every y is positive, the floor is not.
    @Test func `residuals of y find a floor below 0, those of log y stop at 0`() throws {
        let y = Self.x.map { -1 + 10 * Elementary.power($0, -0.05) }
        let free = try LawFitter(PowerSum.powerLawWithFloor, LawObjective(.squares, in: .linear))
            .fit(x: [Self.x], y: y)
        for (found, truth) in zip(free.natural, [-1, 10, 0.05]) {
            #expect(isNear(found, truth, 1e-6), "\(free.natural)")
        }
        #expect(free.certificate.atBound == [])
        #expect(isNear(free.predict([[1e6]])[0], -1 + 10 * Elementary.power(1e6, -0.05), 1e-9))
        let bound = try LawFitter(PowerSum.powerLawWithFloor, LawObjective(.squares, in: .log))
            .fit(x: [Self.x], y: y)
        #expect(bound.natural[0] == 0)
        #expect(bound.certificate.atBound == ["E"])
    }

    /// numpy 2: values of −2 + 5 x^(−0.2) for x = 100 … 819,200 pass 0 near x = 98.
    @Test func `y below 0 is fitted where residuals allow it, and refused where not`() throws {
        let y = Self.x.map { -2 + 5 * Elementary.power($0, -0.2) }
        #expect(y[0] < 0 && y[13] < -1)
        for loss in [LawObjective.Loss.squares, .absolute] {
            let law = try LawFitter(PowerSum.powerLawWithFloor, LawObjective(loss, in: .linear))
                .fit(x: [Self.x], y: y)
            for (found, truth) in zip(law.natural, [-2, 5, 0.2]) {
                #expect(isNear(found, truth, 1e-5), "\(law.natural)")
            }
        }
        let zero = Self.x.map { 3 * Elementary.power($0, -0.5) - 0.001 }.map { max(0, $0) }
        let log1p = try LawFitter(PowerSum.powerLaw, LawObjective(.squares, in: .log1p)).fit(
            x: [Self.x], y: zero.dropLast() + [0])
        #expect((log1p.parameter("alpha") ?? 0) > 0.4)
        func refusal(_ space: LawObjective.Space, _ y: [Double]) -> String {
            do {
                _ = try LawFitter(PowerSum.powerLaw, LawObjective(.squares, in: space)).fit(
                    x: [Self.x], y: y)
                return "none"
            } catch { return "\(error)" }
        }
        let ones = Self.x.map { _ in 1.0 }
        #expect(
            refusal(.log, [0] + ones.dropFirst())
                == "point 1: expected a positive number, found y = 0.0")
        #expect(
            refusal(.log1p, [-1] + ones.dropFirst())
                == "point 1: expected a number above -1, found y = -1.0")
        #expect(
            refusal(.linear, [.infinity] + ones.dropFirst())
                == "point 1: expected a finite number, found y = inf")
    }
}
