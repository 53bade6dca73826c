import Numerics

/// How a point is presented to a model.
package enum Features: String, CaseIterable {
    /// x, y.
    case cartesian
    /// r, θ in (−π, π], unscaled: a seam along the negative x axis.
    case polar
    /// r, and θ in turns, (−½, ½]: r and angle of one size, so that distances weigh both.
    case polarTurns = "polar-turns"
    /// r, cos θ, sin θ: no seam, a weaker prior.
    case polarCircle = "polar-circle"

    /// Every name.
    package static let names = Features.allCases.map { $0.rawValue }

    /// How many numbers a point becomes.
    package var width: Int { self == .polarCircle ? 3 : 2 }

    /// The numbers that a model sees.
    package func of(_ x: Double, _ y: Double) -> [Double] {
        let r = (x * x + y * y).squareRoot()
        switch self {
        case .cartesian: return [x, y]
        case .polar: return [r, Elementary.atan2(y, x)]
        case .polarTurns: return [r, Elementary.atan2(y, x) / SpiralManifold.fullTurn]
        case .polarCircle: return r == 0 ? [0, 1, 0] : [r, x / r, y / r]
        }
    }
}
