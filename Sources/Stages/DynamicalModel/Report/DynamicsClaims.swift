import Canon
import Experiment
import Numerics
import System
import Workbench

/// The claims B1 to B7 of docs/COMPUTE-OPTIMAL.md against the results of a run.
struct DynamicsClaims {
    let exponents: [(input: StageInput, json: JSON)]
    let losses: [Curve]
    let ensembles: [(input: StageInput, table: Table)]
    let descents: [(input: StageInput, table: Table)]

    /// Losses of one problem.
    struct Curve {
        let input: StageInput
        let table: Table
        let a, b: Double
    }

    private static let sourced = "sourced (a published summary of arXiv 2402.01092)"

    /// A member of a mapping that some axis of an action has as its value.
    static func member(_ input: StageInput, _ name: String) -> Double? {
        for coordinate in input.coordinates {
            if let value = coordinate.value[name]?.double { return value }
            if coordinate.axis == name { return coordinate.value.double }
        }
        return nil
    }

    init(_ context: StageContext) throws {
        exponents = try context.inputs("exponents").map { ($0, try JSON(parsing: $0.bytes())) }
        losses = try context.inputs("losses").map { input in
            Curve(
                input: input, table: try Table(csv: input.bytes()),
                a: Self.member(input, "a") ?? .nan, b: Self.member(input, "b") ?? .nan)
        }
        ensembles = try context.inputs("ensembles").map { ($0, try Table(csv: $0.bytes())) }
        descents = try context.inputs("descents").map { ($0, try Table(csv: $0.bytes())) }
    }

    func all() -> [CheckedClaim] {
        [time(), size(), compute(), width(), meanField(), ensemble(), easy(), gap()]
    }

    private func found(_ a: Double, _ b: Double, _ path: String...) -> (
        value: Double, input: StageInput
    )? {
        guard
            let one = exponents.first(where: {
                $0.json["a"]?.double == a && $0.json["b"]?.double == b
            })
        else { return nil }
        guard let value = Self.number(one.json, path[...]) else { return nil }
        return (value, one.input)
    }

    /// The number that a path of members leads to.
    ///
    /// By recursion: Swift 6.3.1's optimiser dies of a loop that assigns an optional to its own member.
    private static func number(_ json: JSON, _ path: ArraySlice<String>) -> Double? {
        guard let step = path.first else { return json.double }
        guard let member = json[step] else { return nil }
        return number(member, path.dropFirst())
    }

    /// Compares several exponents with what is expected of each.
    private func compared(
        _ id: String, _ claim: String, basis: String, expected: String,
        _ cases: [(
            name: String, found: (value: Double, input: StageInput)?, expected: Double, room: Double
        )]
    ) -> CheckedClaim {
        let known = cases.filter { $0.found != nil }
        guard !known.isEmpty else { return .lacking(id, claim, basis: basis, expected: expected) }
        var inputs: [StageInput] = []
        for one in known.compactMap({ $0.found?.input })
        where !inputs.contains(where: { $0.digest == one.digest }) {
            inputs.append(one)
        }
        return CheckedClaim(
            id: id, claim: claim, basis: basis, expected: expected,
            measured: known.map { "\($0.name): \(Told.number($0.found?.value, 4))" }.joined(
                separator: "; "),
            verdict: .init(
                known.allSatisfy { one in
                    one.found.map { ($0.value - one.expected).magnitude <= one.room } ?? false
                }), inputs: inputs)
    }

    private func time() -> CheckedClaim {
        compared(
            "B1", "Bottleneck of time: L ~ t^−(a−1)/b", basis: Self.sourced,
            expected: "(2, 1.5): −0.6668; (2, 2): −0.5000; ± 0.001",
            [
                ("(2, 1.5)", found(2, 1.5, "time"), -0.6668, 1e-3),
                ("(2, 2)", found(2, 2, "time"), -0.5, 1e-3),
            ])
    }

    /// The slope of simulated losses at infinite time over sizes, with its error from those of the means.
    private func simulated(_ a: Double, _ b: Double) -> (
        slope: Double, error: Double, input: StageInput
    )? {
        guard let curve = losses.first(where: { $0.a == a && $0.b == b }) else { return nil }
        var (x, y, relative) = ([Double](), [Double](), [Double]())
        for row in curve.table.rows where row[1] == .null {
            guard let n = row[0].double, let mean = row[2].double, let se = row[3].double else {
                continue
            }
            x.append(Elementary.log(n))
            y.append(Elementary.log(mean))
            relative.append(se / mean)
        }
        guard let line = StraightLine(x, y) else { return nil }
        let mean = x.reduce(0, +) / Double(x.count)
        let spread = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let variance = zip(x, relative).reduce(0.0) { sum, one in
            let weight = (one.0 - mean) / spread
            return sum + weight * weight * one.1 * one.1
        }
        return (line.slope, variance.squareRoot(), curve.input)
    }

