import Canon
import Workbench

extension FactorSeries {
    /// What series.json says.
    var json: JSON {
        [
            "format": "bitlaw/factor-series/3", "caption": .string(caption), "x": .string(x),
            "y": .string(y), "level": .finite(level), "mark": .string(mark),
            "curves": .array(
                curves.map { curve in
                    [
                        "value": curve.value, "label": .string(curve.label),
                        "facts": .object(curve.facts.mapValues { .number($0) }),
                        "thirds": curve.thirds.map { .array($0.map { .number($0) }) } ?? .null,
                        "bends": curve.bends.map { .bool($0) } ?? .null,
                        "points": .array(
                            curve.points.map { point in
                                [
                                    "x": .number(point.x), "count": .number(Double(point.count)),
                                    "mean": .number(point.mean),
                                    "geometric": .number(point.geometric),
                                    "low": .number(point.low), "high": .number(point.high),
                                    "slope": .finite(point.slope),
                                ]
                            }),
                    ]
                }),
        ]
    }

    /// A row for each point.
    var table: Table {
        var table = Table(columns: [
            "series", "x", "count", "mean", "geometric_mean", "least", "largest", "local_slope",
        ])
        for curve in curves {
            for point in curve.points {
                table.append([
                    .string(curve.label), .number(point.x), .number(Double(point.count)),
                    .number(point.mean), .number(point.geometric), .number(point.low),
                    .number(point.high), .finite(point.slope),
                ])
            }
        }
        return table
    }
}
