import Canon
import System

/// Reading the data of a plot, which any program may have written.
extension PlotDocument {
    /// The most numbers, series, panels and kinds of lines of one plot, and the most bytes of one text.
    private static let most = (
        numbers: 1_000_000, series: 1000, panels: 100, kinds: 100, text: 2000
    )

    /// Reads a file.
    ///
    /// - Throws: ``FormatError`` naming the member that is not as the format says.
    package init(parsing bytes: [UInt8]) throws(FormatError) {
        let document: JSON
        do { document = try JSON(parsing: bytes) } catch {
            throw FormatError("expected a plot, JSON of format \(PlotDocument.format): \(error)")
        }
        guard document["format"]?.text == PlotDocument.format else {
            throw FormatError(
                "expected a plot, JSON of format \(PlotDocument.format), found the format "
                    + (document["format"]?.shown ?? "of none"))
        }
        try PlotDocument.guardSize(document)
        var figure = Figure(
            title: try PlotDocument.text(document["title"], "title"),
            x: try PlotDocument.axis(document["x"], "x"),
            y: try PlotDocument.axis(document["y"], "y"))
        for (name, member) in PlotDocument.words {
            guard let word = document["words"]?[name] else { continue }
            figure[keyPath: member] = try PlotDocument.text(word, "words.\(name)")
        }
        for kind in document["lineKinds"]?.elements ?? [] {
            figure.lineKinds.append(try PlotDocument.text(kind, "lineKinds"))
        }
        for reference in document["references"]?.elements ?? [] {
            figure.references.append(
                FigureReference(
                    value: try PlotDocument.number(reference["value"], "references.value"),
                    name: try PlotDocument.text(reference["name"], "references.name"),
                    isReached: reference["isReached"] == true,
                    isUpright: reference["isUpright"] == true))
        }
        if let from = document["heldOutFrom"] {
            figure.heldOutFrom = try PlotDocument.number(from, "heldOutFrom")
        }
        figure.isOrdered = document["isOrdered"] == true
        if let shade = document["shade"] {
            figure.shade = try PlotDocument.axis(shade, "shade")
        }
        for (place, panel) in (document["panels"]?.elements ?? []).enumerated() {
            figure.panels.append(try PlotDocument.panel(panel, "panels[\(place)]"))
        }
        self.init(figure)
    }

    /// Refuses what no picture could show, before anything is drawn.
    private static func guardSize(_ document: JSON) throws(FormatError) {
        var rest = [document]
        var numbers = 0
        while let one = rest.popLast() {
            if let elements = one.elements { rest += elements }
            if let members = one.members { rest += members.values }
            if one.double != nil { numbers += 1 }
        }
        let panels = document["panels"]?.elements ?? []
        let series = panels.reduce(0) { $0 + ($1["series"]?.elements?.count ?? 0) }
        let kinds = document["lineKinds"]?.elements?.count ?? 0
        guard numbers <= most.numbers, panels.count <= most.panels, series <= most.series,
            kinds <= most.kinds, document["references"]?.elements?.count ?? 0 <= most.kinds
        else {
            throw FormatError(
                "expected a plot of at most \(most.numbers) numbers, \(most.panels) panels, "
                    + "\(most.series) series, \(most.kinds) references and kinds of lines; found "
                    + "\(numbers) numbers, \(panels.count) panels, \(series) series; plot less")
        }
    }

    private static func axis(_ json: JSON?, _ place: String) throws(FormatError) -> FigureAxis {
        var axis = FigureAxis("")
        axis.label = try text(json?["label"], "\(place).label")
        if let names = json?["names"]?.elements {
            var texts: [String] = []
            for name in names { texts.append(try text(name, "\(place).names")) }
            axis.scale = .names(texts)
        } else {
            switch json?["scale"]?.text {
            case "logarithmic": axis.scale = .logarithmic
            case "linear": axis.scale = .linear
            default:
                throw FormatError(
                    "\(place).scale: expected \"logarithmic\" or \"linear\", or a list `names`, found "
                        + (json?["scale"]?.shown ?? "nothing"))
            }
        }
        if let most = json?["most"] { axis.most = try number(most, "\(place).most") }
        if let decades = json?["decades"] {
            axis.decades = try number(decades, "\(place).decades")
        }
        return axis
    }

    private static func panel(_ json: JSON, _ place: String) throws(FormatError) -> FigurePanel {
        var panel = FigurePanel(name: try text(json["name"] ?? "", "\(place).name"))
        for (number, one) in (json["series"]?.elements ?? []).enumerated() {
            panel.series.append(try series(one, "\(place).series[\(number)]"))
        }
        if let cells = json["cells"] {
            let columns = try list(cells["column"], "\(place).cells.column")
            let rows = try list(cells["row"], "\(place).cells.row", count: columns.count)
            let values = try list(cells["value"], "\(place).cells.value", count: columns.count)
            for index in columns.indices {
                guard let column = Int(exactly: columns[index]),
                    let row = Int(exactly: rows[index]),
                    0..<most.numbers ~= column, 0..<most.numbers ~= row
                else {
                    throw FormatError(
                        "\(place).cells: expected places of names, 0 or more, found "
                            + "\(columns[index]) and \(rows[index])")
                }
                panel.cells.append(FigureCell(column: column, row: row, value: values[index]))
            }
        }
        return panel
    }

