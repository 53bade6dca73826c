package import Canon

/// How far two numbers may be apart and still be called "within tolerance".
package struct Tolerance: Sendable, Equatable {
    /// The largest relative error: |a − b| / max(|a|, |b|).
    package let relative: Double
    /// The largest absolute error; either bound suffices.
    package let absolute: Double

    /// Names bounds.
    package init(relative: Double, absolute: Double = 0) {
        self.relative = relative
        self.absolute = absolute
    }

    /// The bounds as an experiment file has them: `rtol 1e-06, atol 0`.
    package var text: String {
        [("rtol", relative), ("atol", absolute)].filter { $0.1 > 0 || absolute + relative == 0 }
            .map { "\($0.0) \(JSON.number($0.1).canonicalText)" }.joined(separator: ", ")
    }

    /// The bounds for programs.
    package var json: JSON { ["rtol": .number(relative), "atol": .number(absolute)] }

    /// Whether two finite numbers are within the bounds.
    package func allows(_ a: Double, _ b: Double) -> Bool {
        let distance = (a - b).magnitude
        return distance <= absolute || distance <= relative * max(a.magnitude, b.magnitude)
    }
}
