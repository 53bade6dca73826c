import Canon
import Experiment
import Testing

/// The numbers of ranges.
///
/// Expected values: exact fractions and logarithms of 80 digits, rounded once, by Python's `fractions` and
/// `decimal`: `float(((a.ln() * (n - 1 - i) + b.ln() * i) / (n - 1)).exp())`.
@Suite struct RangeTests {
    private func values(_ axis: String) throws -> [Double] {
        try load(
            "experiment: x\nseed: 1\naxes: {x: \(axis)}\nstages: {a: {kind: test.numbers, over: [x]}}\n"
        ).actions.compactMap { $0.coordinates[0].value.double }
    }

    private func warnings(_ axis: String) throws -> [String] {
        try load(
            "experiment: x\nseed: 1\naxes: {x: \(axis)}\nstages: {a: {kind: test.numbers, over: [x]}}\n"
        ).warnings.map { $0.message }
    }

    private func refusal(_ axis: String) -> String {
        mistakes("experiment: x\nseed: 1\naxes: {x: \(axis)}\nstages: {a: {kind: test.numbers}}\n")
    }

    @Test(arguments: [
        ("{from: 0.1, to: 0.7, step: 0.1}", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
        ("{from: 0, to: 0.3, step: 0.1}", [0, 0.1, 0.2, 0.3]),
        ("{from: 0, to: 0.6, step: .2}", [0, 0.2, 0.4, 0.6]),
        ("{from: 1, to: 0, step: -0.25}", [1, 0.75, 0.5, 0.25, 0]),
        ("{from: 1e-3, to: 0.005, step: 0.001}", [0.001, 0.002, 0.003, 0.004, 0.005]),
        ("{from: 5, to: 5, step: 1}", [5]),
        (
            "{from: 1e15, to: 1000000000000002, step: 1}",
            [1e15, 1_000_000_000_000_001, 1_000_000_000_000_002]
        ),
        ("{from: 0, to: 1e-300, step: 5e-301}", [0, 5e-301, 1e-300]),
    ])
    func `a range by steps reaches its end and holds short decimals`(
        axis: String, expected: [Double]
    ) throws {
        #expect(try values(axis) == expected)
        #expect(try warnings(axis).isEmpty)
    }

    @Test(arguments: [
        ("0", "1", 11, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
        ("0.1", "0.7", 4, [0.1, 0.3, 0.5, 0.7]), ("1e308", "-1e308", 3, [1e308, 0, -1e308]),
        (
            "0.1", "0.2", 7,
            [
                0.1, 0.11666666666666667, 0.13333333333333333, 0.15, 0.16666666666666666,
                0.18333333333333332,
                0.2,
            ]
        ),
        ("-3", "1e-5", 4, [-3.0, -1.9999966666666666, -0.9999933333333333, 1e-05]),
        ("7", "7", 1, [7]),
    ])
    func `points at equal distances are the nearest doubles to the exact fractions`(
        from: String, to: String, points: Int, expected: [Double]
    ) throws {
        #expect(try values("{from: \(from), to: \(to), points: \(points)}") == expected)
    }

    @Test(arguments: [
        ("1", "1000", 4, [1, 10, 100, 1000]), ("10", "1000", 3, [10, 100, 1000]),
        ("0.001", "1", 4, [0.001, 0.01, 0.1, 1]),
        ("1e3", "1e6", 4, [1000, 10000, 100_000, 1_000_000]),
        ("1000", "1", 4, [1000, 100, 10, 1]),
        ("1e17", "1e22", 6, [1e17, 1e18, 1e19, 1e20, 1e21, 1e22]),
        ("1e-300", "1e300", 7, [1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300]),
        (
            "1", "2", 13,
            [
                1.0, 1.0594630943592953, 1.122462048309373, 1.189207115002721, 1.2599210498948732,
                1.3348398541700344, 1.4142135623730951, 1.4983070768766815, 1.5874010519681996,
                1.681792830507429, 1.7817974362806785, 1.887748625363387, 2.0,
            ]
        ),
        (
            "3e-4", "0.7", 9,
            [
                0.0003, 0.0007908941311894492, 0.0020850450891663785, 0.005496833080956901,
                0.014491376746189439, 0.03820381607138827, 0.1007172463996738, 0.26552226362354564,
                0.7,
            ]
        ),
        (
            "5", "1e5", 11,
            [
                5.0, 13.46086609098478, 36.23898318388478, 97.56161998234445, 262.6527804403767,
                707.1067811865476, 1903.6539387158784, 5124.966150526037, 13797.296614612149,
                37144.712429378356, 100000.0,
            ]
        ),
    ])
    func `points at equal ratios are right to the last bit`(
        from: String, to: String, points: Int, expected: [Double]
    ) throws {
        #expect(try values("{from: \(from), to: \(to), points: \(points), scale: log}") == expected)
    }

    @Test func `a condition holds on the decimals of a range`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            axes: {y: {from: 0, to: 1, step: 0.1}, z: {from: 0, to: 1, points: 11}}
            stages:
              a: {kind: test.numbers, over: [y], when: y == 0.3 or y == 0.7}
              b: {kind: test.numbers, over: [z], when: z == 0.6}
            """)
        #expect(graph.actions.map { $0.name } == ["a[y=0.3]", "a[y=0.7]", "b[z=0.6]"])
    }

    @Test func `a range that does not reach its end says where it ends`() throws {
        #expect(try values("{from: 0, to: 1, step: 0.3}") == [0, 0.3, 0.6, 0.9])
        #expect(
            try warnings("{from: 0, to: 1, step: 0.3}") == [
                "the range ends at 0.9: `to` is no whole number of steps away"
            ])
    }

    @Test func `points that coincide when rounded are left out, and how many is told`() throws {
        let axis = "{from: 1, to: 10, points: 20, scale: log, round: true}"
        #expect(try values(axis) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(
            try warnings(axis) == [
                "10 of 20 points coincide with others when rounded and are left out"
            ])
    }

    @Test(arguments: [
        ("{from: 1, to: 10, points: 1}", "one point for two ends"),
        ("{from: 0, to: 10, points: 3, scale: log}", "a logarithmic range reaches 0 or below"),
        ("{from: 0, to: 10, points: 3, scale: lgo}", "unknown scale `lgo`"),
        ("{from: 0, to: 10, step: 0}", "`step` does not lead from `from` to `to`"),
        ("{from: 0, to: 10, step: -1}", "`step` does not lead from `from` to `to`"),
        ("{from: 0, to: 1e300, step: 1}", "`step` does not lead from `from` to `to`"),
        ("{from: 1e308, to: -1e308, step: 1e-308}", "`step` does not lead from `from` to `to`"),
        ("{from: 0, to: 9e9, step: 1}", "in 1 to 1000000 points"),
        ("{from: 1e-300, to: 1e300, points: 3}", "`from` and `to` are too far apart"),
        (
            "{from: 1e16, to: 10000000000000010e0, step: 1}",
            "closer together than numbers can be told apart"
        ),
        ("{from: 0, to: 1, points: 1e300}", "`points` is the number 1e300"),
        ("{from: 0, to: 1, points: 2000000}", "expected: a whole number from 1 to 1000000"),
        ("{from: 0, to: 1, points: 2.5}", "`points` is the number 2.5"),
        ("{from: x, to: 1, points: 2}", "`from` is the text \"x\""),
        ("{from: 1e400, to: 1, points: 2}", "`from` is 1e400, which is beyond the largest number"),
        ("{count: 1e300}", "`count` is the number 1e300"),
        ("{count: 0}", "`count` is the number 0"),
        ("5", "axis `x` is the number 5"), ("[]", "axis `x` is empty"),
    ])
    func `a range that cannot be is refused with what is expected`(axis: String, message: String) {
        let found = refusal(axis)
        #expect(found.hasPrefix("x.yaml:3:"), "\(found)")
        #expect(found.contains(message), "\(found)")
    }

    @Test func `ranges of any size end in values or a message`() {
        let ends = [
            "0", "1", "-1", "1e308", "-1e308", "5e-324", "1e-300", "9007199254740992", "1e22",
            "0.1",
            "123456789.123456789", "1.7976931348623157e308",
        ]
        for from in ends {
            for to in ends {
                for rest in [
                    "points: 3", "points: 3, scale: log", "step: 1e300", "step: 5e-324",
                    "step: 0.3",
                ] {
                    let text = "{from: \(from), to: \(to), \(rest)}"
                    if let found = try? values(text) {
                        #expect(found.allSatisfy { $0.isFinite }, "\(text)")
                    }
                }
            }
        }
    }
}
