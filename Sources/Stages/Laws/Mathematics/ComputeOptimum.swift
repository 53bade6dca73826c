import Canon
import Experiment
import Numerics
import Workbench

/// Where a law of N and D is lowest for given compute, at a cost of tokens.
struct ComputeOptimum: Sendable {
    /// What a token costs, in FLOPs, as a function of N.
    enum Cost: Sendable {
        /// 6N, as in Kaplan et al. and Hoffmann et al.
        case sixND
        /// An expression over N.
        case expression(Expression)

        /// Whether a token costs 6N.
        var isSixND: Bool {
            if case .sixND = self { return true }
            return false
        }

        /// The FLOPs of a token at a size.
        ///
        /// - Throws: ``FormatError`` where the expression gives no positive number.
        func perToken(_ n: Double) throws -> Double {
            switch self {
            case .sixND: return 6 * n
            case .expression(let expression):
                guard let value = try expression.value(["N": .number(n)]).double, value > 0 else {
                    throw FormatError("flops_per_token: expected a positive number at N = \(n)")
                }
                return value
            }
        }
    }

    private let form: any LawForm
    private let scale: LawScale
    /// What a token costs.
    let cost: Cost

    init(_ law: LawFile, _ cost: Cost) {
        form = law.form
        scale = law.scale
        self.cost = cost
    }

    /// Chinchilla's law under 6ND has a closed form.
    private var isClosed: Bool { cost.isSixND && form.name == "chinchilla" }

    /// The best size for parameters, or `nil` where the law has none inside.
    ///
    /// In closed form (Hoffmann et al., eq. 4); otherwise the valley of a scan over 24 decades is narrowed by
    /// golden sections and its bottom found by Newton's steps. `near` is a size close to the best, which
    /// spares the scan where Newton's steps reach a bottom from it.
    func size(_ natural: [Double], compute: Double, near: Double? = nil) -> Double? {
        if isClosed { return closed(natural, compute) }
        let valley = Valley { loss(natural, compute, logN: $0) }
        if let near, let place = valley.bottom(near: Elementary.log(near)) {
            return Elementary.exp(place)
        }
        let middle = 0.5 * Elementary.log(compute)
        let scan = (0...96).map { middle - 27.6 + 0.575 * Double($0) }
        let values = scan.map(valley.height)
        guard let best = values.indices.min(by: { values[$0] < values[$1] }), best > 0,
            best < 96
        else { return nil }
        let place = GoldenSections(
            from: scan[best - 1], to: scan[best + 1], width: 1e-8, ties: .right, valley.height
        ).middle
        return Elementary.exp(valley.bottom(near: place) ?? place)
    }

    /// The best size and data for parameters, or `nil` where the law has no optimum inside.
    func allocation(_ natural: [Double], compute: Double) -> (n: Double, d: Double)? {
        guard let n = size(natural, compute: compute), let d = try? tokens(compute, n) else {
            return nil
        }
        return (n, d)
    }

    /// The tokens that compute pays at a size.
    func tokens(_ compute: Double, _ n: Double) throws -> Double {
        compute / (try cost.perToken(n))
    }

    /// The slope of log N over a decade above some compute; `nil` where the law has no optimum inside.
    func exponent(_ natural: [Double], from compute: Double, near: [Double] = []) -> Double? {
        if isClosed { return natural[4] / (natural[3] + natural[4]) }
        guard let low = size(natural, compute: compute, near: near.first),
            let high = size(natural, compute: 10 * compute, near: near.last)
        else { return nil }
        return Elementary.log(high / low) / 2.302585092994046
    }

    private func closed(_ natural: [Double], _ compute: Double) -> Double? {
        let (a, b, alpha, beta) = (natural[1], natural[2], natural[3], natural[4])
        guard a > 0, b > 0, alpha > 0, beta > 0 else { return nil }
        let g = (Elementary.log(alpha * a) - Elementary.log(beta * b)) / (alpha + beta)
        return Elementary.exp(g + beta / (alpha + beta) * Elementary.log(compute / 6))
    }

    private func loss(_ natural: [Double], _ compute: Double, logN: Double) -> Double {
        let n = Elementary.exp(logN)
        guard let d = try? tokens(compute, n) else { return .infinity }
        let value = form.predict(natural, [[n], [d]], scale)[0]
        return value.isFinite ? value : .infinity
    }
}

/// A function with a valley, whose bottom is found to more digits than its values alone would tell.
struct Valley {
    /// The function.
    let height: (Double) -> Double

    /// Newton's steps with differences of five points, 0.05 apart; `nil` where they lead nowhere.
    ///
    /// Near a bottom a function is flat to the root of rounding, its slope is not: the place is good to about
    /// 10⁻¹¹, and moves smoothly where the function does.
    func bottom(near start: Double) -> Double? {
        let h = 0.05
        var place = start
        for _ in 0..<20 {
            let f = (-2...2).map { height(place + Double($0) * h) }
            let slope = (f[0] - 8 * f[1] + 8 * f[3] - f[4]) / (12 * h)
            let bend = (-f[0] + 16 * f[1] - 30 * f[2] + 16 * f[3] - f[4]) / (12 * h * h)
            guard slope.isFinite, bend > 0 else { return nil }
            let step = slope / bend
            guard step.magnitude < 1 else { return nil }
            place -= step
            if step.magnitude < 1e-10 { return place }
        }
        return nil
    }
}
