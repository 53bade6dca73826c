import Canon
import Numerics
import Workbench

/// A refusal in the words of the table: which rows, which columns, and why the points show no law.
struct RefusalCause {
    private let refusal: LawRefusal
    private let data: LawData
    private let fitter: LawFitter

    /// A refusal of a fit to these points.
    init(_ refusal: LawRefusal, _ data: LawData, _ fitter: LawFitter) {
        self.refusal = refusal
        self.data = data
        self.fitter = fitter
    }

    /// The error to throw.
    var error: FormatError {
        switch refusal {
        case .outOfRange(let row, let role, let value, let expected):
            FormatError(
                "\(data.place(ofPoint: row)): expected \(expected) as `\(column(role))`, found \(value); "
                    + "leave such rows out with `where`")
        case .undefined(let row, let part, let values):
            FormatError(
                "\(data.place(ofPoint: row)): expected a number as `\(part)`, found none for \(values); "
                    + "leave such rows out with `where`")
        case .noInteriorMinimum, .unidentifiable, .notConverged, .overflow:
            FormatError(
                causes.isEmpty
                    ? "\(refusal)"
                    : "\(refusal.finding); \(causes.joined(separator: "; "))")
        case .tooFewPoints, .cannotHold, .noCandidate: FormatError("\(refusal)")
        }
    }

    /// The column of an input's role, or of y.
    private func column(_ role: String) -> String {
        fitter.form.inputs.firstIndex(of: role).map { data.columns[$0] } ?? data.yName
    }

    /// What the points show: one y, inputs that move together, or runs far off the law that fits the others.
    private var causes: [String] {
        if let y = data.y.first, data.y.allSatisfy({ $0 == y }) {
            return [
                "`\(data.yName)` is \(JSON.number(y).canonicalText) in all points: they show no change that "
                    + "a law could describe; add points where it differs, or look whether this is the right "
                    + "column"
            ]
        }
        let collinear = CollinearInputs(data.columns, data.x).warnings
        if !collinear.isEmpty { return collinear }
        let robust = LawFitter(
            fitter.form, LawObjective(.absolute, in: fitter.objective.space), starts: fitter.starts,
            fixed: fitter.fixed)
        guard let law = try? robust.fit(x: data.x, y: data.y, weights: data.weights) else {
            return []
        }
        let space = ResidualSpace(law, weights: data.weights)
        return DivergedRuns(law, data, space, asked: fitter.objective).warnings
    }
}
