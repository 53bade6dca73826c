import Numerics
import System

/// Sums of arc sines, several at a time.
enum ArcSines {
    /// Σ factor · asin(argument), one chain of additions in order.
    static func weightedSum(_ arguments: [Double], _ factors: [Double]) -> Double {
        var angles = [Double](repeating: 0, count: arguments.count)
        Elementary.mapArcSine(arguments, into: &angles)
        var sum = 0.0
        for place in angles.indices { sum += factors[place] * angles[place] }
        return sum
    }
}
