import Canon
import System
import Workbench

/// Claims about inputs that were not trained on.
extension FactorClaims {
    func filtration(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("filtration"), let (train, other) = find("filtration-train"),
            let points = series.curves.first?.points, let seen = train.curves.first,
            points.count > 2, let uniform = series.curves.first?.facts["uniform_excess"]
        {
            let dense = points.filter { $0.x >= 0.8 }
            let fails = dense.allSatisfy { point in
                point.mean > uniform && (seen.at(point.x)?.mean ?? uniform) < uniform / 4
            }
            let worst = dense.compactMap { seen.at($0.x)?.mean }.max() ?? .nan
            outcome = Outcome(
                FactorClaims.isIncreasing(points.map { $0.mean }) && fails,
                list(&page, points.map { ("β = \(place($0.x))", $0.mean) }, input)
                    + ". The uniform predictor has about \(text(uniform)). On trained inputs, "
                    + list(
                        &page, dense.map { ("β = \(place($0.x))", seen.at($0.x)?.mean) }, other)
                    + ".",
                ["uniform": uniform, "trained_over_uniform": worst / uniform]
            )
        }
        return entry(
            7, "More edges, worse generalisation", basis: "the authors' code; stored figure; pilot",
            test: """
                nested graphs: mean last loss on unobserved inputs strictly increasing in β; from \
                β = 0.8 on above the uniform predictor while the trained loss is below a quarter \
                of it
                """,
            expected:
                "1.5e-4, 3.8e-4, 8.2e-4, 3.0e-2, 9.5e-2, 1.2, 7.2, 14.5 for β = 0.1 … 1 at N = 1,024",
            outcome)
    }

    func embeddings(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (test, input) = find("embeddings"), let (train, other) = find("embeddings-train"),
            let fixed = test.curve("fixed"), let learned = test.curve("learned"),
            let a = fixed.points.last?.mean, let b = learned.points.last?.mean,
            let best = learned.points.map({ $0.mean }).min(),
            let uniform = learned.facts["uniform_excess"],
            let blind = learned.facts["input_free_excess"],
            let seenFixed = train.curve("fixed")?.points.last?.mean,
            let seenLearned = train.curve("learned")?.points.last?.mean
        {
            let holds =
                a < 0.01 && b > uniform && best > 0.9 * blind
                && max(seenFixed, seenLearned) < 1e-3
            outcome = Outcome(
                holds,
                """
                Unobserved: fixed \(page.number(text(a), from: [input])), learned \
                \(page.number(text(b), from: [input])), at best \(text(best)). The best predictor \
                that does not look at x has \(text(blind)), the uniform one \(text(uniform)). \
                Trained: \
                \(page.number("\(text(seenFixed)) and \(text(seenLearned))", from: [other])).
                """
                    + (test.curve("trained-factors")?.points.last.map {
                        " Factor-compatible and trained, which is ours: \(text($0.mean))."
                    } ?? ""),
                ["learned_best": best, "input_free": blind, "uniform": uniform]
            )
        }
        return entry(
            8, "Only embeddings that respect the factors generalise",
            basis: "the paper's two schemes; pilot",
            test: """
                2 parents: unobserved loss below 0.01 with the fixed factor-compatible embedding; \
                with a learned one at last above the uniform predictor, and never below 0.9 of the \
                best predictor blind to x; both trained losses below 1e-3
                """,
            expected:
                "3.0e-4 against 8.5; the pilot's learned one was best at step 1, at about 4.0",
            outcome
        )
    }