    private func size() -> CheckedClaim {
        let (claim, expected) = (
            "Bottleneck of size in the hard regime: L ~ N^−(a−1)",
            """
            theory, N = 16 to 256: −0.470 (1.5, 1.25), −0.921 (2, 1.5) ± 0.015; simulation within \
            0.05 of the theory for its modes
            """
        )
        var claimed = compared(
            "B2", claim, basis: Self.sourced, expected: expected,
            [
                ("theory (1.5, 1.25)", found(1.5, 1.25, "size"), -0.470, 0.015),
                ("theory (2, 1.5)", found(2, 1.5, "size"), -0.921, 0.015),
            ])
        var (text, holds, inputs) = (claimed.measured, claimed.verdict == .held, claimed.inputs)
        for (a, b) in [(1.5, 1.25), (2, 1.5)] {
            guard let own = simulated(a, b),
                let curve = losses.first(where: { $0.a == a && $0.b == b })
            else { continue }
            let rows = curve.table.rows.filter { $0[1] == .null }
            let theory =
                StraightLine(
                    rows.compactMap { $0[0].double.map(Elementary.log) },
                    rows.compactMap { $0[5].double.map(Elementary.log) })?.slope ?? .nan
            text += """
                ; simulation (\(Told.plain(a)), \(Told.plain(b))): \
                \(Told.withError(own.slope, own.error)), theory for its modes \
                \(Told.number(theory))
                """
            holds = holds && (own.slope - theory).magnitude < 0.05 + 2 * own.error
            inputs.append(own.input)
        }
        if claimed.verdict != .told {
            claimed = CheckedClaim(
                id: "B2", claim: claim, basis: Self.sourced, expected: expected, measured: text,
                verdict: .init(holds), inputs: inputs)
        }
        return claimed
    }

    private func compute() -> CheckedClaim {
        compared(
            "B3",
            "Compute-optimal: L ~ C^−(a−1)/(1+b), N ~ C^1/(1+b), t ~ C^b/(1+b); t grows faster than N",
            basis: Self.sourced,
            expected: "(2, 2): −0.333, 0.334; (1.5, 1.25): −0.222, 0.444; ± 0.005",
            [
                ("(2, 2) L", found(2, 2, "optimum", "loss"), -0.333, 5e-3),
                ("N", found(2, 2, "optimum", "size"), 0.334, 5e-3),
                ("t", found(2, 2, "optimum", "time"), 0.666, 5e-3),
                ("(1.5, 1.25) L", found(1.5, 1.25, "optimum", "loss"), -0.222, 5e-3),
                ("N", found(1.5, 1.25, "optimum", "size"), 0.444, 5e-3),
            ])
    }

    private func width() -> CheckedClaim {
        compared(
            "B4", "Early in training L_N − L_∞ ~ 1/N for every task, late N^−(a−1)",
            basis: Self.sourced,
            expected:
                "(1.5, 1.25), N = 256 to 2048: −1.00 at t ≤ 1 (± 0.01), −0.50 at t = ∞ (± 0.01)",
            [
                ("t = 0.1", found(1.5, 1.25, "width", "0.10"), -1, 0.01),
                ("t = 1", found(1.5, 1.25, "width", "1.0"), -1, 0.01),
                ("t = ∞", found(1.5, 1.25, "width", "infinity"), -0.5, 0.01),
            ])
    }

    /// Descents with runs.
    private var simulatedDescents: [(input: StageInput, table: Table)] {
        descents.filter { $0.table.rows.first?[3].double != nil }
    }

    private func meanField() -> CheckedClaim {
        let (claim, expected) = (
            "Mean-field theory gives mean test and train losses on reused data",
            """
            within 3 % (and two standard errors) of the mean of at least 500 runs at every step, M \
            = 64, N = 24, P = 40
            """
        )
        let basis = "sourced theory; discrete recursion ours"
        guard !simulatedDescents.isEmpty else {
            return .lacking("B5", claim, basis: basis, expected: expected)
        }
        var holds = true
        let parts = simulatedDescents.map { input, table -> String in
            var worst = (test: 0.0, train: 0.0, error: 0.0)
            for row in table.rows {
                guard let test = row[1].double, let train = row[2].double,
                    let meanTest = row[3].double,
                    let testError = row[4].double, let meanTrain = row[5].double,
                    let trainError = row[6].double
                else { continue }
                worst.test = max(worst.test, (test / meanTest - 1).magnitude)
                worst.train = max(worst.train, (train / meanTrain - 1).magnitude)
                worst.error = max(worst.error, testError / meanTest)
                holds = holds && (test / meanTest - 1).magnitude < 0.03 + 2 * testError / meanTest
                holds =
                    holds && (train / meanTrain - 1).magnitude < 0.03 + 2 * trainError / meanTrain
            }
            return """
                \(input.producer): off by at most \(Told.number(100 * worst.test, 2)) % (test), \
                \(Told.number(100 * worst.train, 2)) % (train); standard error \
                \(Told.number(100 * worst.error, 2)) %
                """
        }
        return CheckedClaim(
            id: "B5", claim: claim, basis: basis, expected: expected,
            measured: parts.joined(separator: "; "), verdict: .init(holds),
            inputs: simulatedDescents.map { $0.input })
    }

