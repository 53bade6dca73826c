import Canon
import Experiment
import Numerics
import System
import Workbench

/// Tests the claims of docs/HIDDEN-FACTORS.md, numbered as there, against figures and facts.
struct FactorClaims {
    /// A claim with where it comes from and what it expects.
    struct Entry {
        let number: Int
        let basis: String
        let claim: TestedClaim
        /// The numbers behind the verdict, by name; claims.json has them.
        let measured: [String: Double]
    }

    /// What a test gave.
    struct Outcome {
        /// `nil` where nothing is judged.
        let holds: Bool?
        /// Markup.
        let evidence: String
        let measured: [String: Double]

        init(_ holds: Bool?, _ evidence: String, _ measured: [String: Double]) {
            (self.holds, self.evidence, self.measured) = (holds, evidence, measured)
        }
    }

    /// What factors.report was given.
    struct Evidence {
        var series: [(series: FactorSeries, input: StageInput)] = []
        var entropies: [(json: JSON, input: StageInput)] = []
        var ranks: [(json: JSON, input: StageInput)] = []
    }

    let evidence: Evidence

    /// The figure of a name.
    func find(_ name: String) -> (series: FactorSeries, input: StageInput)? {
        evidence.series.first { $0.series.name == name }
    }

    /// The claims with these numbers.
    func entries(_ numbers: [Int], _ page: inout ReportPage) -> [Entry] {
        numbers.compactMap { number in
            switch number {
            case 1: generator(&page)
            case 2: rankBound(&page)
            case 3: capacity(&page)
            case 4: compression(&page)
            case 5: width(&page)
            case 6: singlePass(&page)
            case 7: filtration(&page)
            case 8: embeddings(&page)
            case 9: factorings(&page)
            case 10: split(&page)
            case 11: reuse(&page)
            case 12: layers(&page)
            case 13: rates(&page)
            case 14: counting(&page)
            case 15: againstTable(&page)
            case 16: published(&page)
            case 17: ratios(&page)
            case 18: longRates(&page)
            default: nil
            }
        }
    }

    // MARK: What claims are made of

    func entry(
        _ number: Int, _ statement: String, basis: String, test: String, expected: String,
        _ outcome: Outcome?
    ) -> Entry {
        let verdict: Verdict =
            switch outcome?.holds {
            case true?: .held
            case false?: .failed
            case nil: .told
            }
        return Entry(
            number: number, basis: basis,
            claim: TestedClaim(
                statement: statement, test: "\(test). Expected: \(expected)", verdict: verdict,
                evidence: outcome?.evidence ?? "This run has no measurements for it."),
            measured: outcome?.measured ?? [:])
    }

    func text(_ value: Double?) -> String { value.map { Markup.significant($0) } ?? "–" }

    /// A place on an axis.
    func place(_ value: Double?) -> String { value.map { FactorSeries.text($0) } ?? "–" }

    /// Values that link to their figure: `label value, label value`.
    func list(
        _ page: inout ReportPage, _ values: [(label: String, value: Double?)], _ input: StageInput
    ) -> String {
        values.map { label, value in
            "\(Markup.escape(label)): \(page.number(text(value), from: [input]))"
        }.joined(separator: ", ")
    }

    /// Whether each is larger than the one before.
    static func isIncreasing(_ values: [Double]) -> Bool {
        zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// The slope between the first and the last point, in logarithms.
    static func overallSlope(_ points: [FactorSeries.Point], geometric: Bool = false) -> Double? {
        guard let a = points.first, let b = points.last, a.x > 0, b.x > a.x else { return nil }
        let (low, high) = geometric ? (a.geometric, b.geometric) : (a.mean, b.mean)
        guard low > 0, high > 0 else { return nil }
        return (Elementary.log(high) - Elementary.log(low))
            / (Elementary.log(b.x) - Elementary.log(a.x))
    }

    /// The most over the least.
    static func spread(_ values: [Double]) -> Double? {
        guard let least = values.min(), let most = values.max(), least > 0 else { return nil }
        return most / least
    }
}
