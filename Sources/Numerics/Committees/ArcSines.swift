/// Sums of arc sines, several at a time.
package enum ArcSines {
    /// Σ factor · asin(argument), one chain of additions in order.
    ///
    /// - Parameters:
    ///   - arguments: numbers from −1 to 1.
    ///   - factors: as many numbers.
    /// - Returns: the sum; 0 of no numbers.
    package static func weightedSum(_ arguments: [Double], _ factors: [Double]) -> Double {
        var angles = [Double](repeating: 0, count: arguments.count)
        Elementary.mapArcSine(arguments, into: &angles)
        var sum = 0.0
        for place in angles.indices { sum += factors[place] * angles[place] }
        return sum
    }
}
