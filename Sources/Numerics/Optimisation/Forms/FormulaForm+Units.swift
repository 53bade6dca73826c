extension FormulaForm {
    /// The points' own units, with the anchors of coefficients.
    ///
    /// κ is the mean over the points of ∂ log |∂f/∂c| / ∂p, at the first draw of a search; 0 where that is
    /// not finite.
    package func units(x: [[Double]], y: [Double]) -> LawScale {
        let plain = LawScale(inputs: inputs.map { _ in 0 }, output: 0)
        let linear = declared.indices.filter { offsets[$0] < linearCount }
        let others = declared.indices.filter { offsets[$0] >= linearCount }
        if linear.isEmpty || others.isEmpty || y.isEmpty { return plain }
        let points = ScaledPoints(x: x, y: y, scale: plain)
        var theta = draw(0, FormulaRoles(inner, points))
        for j in 0..<linearCount { theta[j] = 0 }
        let base = terms(theta, points).map(logarithms)
        var anchors = [Double](repeating: 0, count: linear.count * others.count)
        for (j, other) in others.enumerated() {
            var moved = theta
            let step = 1e-4 * max(1e-2, theta[offsets[other]].magnitude)
            var inner = 0.0
            for place in offsets[other]..<(offsets[other] + declared[other].names.count) {
                let before =
                    places[place].kind == .logarithm
                    ? Elementary.exp(theta[place]) : theta[place]
                moved[place] += step
                let after =
                    places[place].kind == .logarithm
                    ? Elementary.exp(moved[place]) : moved[place]
                inner = after - before
            }
            let terms = terms(moved, points)
            for (k, one) in linear.enumerated()
            where canBeAnchored(one) && isSameGroup(one, other) {
                let changes = zip(base[k], logarithms(terms[k])).map { ($1 - $0) / inner }
                let mean = changes.reduce(0, +) / Double(changes.count)
                if mean.isFinite && mean.magnitude > 1e-6 { anchors[k * others.count + j] = mean }
            }
        }
        return LawScale(inputs: plain.inputs, output: 0, anchors: anchors)
    }

    private func logarithms(_ terms: [Double]) -> [Double] {
        var sizes = terms
        Elementary.map(.log, terms.map { $0.magnitude }, into: &sizes)
        return sizes
    }

    private func canBeAnchored(_ index: Int) -> Bool {
        places[offsets[index]..<(offsets[index] + declared[index].names.count)].allSatisfy {
            $0.canBeAnchored
        }
    }

    /// Whether every value of the first goes with one value of the second.
    private func isSameGroup(_ one: Int, _ other: Int) -> Bool {
        declared[other].groupInput == nil
            || declared[other].groupInput == declared[one].groupInput
    }

    /// ∂f/∂c for each declared coefficient, at all points.
    private func terms(_ theta: [Double], _ points: ScaledPoints) -> [[Double]] {
        var values = LawValues(self, points)
        evaluate(
            theta, points, weights: points.y.map { _ in 1 }, slopes: true, into: &values)
        return (0..<linearParameters).map { index in
            (0..<points.count).map { values.slopes[$0 * declared.count + index] }
        }
    }
}