    func factorings(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (test, input) = find("factorings"), let (train, other) = find("factorings-train") {
            let values = test.curves.compactMap { curve in
                curve.points.last.map { (curve, $0.mean) }
            }
            let observed = 0.9 * (values.first?.0.facts["N"] ?? 0)
            let low = values.filter { ($0.0.facts["chi"] ?? 0) < observed }
            let high = values.filter { ($0.0.facts["chi"] ?? 0) > 4 * observed }
            let seen = train.curves.compactMap { $0.points.last?.mean }
            if let worst = low.map({ $0.1 }).max(), let best = high.map({ $0.1 }).min(),
                let most = seen.max()
            {
                outcome = Outcome(
                    worst < 0.1 && best > 1 && most < 5e-3,
                    list(
                        &page,
                        values.map { ("\($0.0.label), χ = \(place($0.0.facts["chi"]))", $0.1) },
                        input)
                        + ". Trained loss at most \(page.number(text(most), from: [other])).",
                    ["largest_low": worst, "least_high": best, "largest_trained": most]
                )
            }
        }
        return entry(
            9, "Generalisation needs factored inputs", basis: "the authors' grid; pilot",
            test: """
                2 parents, embeddings compatible with each factorisation: unobserved loss below \
                0.1 where χ is below the number of observed inputs, above 1 where χ is over 4 \
                times that; trained loss below 5e-3
                """,
            expected: "low, low, high, high for 10 factors of 2, 5 of 4, 2 of 32, 1 of 1,024",
            outcome)
    }

    func split(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("split"), series.curves.count > 1 {
            var parts: [String] = []
            var first: [Double] = []
            var ratios: [Double] = []
            for curve in series.curves {
                guard let point = curve.points.first(where: { $0.mean < 0.01 }),
                    let chi = curve.facts["chi"], let tokens = curve.facts["N"]
                else {
                    parts.append("\(Markup.escape(curve.label)): never")
                    first.append(.infinity)
                    continue
                }
                first.append(point.x)
                ratios.append(point.x * tokens / chi)
                parts.append(
                    "\(Markup.escape(curve.label)): γ = \(page.number(place(point.x), from: [input])), "
                        + "\(text(point.x * tokens / chi)) χ inputs")
            }
            let isOrdered = FactorClaims.isIncreasing(first)
            var measured = [
                "least_ratio": ratios.min() ?? .nan, "largest_ratio": ratios.max() ?? .nan,
            ]
            for (curve, gamma) in zip(series.curves, first) {
                measured["gamma_\(place(curve.value.double))"] = gamma
            }
            outcome = Outcome(
                isOrdered && ratios.allSatisfy { (1...8).contains($0) },
                "The least γ on the grid whose mean loss is below 0.01: "
                    + parts.joined(separator: "; ") + ".",
                measured
            )
        }
        return entry(
            10, "The data needed grow with the number of parents",
            basis: "the authors' grid; pilot",
            test: """
                the least part γ of the inputs with a mean unobserved loss below 0.01 strictly \
                increases with parents, and is 1 to 8 χ inputs
                """,
            expected: "γ = 0.05, 0.2, 0.6, 0.9: about 2 to 5 χ observed inputs", outcome)
    }