    private func ensemble() -> CheckedClaim {
        let (claim, expected) = (
            """
            Averaging networks removes variance only: one wider network is better than an ensemble \
            of its size
            """,
            "(1.5, 1.25), t = 100: 4 × N = 32 averaged 0.541, one N = 128 0.354, wider lower"
        )
        for (input, table) in ensembles {
            func row(_ size: Double, _ members: Double) -> (Double, Double?)? {
                let rows = table.filtered(["size": .number(size), "members": .number(members)]).rows
                return rows.first.flatMap { row in row[3].double.map { ($0, row[4].double) } }
            }
            guard let one = row(32, 1), let four = row(32, 4), let wide = row(128, 1) else {
                continue
            }
            let many = table.rows.filter { $0[0] == 32 }.compactMap { $0[1].double }.max() ?? 4
            let all = row(32, many)
            return CheckedClaim(
                id: "B6", claim: claim, basis: Self.sourced + "; numbers ours", expected: expected,
                measured: """
                    one N = 32: \(Told.withError(one.0, one.1)); 4 averaged: \
                    \(Told.withError(four.0, four.1)); \(Told.number(many)) averaged: \
                    \(Told.withError(all?.0, all?.1)); one N = 128: \
                    \(Told.withError(wide.0, wide.1))
                    """,
                verdict: .init(
                    wide.0 + 2 * (wide.1 ?? 0) < four.0 - 2 * (four.1 ?? 0) && four.0 < one.0),
                inputs: [input])
        }
        return .lacking("B6", claim, basis: Self.sourced, expected: expected)
    }

    private func easy() -> CheckedClaim {
        let (claim, expected) = (
            """
            Easy regime a − 1 > b, exploration, not a reproduction: our theory and simulation give \
            L ~ N^−min(a−1, b)
            """,
            """
            (4, 1.25): −1.25 ± 0.03 far out; L* ~ C^−0.754, N* ~ C^0.687. A published summary \
            gives −min(a−1, 2b) = −2.5 for size, and −1.224, 0.490 for compute: it disagrees
            """
        )
        let basis = "ours; the disagreement with the summary is unresolved"
        guard let size = found(4, 1.25, "size_far") else {
            return .lacking("B7", claim, basis: basis, expected: expected)
        }
        let (loss, best) = (found(4, 1.25, "optimum", "loss"), found(4, 1.25, "optimum", "size"))
        var text = """
            theory, N = 1024 to 16384: \(Told.number(size.value, 4)); compute-optimal \
            \(Told.number(loss?.value)) and \(Told.number(best?.value))
            """
        var inputs = [size.input]
        if let own = simulated(4, 1.25) {
            text += "; simulation: \(Told.withError(own.slope, own.error))"
            inputs.append(own.input)
        }
        return CheckedClaim(
            id: "B7", claim: claim, basis: basis, expected: expected, measured: text,
            verdict: .init((size.value + 1.25).magnitude <= 0.03), inputs: inputs)
    }

    /// Not in the list of claims, but sourced: reuse of data opens a gap between test and train.
    private func gap() -> CheckedClaim {
        let (claim, expected) = (
            "Reused data open a gap between test and train that is ~ 1/P early and grows with time",
            "slope over P = 32 to 256: −0.995 at step 1, −0.953 at step 20 (± 0.01); N = ∞, η = 0.2, M = 120"
        )
        func gaps(_ step: Double) -> [(p: Double, gap: Double)] {
            descents.compactMap { input, table in
                guard let p = Self.member(input, "samples"),
                    let row = table.rows.first(where: { $0[0].double == step && $0[3] == .null }),
                    let test = row[1].double, let train = row[2].double
                else { return nil }
                return (p, test - train)
            }
        }
        func slope(_ step: Double) -> Double? {
            let all = gaps(step)
            return StraightLine(
                all.map { Elementary.log($0.p) }, all.map { Elementary.log($0.gap) })?.slope
        }
        guard let early = slope(1), let late = slope(20) else {
            return .lacking("gap", claim, basis: Self.sourced, expected: expected)
        }
        let grows = gaps(20).allSatisfy { one in
            gaps(1).first { $0.p == one.p }.map { $0.gap < one.gap } ?? false
        }
        return CheckedClaim(
            id: "gap", claim: claim, basis: Self.sourced + "; numbers ours", expected: expected,
            measured: "\(Told.number(early)), \(Told.number(late)); "
                + (grows ? "larger at step 20 for every P" : "not larger at step 20 for every P"),
            verdict: .init(
                (early + 0.995).magnitude <= 0.01 && (late + 0.953).magnitude <= 0.01 && grows),
            inputs: descents.filter { Self.member($0.input, "samples") != nil }.map { $0.input })
    }
}
