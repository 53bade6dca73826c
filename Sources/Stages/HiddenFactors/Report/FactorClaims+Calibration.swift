import Canon
import System
import Workbench

/// Claims about the choices that the authors made before all other experiments.
extension FactorClaims {
    func layers(_ page: inout ReportPage) -> Entry {
        var parts: [String] = []
        var measured: [String: Double] = [:]
        var holds = true
        for (series, input) in evidence.series where series.name.hasPrefix("layers-") {
            guard let none = last(series, 0), let one = last(series, 1) else { continue }
            let interacts = series.name != "layers-one-parent"
            holds = holds && (none > 0.01) == interacts && one < 0.01
            let problem = series.name.dropFirst("layers-".count)
            measured["without_\(problem)"] = none
            measured["with_one_\(problem)"] = one
            parts.append(
                "\(Markup.escape(series.title)): "
                    + list(
                        &page,
                        series.curves.map { curve in
                            ("L = \(place(curve.value.double))", curve.points.last?.mean)
                        }, input))
        }
        var perOperation = ""
        if let (series, input) = find("layers-first"), let end = series.curve(1)?.points.last,
            let deeper = series.curve(2)?.points.last(where: { $0.x <= 1.05 * end.x })
        {
            perOperation =
                " With 2 parents, at the operations of the whole L = 1 run, L = 2 stands at "
                + page.number(text(deeper.mean), from: [input])
                + ", its rate still high; L = 1 ends at \(text(end.mean))."
        }
        return entry(
            12, "Interacting parents need a block, and one is enough",
            basis: "the authors' choice of one block; pilot",
            test: """
                generalisation, mean of the last loss on unobserved inputs, in every problem: \
                without blocks above 0.01 with 2 parents and below with 1; with one block below
                """,
            expected: "L = 0 fails for 2 parents only; per operation deeper is not better",
            parts.isEmpty
                ? nil : Outcome(holds, parts.joined(separator: "; ") + "." + perOperation, measured)
        )
    }

    private func last(_ series: FactorSeries, _ value: Double) -> Double? {
        series.curve(.number(value))?.points.last?.mean
    }

    func rates(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("rates"), !series.curves.isEmpty {
            var parts: [String] = []
            var measured: [String: Double] = [:]
            var holds = true
            for (index, curve) in series.curves.enumerated() {
                let best = curve.points.min { $0.mean < $1.mean }
                holds = holds && best.map { ($0.x / 0.03 - 1).magnitude < 1e-9 } ?? false
                measured["least_\(index + 1)"] = best?.mean
                parts.append(
                    "\(Markup.escape(curve.label)): "
                        + list(&page, curve.points.map { (place($0.x), $0.mean) }, input))
            }
            outcome = Outcome(holds, parts.joined(separator: "; ") + ".", measured)
        }
        return entry(
            13, "A learning rate of 0.03 is the right default",
            basis: "the authors' default; pilot",
            test:
                "generalisation, mean of the last loss on unobserved inputs, in every problem: least at 0.03",
            expected:
                "1.2e-3, 3.6e-4, 8.9e-4, 4.1e-3, 2.0e-2 at 0.1, 0.03, 0.01, 0.003, 0.001 (2 parents)",
            outcome)
    }

    func ratios(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("ratios"), !series.curves.isEmpty {
            var parts: [String] = []
            var excess: [Double] = []
            for curve in series.curves {
                guard let two = curve.at(2), let best = curve.points.map({ $0.mean }).min(),
                    best > 0
                else { continue }
                excess.append(two.mean / best)
                parts.append(
                    "\(Markup.escape(curve.label)): "
                        + list(
                            &page, curve.points.map { ("h / d = \(place($0.x))", $0.mean) }, input)
                )
            }
            if let most = excess.max() {
                outcome = Outcome(
                    most <= 1.5, parts.joined(separator: "; ") + ".", ["most_over_least": most])
            }
        }
        return entry(
            17, "A block of h = 2d is wide enough", basis: "the authors' choice; the gate is ours",
            test: """
                generalisation, mean of the last loss on unobserved inputs, in every problem: at h \
                = 2d within 1.5 times the least of all h / d
                """,
            expected: "the authors took 2; no number was published that we could read", outcome)
    }

    func longRates(_ page: inout ReportPage) -> Entry {
        var parts: [String] = []
        var measured: [String: Double] = [:]
        var holds = true
        for (series, input) in evidence.series where series.name.hasPrefix("long-") {
            let ends = series.curves.compactMap { curve in
                curve.points.last.map { (curve.value.text ?? curve.label, $0.mean) }
            }
            let cosines = ends.filter { $0.0.hasPrefix("cosine") }
            guard let logCosine = ends.first(where: { $0.0.hasPrefix("log-cosine") })?.1,
                let standard = cosines.first(where: { $0.0.hasSuffix("0.03") })?.1,
                let best = cosines.map({ $0.1 }).min(), best > 0
            else { continue }
            holds = holds && standard == best
            let problem = series.name.dropFirst("long-".count)
            measured["standard_over_least_\(problem)"] = standard / best
            measured["log_cosine_over_standard_\(problem)"] = logCosine / standard
            parts.append(
                "\(Markup.escape(series.title)): "
                    + list(&page, ends.map { ($0.0, $0.1) }, input))
        }
        return entry(
            18, "Over a long training 0.03 is still the right rate",
            basis: "the authors' choice for a million steps; the gate is ours",
            test: """
                the same over a long training, cosines from 0.0003 to 0.03: the one from 0.03 ends \
                lowest, in every problem; log-cosine is reported beside it
                """,
            expected: """
                the authors keep 0.03 for a million steps, by cosine and log-cosine; no number was \
                published that we could read
                """,
            parts.isEmpty
                ? nil : Outcome(holds, parts.joined(separator: "; ") + ".", measured))
    }
}