    func reuse(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        let all = [1, 2, 3].compactMap { find("reuse-\($0)") }
        if all.count > 1 {
            var parts: [String] = []
            var best: [[Double]] = []
            var gains: [Double] = []
            for (series, input) in all {
                let optima = series.curves.compactMap { curve in
                    curve.points.min { $0.mean < $1.mean }?.x
                }
                best.append(optima)
                if let curve = series.curves.first(where: { $0.value == 30 }),
                    let least = curve.points.map({ $0.mean }).min(), let most = curve.points.last
                {
                    gains.append(most.mean / least)
                }
                parts.append(
                    "\(Markup.escape(series.title)): best γ "
                        + page.number(
                            optima.map { place($0) }.joined(separator: ", "), from: [input]))
            }
            // At each budget more parents want no smaller part.
            let byBudget = zip(best, best.dropFirst()).allSatisfy { few, many in
                zip(few, many).allSatisfy { $0 <= $1 }
            }
            let grows = best.allSatisfy { optima in
                guard let first = optima.first, let last = optima.last else { return false }
                return first < last
            }
            let pays = gains.count == all.count && gains.allSatisfy { $0 > 1.5 }
            let mostStructured = FactorClaims.isIncreasing(gains.reversed())
            var measured: [String: Double] = [:]
            for (index, optima) in best.enumerated() {
                measured["first_best_\(index + 1)"] = optima.first
                measured["last_best_\(index + 1)"] = optima.last
            }
            for (index, gain) in gains.enumerated() { measured["gain_\(index + 1)"] = gain }
            outcome = Outcome(
                byBudget && grows && pays && mostStructured,
                parts.joined(separator: "; ") + ". Gain over the largest γ at 30: "
                    + gains.map { text($0) }.joined(separator: ", ") + ".",
                measured
            )
        }
        return entry(
            11, "At fixed compute, reusing fewer inputs beats fresh ones; most for structured data",
            basis: "seed text; the authors' grid; pilot",
            test: """
                unobserved loss at equal γ · epochs: the best γ grows from the least to the \
                largest budget, and at each budget does not fall with parents; at 30 it beats the \
                largest γ by over 1.5, most with fewest parents
                """,
            expected:
                "best γ from 0.1 to 0.3, 0.2 to 0.6, 0.3 to 0.9 for 1, 2, 3 parents; gains 16, 3.6, 2.3",
            outcome)
    }

    /// The stored figure of filtration, by pixel, at about ±5 %: β, then epochs 1, 10, 100, 300, 1000.
    static let storedFiltration: [(beta: Double, loss: [Double])] = [
        (0.1, [3.6, 0.54, 7.5e-3, 1.6e-3, 3.9e-4]), (0.15, [3.8, 0.80, 1.5e-2, 2.8e-3, 8.3e-4]),
        (0.2, [3.9, 1.1, 2.9e-2, 5.1e-3, 1.5e-3]), (0.3, [4.3, 1.8, 0.11, 3.5e-2, 2.0e-2]),
        (0.4, [4.8, 2.8, 0.39, 0.15, 9.7e-2]), (0.6, [5.4, 5.1, 2.8, 2.1, 1.8]),
        (0.8, [5.8, 6.4, 6.9, 6.8, 6.7]),
    ]

    /// Only at the published size: what was published beside ours.
    ///
    /// A mean over a hundred tasks that
    /// hard ones dominate is no sharper than a factor 4 for five of them.
    func published(_ page: inout ReportPage) -> Entry? {
        guard let (series, input) = find("filtration-curves"),
            series.curves.allSatisfy({ $0.facts["N"] == 4096 && $0.facts["M"] == 4096 })
        else { return nil }
        var parts: [String] = []
        var (within, all) = (0, 0)
        for (beta, losses) in FactorClaims.storedFiltration {
            guard let curve = series.curve(.number(beta)) else { continue }
            var cells: [String] = []
            for (epoch, loss) in zip([1.0, 10, 100, 300, 1000], losses) {
                guard let point = curve.near(epoch) else { continue }
                all += 1
                if (0.25...4).contains(point.mean / loss) { within += 1 }
                cells.append("\(text(point.mean)) / \(text(loss))")
            }
            parts.append(
                "β = \(place(beta)): \(page.number(cells.joined(separator: ", "), from: [input]))")
        }
        guard !parts.isEmpty else { return nil }
        return entry(
            16, "Filtration at the published size",
            basis: "the authors' stored figure, read by pixel",
            test:
                "ours over the figure's at epochs 1, 10, 100, 300, 1,000: every ratio within a factor 4",
            expected:
                "about 1; hard tasks dominate means, so a factor 3 to 4 is all that can be asked",
            Outcome(
                within == all,
                "\(within) of \(all) ratios are within a factor 4. Ours / the figure's: "
                    + parts.joined(separator: "; ") + ".",
                ["within": Double(within), "ratios": Double(all)]
            ))
    }
}
