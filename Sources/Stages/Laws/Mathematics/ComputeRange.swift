import Canon
import Numerics

/// The compute of the points of a law of N and D, by 6ND.
struct ComputeRange {
    let low, high: Double

    /// The range; `nil` for laws of other inputs.
    init?(_ form: any LawForm, _ data: LawData) {
        guard let n = form.inputs.firstIndex(of: "N"), let d = form.inputs.firstIndex(of: "D")
        else { return nil }
        let compute = zip(data.x[n], data.x[d]).map { 6 * $0 * $1 }
        low = compute.min() ?? 0
        high = compute.max() ?? 0
    }

    /// The member `compute` of `law.json`.
    var json: JSON {
        ["meaning": "6ND of the fitted points", "low": .number(low), "high": .number(high)]
    }
}
