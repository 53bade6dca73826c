import System

/// What a reader of a plot says in words of his own: they are part of the drawing, never of what is drawn.
package struct PlotLooks {
    /// What stands above, and beside the axes; empty where the data's own words stand.
    package var title = "", xLabel = "", yLabel = ""
    /// Words for the data's own: names of series and lines, of what orders series, of marks and references.
    package var names: [String: String] = [:]
    /// What stands behind the title, such as the coordinates of one of several plots.
    package var addition = ""

    /// The data's own words.
    package init() {}

    /// The figure in these words.
    func applied(to figure: Figure) -> Figure {
        var figure = figure
        if !title.isEmpty { figure.title = title }
        if !addition.isEmpty, !figure.title.contains(addition) {
            figure.title += figure.title.isEmpty ? addition : ", \(addition)"
        }
        if !xLabel.isEmpty { figure.x.label = xLabel }
        if !yLabel.isEmpty { figure.y.label = yLabel }
        guard !names.isEmpty else { return figure }
        figure.lineKinds = figure.lineKinds.map(word)
        figure.marksAre = word(for: figure.marksAre)
        figure.levelsAre = word(for: figure.levelsAre)
        figure.ratioLabel = word(for: figure.ratioLabel)
        figure.references = figure.references.map { reference in
            FigureReference(
                value: reference.value, name: word(for: reference.name),
                isReached: reference.isReached, isUpright: reference.isUpright)
        }
        let family = figure.family
        figure.family = word(for: family)
        for panel in figure.panels.indices {
            figure.panels[panel].name = word(for: figure.panels[panel].name)
            for place in figure.panels[panel].series.indices {
                let series = figure.panels[panel].series[place]
                let number = PlotLooks.number(of: series, in: family)
                figure.panels[panel].series[place].name =
                    number.map { FigureSeries.name($0, of: figure.family) }
                    ?? word(for: series.name)
            }
        }
        return figure
    }

    private func word(for own: String) -> String { names[own] ?? own }

    /// What a series is called behind the name of what orders them all; `nil` where its name is another.
    private static func number(of series: FigureSeries, in family: String) -> String? {
        let start = FigureSeries.name("", of: family)
        guard series.value != nil, !family.isEmpty, series.name.hasPrefix(start) else { return nil }
        return String(series.name.dropFirst(start.count))
    }

    /// The words of a plot that others may stand for; none where bytes are the data of no plot.
    package static func words(in bytes: [UInt8]) -> [String] {
        guard PlotDocument.isOne(bytes), let figure = try? PlotDocument(parsing: bytes).figure
        else { return [] }
        let own =
            [figure.family] + figure.names + figure.panels.map { $0.name } + figure.lineKinds
            + figure.references.map { $0.name }
            + [figure.marksAre, figure.levelsAre, figure.ratioLabel]
        var seen: Set<String> = [""]
        return own.filter { seen.insert($0).inserted }
    }
}

/// The picture in an output: SVG as it stands, or the data of a plot, drawn.
package enum ShownPicture {
    /// Whether bytes are a picture, by their beginning.
    package static func isOne(_ bytes: [UInt8]) -> Bool {
        if PlotDocument.isOne(bytes) { return true }
        let start = String(decoding: bytes.prefix(512), as: UTF8.self)
        return start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.hasPrefix("<")
            && (start.contains("<svg") || start.hasPrefix("<?xml"))
    }

    /// What the data of a plot are of, as a sentence below their picture; `nil` for any other picture.
    ///
    /// - Throws: ``FormatError`` where the data are not as their format says.
    package static func caption(_ bytes: [UInt8], _ looks: PlotLooks) throws(FormatError) -> String?
    {
        guard PlotDocument.isOne(bytes) else { return nil }
        let figure = looks.applied(to: try PlotDocument(parsing: bytes).figure)
        return FigureDescription.caption(figure)
    }

    /// The picture as one SVG element.
    ///
    /// - Throws: ``FormatError`` where the data of a plot are not as its format says.
    package static func svg(_ bytes: [UInt8], _ looks: PlotLooks = PlotLooks()) throws(FormatError)
        -> String
    {
        guard PlotDocument.isOne(bytes) else { return String(decoding: bytes, as: UTF8.self) }
        return looks.applied(to: try PlotDocument(parsing: bytes).figure).svg()
    }
}
