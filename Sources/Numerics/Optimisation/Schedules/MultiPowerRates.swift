/// What the terms of a multi-power law share at one θ: C η_k^−γ of every change of a schedule.
struct MultiPowerRates {
    /// C η_k^−γ, so that times Sₖ it is u.
    let factors: [Double]
    /// log(η_k / largest η).
    let logs: [Double]
    /// (η_{k−1} − η_k) over the largest η.
    let falls: [Double]
    let beta: Double

    init(_ schedule: RateSchedule, _ theta: [Double], top: Double, center: Double) {
        let (c, gamma) = (theta[4], theta[6])
        logs = schedule.logs.map { $0 - top }
        var factors = logs.map { $0.isFinite ? c - gamma * $0 - center : 0 }
        let exponents = factors
        Elementary.map(.exp, exponents, into: &factors)
        self.factors = factors
        let unit = Elementary.exp(-top)
        falls = schedule.falls.map { $0 * unit }
        beta = Elementary.exp(theta[5])
    }
}

/// Room for the terms of one point.
struct MultiPowerRoom {
    private var u: [Double] = []
    private var logs: [Double] = []
    private var decays: [Double] = []

    /// Σ falls (1 − (1 + u)^−β), its slopes by log C, log β and γ, and its second derivatives, row by row.
    struct Gain {
        var value = 0.0
        var first = [0.0, 0, 0]
        var second = [0.0, 0, 0, 0, 0, 0]
    }

    /// The gain of all falls up to a step.
    mutating func gain(
        _ rates: MultiPowerRates, _ schedule: RateSchedule, _ step: Int, hasSlopes: Bool
    ) -> Gain {
        let count = schedule.count(through: step)
        let total = schedule.sums[step]
        if u.count != count {
            u = [Double](repeating: 0, count: count)
            (logs, decays) = (u, u)
        }
        for k in 0..<count {
            let change = schedule.changes[k]
            u[k] = rates.factors[k] * (total - schedule.sums[change - 1])
        }
        Elementary.map(.log1p, u, into: &logs)
        for k in 0..<count { logs[k] *= -rates.beta }
        Elementary.map(.exp, logs, into: &decays)
        var gain = Gain()
        var (c, b, g) = (0.0, 0.0, 0.0)
        var (cc, cb, cg, bb, bg, gg) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for k in 0..<count {
            let fall = rates.falls[k]
            // After a rate of 0 the gain is there at once.
            guard rates.logs[k].isFinite else {
                gain.value += fall
                continue
            }
            let weight = fall * decays[k]
            gain.value += fall - weight
            guard hasSlopes else { continue }
            let share = u[k] / (1 + u[k])
            let eta = rates.logs[k]
            // Slopes of the logarithm of the decay by log C, log β and γ.
            let (one, two) = (-rates.beta * share, logs[k])
            let three = -one * eta
            let bend = one * (1 - share)
            c -= weight * one
            b -= weight * two
            g -= weight * three
            cc -= weight * (one * one + bend)
            cb -= weight * (one * two + one)
            cg -= weight * (one * three - bend * eta)
            bb -= weight * (two * two + two)
            bg -= weight * (two * three + three)
            gg -= weight * (three * three + bend * eta * eta)
        }
        gain.first = [c, b, g]
        gain.second = [cc, cb, cg, bb, bg, gg]
        return gain
    }
}
