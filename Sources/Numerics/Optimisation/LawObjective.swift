/// What a fit minimises: Σᵢ wᵢ ρ(T(fᵢ) − T(yᵢ)).
package struct LawObjective: Sendable, Equatable {
    /// The space in which residuals are taken: the function T.
    package enum Space: String, Sendable, CaseIterable {
        /// T = log: relative errors.
        case log
        /// T = identity.
        case linear
        /// T(y) = log(1 + y), as the released code of broken power laws has it.
        case log1p
    }

    /// What a residual costs: the function ρ.
    package enum Loss: Sendable, Equatable {
        /// r².
        case squares
        /// ½ r² up to δ, δ(|r| − ½ δ) beyond; summed, never averaged.
        case huber(Double)
        /// |r|.
        case absolute
    }

    /// T.
    package let space: Space
    /// ρ.
    package let loss: Loss

    /// Names an objective.
    package init(_ loss: Loss, in space: Space) {
        self.loss = loss
        self.space = space
    }

    /// The objective in words, with its constants.
    package var text: String {
        let residual =
            switch space {
            case .log: "log residuals"
            case .linear: "residuals"
            case .log1p: "residuals of log(1 + y)"
            }
        switch loss {
        case .squares: return "sum of squared \(residual)"
        case .huber(let delta): return "sum of Huber losses of \(residual), delta = \(delta)"
        case .absolute: return "sum of absolute \(residual)"
        }
    }

    /// T at f, in units of `unit`.
    func transform(_ f: Double, _ unit: Double) -> Double {
        switch space {
        case .log: Elementary.log(f)
        case .linear: f
        case .log1p: Elementary.log1p(unit * f)
        }
    }

    /// T at y, in natural units.
    func measured(_ y: Double) -> Double { transform(y, 1) }

    /// The y of a T, in natural units.
    func unmeasured(_ t: Double) -> Double {
        switch space {
        case .log: Elementary.exp(t)
        case .linear: t
        case .log1p: Elementary.exp(t) - 1
        }
    }

    /// T at every f; the same bits as one by one.
    func transform(_ f: [Double], _ unit: Double, into t: inout [Double]) {
        switch space {
        case .log: Elementary.map(.log, f, into: &t)
        case .linear: t = f
        case .log1p:
            for i in f.indices { t[i] = unit * f[i] }
            Elementary.map(.log1p, t, into: &t)
        }
    }

    /// T′ and T″ at f.
    @inline(__always)
    func slopes(_ f: Double, _ unit: Double) -> (first: Double, second: Double) {
        switch space {
        case .log:
            let inverse = 1 / f
            return (inverse, -inverse * inverse)
        case .linear: return (1, 0)
        case .log1p:
            let inverse = unit / (1 + unit * f)
            return (inverse, -inverse * inverse)
        }
    }

    /// What one residual adds to the objective, as people state it.
    package func cost(_ r: Double) -> Double {
        let a = r.magnitude
        switch loss {
        case .squares: return r * r
        case .huber(let delta): return a <= delta ? 0.5 * r * r : delta * (a - 0.5 * delta)
        case .absolute: return a
        }
    }

    /// Whether T is defined at y.
    package func admits(_ y: Double) -> Bool {
        switch space {
        case .log: y > 0
        case .linear: y.isFinite
        case .log1p: y > -1
        }
    }

    /// The values of y that T is defined at, in words.
    package var admitted: String {
        switch space {
        case .log: "a positive number"
        case .linear: "a finite number"
        case .log1p: "a number greater than -1"
        }
    }

    /// Whether scaled units of y scale residuals too.
    var isLinear: Bool { space == .linear }
}

/// The smooth cost that one stage of a descent works with: Huber's, over δ; δ = ∞ is ½ r².
package struct SmoothCost {
    let delta: Double

    /// Names a cost by its δ.
    package init(delta: Double) { self.delta = delta }

    @inline(__always)
    func value(_ r: Double) -> Double {
        if delta == .infinity { return 0.5 * r * r }
        let a = r.magnitude
        return a <= delta ? 0.5 * r * r / delta : a - 0.5 * delta
    }

    /// ρ′, ρ″ and ρ′/r, the weight of iterated least squares.
    @inline(__always)
    func slopes(_ r: Double) -> (first: Double, second: Double, weight: Double) {
        if delta == .infinity { return (r, 1, 1) }
        let a = r.magnitude
        if a <= delta { return (r / delta, 1 / delta, 1 / delta) }
        return (r > 0 ? 1 : -1, 0, 1 / a)
    }
}
