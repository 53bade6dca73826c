import Canon
import Experiment
import Workbench

extension FactorSeries {
    /// What series.json says.
    var json: JSON {
        [
            "format": "bitlaw/factor-series/1", "name": .string(name), "section": .string(section),
            "title": .string(title), "x": .string(xLabel), "y": .string(yLabel),
            "level": .finite(level), "level_name": .string(levelName), "mark": .string(mark),
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

    /// Reads what ``json`` wrote.
    init(_ input: StageInput) throws {
        let json = try JSON(parsing: input.bytes())
        guard json["format"] == "bitlaw/factor-series/1", let list = json["curves"]?.elements else {
            throw FormatError("\(input.producer): expected series.json of factors.series")
        }
        func text(_ name: String) -> String { json[name]?.text ?? "" }
        self.init(
            name: text("name"), section: text("section"), title: text("title"), xLabel: text("x"),
            yLabel: text("y"), level: json["level"]?.double, levelName: text("level_name"),
            mark: text("mark"),
            curves: list.map { curve in
                Curve(
                    value: curve["value"] ?? .null, label: curve["label"]?.text ?? "",
                    facts: (curve["facts"]?.members ?? [:]).compactMapValues { $0.double },
                    points: (curve["points"]?.elements ?? []).map { point in
                        func number(_ name: String) -> Double { point[name]?.double ?? .nan }
                        return Point(
                            x: number("x"), count: point["count"]?.integer ?? 0,
                            mean: number("mean"), geometric: number("geometric"),
                            low: number("low"), high: number("high"), slope: point["slope"]?.double)
                    })
            })
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