    private static func series(_ json: JSON, _ place: String) throws(FormatError) -> FigureSeries {
        var series = FigureSeries(name: try text(json["name"], "\(place).name"))
        if let note = json["note"] { series.note = try text(note, "\(place).note") }
        if let value = json["value"] { series.value = try number(value, "\(place).value") }
        if let leftOut = json["leftOut"] {
            guard let count = leftOut.integer, 0...1_000_000_000_000 ~= count else {
                throw FormatError(
                    "\(place).leftOut: expected a number of points, found \(leftOut.shown)")
            }
            series.leftOut = count
        }
        (series.points, series.bars) = try points(json["points"], "\(place).points")
        (series.ratios, series.ratioBars) = try points(json["ratios"], "\(place).ratios")
        if let columns = json["columns"] {
            let (all, bars) = try points(columns, "\(place).columns")
            series.columns = all.map { (place: $0.x, value: $0.y) }
            if series.points.isEmpty { series.bars = bars }
        }
        for (number, one) in (json["lines"]?.elements ?? []).enumerated() {
            series.lines.append(try line(one, "\(place).lines[\(number)]"))
        }
        if let band = json["band"] {
            let x = try list(band["x"], "\(place).band.x")
            let low = try list(band["low"], "\(place).band.low", count: x.count)
            let high = try list(band["high"], "\(place).band.high", count: x.count)
            series.band = x.indices.map { (x[$0], low[$0], high[$0]) }
        }
        if let marks = json["marks"] { series.marks = try list(marks, "\(place).marks") }
        if let levels = json["levels"] { series.levels = try list(levels, "\(place).levels") }
        return series
    }

    private static func points(_ json: JSON?, _ place: String) throws(FormatError) -> (
        points: [(x: Double, y: Double)], bars: [(low: Double, high: Double)]
    ) {
        guard let json else { return ([], []) }
        let x = try list(json["x"], "\(place).x")
        let y = try list(json["y"], "\(place).y", count: x.count)
        guard json["low"] != nil || json["high"] != nil else { return (Array(zip(x, y)), []) }
        let low = try list(json["low"], "\(place).low", count: x.count)
        let high = try list(json["high"], "\(place).high", count: x.count)
        return (Array(zip(x, y)), Array(zip(low, high)))
    }

    private static func line(_ json: JSON, _ place: String) throws(FormatError) -> FigureLine {
        guard let kind = (json["kind"] ?? 0).integer, 0..<most.kinds ~= kind else {
            throw FormatError(
                "\(place).kind: expected a place among lineKinds, found \((json["kind"] ?? 0).shown)"
            )
        }
        let x = try list(json["x"], "\(place).x")
        let y = try list(json["y"], "\(place).y", count: x.count)
        let pieces = zip(x, y).split { $0.isNaN && $1.isNaN }.map { piece in
            piece.map { (x: $0.0, y: $0.1) }
        }
        return FigureLine(kind: kind, pieces: pieces)
    }

    private static func text(_ json: JSON?, _ place: String) throws(FormatError) -> String {
        guard let text = json?.text, text.utf8.count <= most.text else {
            throw FormatError(
                "\(place): expected a text of at most \(most.text) bytes, found \(json?.shown ?? "nothing")"
            )
        }
        return text
    }

    private static func number(_ json: JSON?, _ place: String) throws(FormatError) -> Double {
        guard let number = json?.double else {
            throw FormatError("\(place): expected a number, found \(json?.shown ?? "nothing")")
        }
        return number
    }

    /// A list of numbers, of as many as its neighbours have; `null` is a place without one.
    private static func list(_ json: JSON?, _ place: String, count: Int? = nil) throws(FormatError)
        -> [Double]
    {
        guard let elements = json?.elements else {
            throw FormatError(
                "\(place): expected a list of numbers, found \(json?.shown ?? "nothing")")
        }
        guard count == nil || elements.count == count else {
            throw FormatError(
                "\(place): expected \(count ?? 0) numbers, as many as its neighbours have, found "
                    + "\(elements.count)")
        }
        var numbers: [Double] = []
        numbers.reserveCapacity(elements.count)
        for element in elements {
            guard element == .null || element.double != nil else {
                throw FormatError("\(place): expected numbers or null, found \(element.shown)")
            }
            numbers.append(element.double ?? .nan)
        }
        return numbers
    }
}
