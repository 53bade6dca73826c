/// The units of a fit: each input's mean logarithm and range, and the mean logarithm of y.
package struct LawScale: Sendable, Equatable {
    /// Mean log of each input.
    package let inputs: [Double]
    /// Mean log of y.
    package let output: Double
    /// The largest log of each input, less its mean: where coordinates may be anchored.
    package let ends: [Double]
    /// How the logarithm of each coefficient's term goes with each other parameter, on average over the
    /// points, `[coefficient, other]`; empty for forms without such coordinates.
    package let anchors: [Double]

    /// Names units.
    package init(
        inputs: [Double], output: Double, ends: [Double]? = nil, anchors: [Double] = []
    ) {
        self.inputs = inputs
        self.output = output
        self.anchors = anchors
        self.ends = ends ?? inputs.map { _ in 0 }
    }

    /// The geometric means of points.
    init(means x: [[Double]], _ y: [Double]) {
        let n = Double(max(1, y.count))
        let logX = x.map { $0.map(Elementary.log) }
        let means = logX.map { $0.reduce(0, +) / n }
        self.init(
            inputs: means, output: ScaledPoints.logUnit(y),
            ends: zip(logX, means).map { ($0.max() ?? 0) - $1 })
    }

    /// The unit of y.
    package var y: Double { Elementary.exp(output) }
}

/// Points in scaled units.
package struct ScaledPoints: Sendable {
    /// log(x / unit), one array for each input.
    package let logs: [[Double]]
    /// x as it is, one array for each input.
    package let columns: [[Double]]
    /// y / unit; 1 where there is none (for prediction).
    package let y: [Double]
    /// The units.
    package let scale: LawScale

    /// The number of points.
    package var count: Int { y.count }

    /// Scales points by their own geometric means, and y that are not all positive by their mean size; all
    /// inputs are positive.
    package init(x: [[Double]], y: [Double]) {
        self.init(x: x, y: y, scale: LawScale(means: x, y))
    }

    fileprivate static func logUnit(_ y: [Double]) -> Double {
        let n = Double(max(1, y.count))
        if y.allSatisfy({ $0 > 0 }) { return y.map(Elementary.log).reduce(0, +) / n }
        let size = y.reduce(0) { $0 + $1.magnitude } / n
        return size > 0 ? Elementary.log(size) : 0
    }

    /// Some of the points, in the same units.
    func subset(_ rows: [Int]) -> ScaledPoints {
        ScaledPoints(
            logs: logs.map { column in rows.map { column[$0] } },
            columns: columns.map { column in rows.map { column[$0] } },
            y: rows.map { y[$0] }, scale: scale)
    }

    private init(logs: [[Double]], columns: [[Double]], y: [Double], scale: LawScale) {
        self.logs = logs
        self.columns = columns
        self.y = y
        self.scale = scale
    }

    /// Scales points by given units.
    package init(x: [[Double]], y: [Double], scale: LawScale) {
        logs = zip(x, scale.inputs).map { column, mean in column.map { Elementary.log($0) - mean } }
        columns = x
        let unit = scale.y
        self.y = y.map { $0 / unit }
        self.scale = scale
    }
}
