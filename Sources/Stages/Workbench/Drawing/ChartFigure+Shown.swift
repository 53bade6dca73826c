import Canon

/// What a chart says of itself, for pages and papers.
extension ChartFigure {
    /// The document: format `bitlaw/figure/1`.
    func shown(_ scene: Scene) -> JSON {
        [
            "format": "bitlaw/figure/1", "title": .string(figure.title),
            "caption": .string(caption),
            "description": .string(scene.description),
            "axes": ["x": axis(figure.x), "y": axis(figure.y)],
            "panels": .array(
                figure.panels.map { panel in
                    [
                        "name": .string(panel.name), "series": .array(panel.series.map(series)),
                        "cells": .array(panel.cells.map(cell)),
                    ]
                }),
            "laws": .array(laws.map { $0.json }),
        ]
    }

    private func axis(_ axis: FigureAxis) -> JSON {
        switch axis.scale {
        case .logarithmic: ["label": .string(axis.label), "scale": "log"]
        case .linear: ["label": .string(axis.label), "scale": "linear"]
        case .names(let names):
            [
                "label": .string(axis.label), "scale": "names",
                "names": .array(names.map { .string($0) }),
            ]
        }
    }

    private func cell(_ cell: FigureCell) -> JSON {
        [
            "column": .number(Double(cell.column)), "row": .number(Double(cell.row)),
            "value": .finite(cell.value),
        ]
    }

    private func series(_ series: FigureSeries) -> JSON {
        let points =
            series.columns.isEmpty ? series.points : series.columns.map { ($0.place, $0.value) }
        let drawn = points.isEmpty ? series.lines.flatMap { $0.pieces.flatMap { $0 } } : points
        return [
            "name": .string(series.name), "kind": points.isEmpty ? "line" : "points",
            "points": .array(
                drawn.enumerated().map { place, point in
                    var entry: [String: JSON] = ["x": .finite(point.0), "y": .finite(point.1)]
                    if !points.isEmpty, series.bars.indices.contains(place) {
                        entry["low"] = .finite(series.bars[place].low)
                        entry["high"] = .finite(series.bars[place].high)
                    }
                    return .object(entry)
                }),
        ]
    }
}
