/// Spearman's rank correlation; ties share their mean rank.
package func rankCorrelation(_ x: [Double], _ y: [Double]) -> Double {
    func ranks(_ values: [Double]) -> [Double] {
        values.map { value in
            Double(values.count { $0 < value }) + 0.5 * Double(values.count { $0 == value } - 1)
        }
    }
    let (a, b) = (ranks(x), ranks(y))
    let mean = Double(x.count - 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (p, q) in zip(a, b) {
        xy += (p - mean) * (q - mean)
        xx += (p - mean) * (p - mean)
        yy += (q - mean) * (q - mean)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
}
