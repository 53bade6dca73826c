/// A covariance of parameters that runs make smaller.
///
/// Source: Sherman and Morrison (1950); no inverse is formed, so held parameters, whose rows are zero, stay.
package struct DesignCovariance: Sendable, Equatable {
    /// The elements, `[p, p]`, symmetric.
    package private(set) var elements: [Double]
    /// How many parameters.
    package let count: Int

    /// Wraps `[p, p]` elements.
    package init(_ elements: [Double], count: Int) {
        precondition(elements.count == count * count, "\(elements.count) elements of \(count)²")
        self.elements = elements
        self.count = count
    }

    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }

    /// V g.
    func product(_ slope: [Double]) -> [Double] {
        (0..<count).map { row in
            var sum = 0.0
            for column in 0..<count { sum += elements[row * count + column] * slope[column] }
            return sum
        }
    }

    /// g′ V g.
    package func variance(_ slope: [Double]) -> Double {
        max(0, DesignCovariance.dot(slope, product(slope)))
    }

    /// Takes in a run of some weight: V − w V g g′ V / (1 + w g′ V g).
    ///
    /// Returns g′ V g from before.
    @discardableResult
    package mutating func add(_ slope: [Double], weight: Double = 1) -> Double {
        let product = product(slope)
        let own = max(0, DesignCovariance.dot(slope, product))
        let factor = weight / (1 + weight * own)
        for row in 0..<count {
            for column in 0..<count {
                elements[row * count + column] -= factor * product[row] * product[column]
            }
        }
        return own
    }
}
