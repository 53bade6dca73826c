import System

/// What a reader of a plot says in words of his own: they are part of the drawing, never of what is drawn.
package struct PlotLooks {
    /// What stands above, and beside the axes; empty where the data's own words stand.
    package var title = "", xLabel = "", yLabel = ""

    /// The data's own words.
    package init() {}

    /// The figure in these words.
    func applied(to figure: Figure) -> Figure {
        var figure = figure
        if !title.isEmpty { figure.title = title }
        if !xLabel.isEmpty { figure.x.label = xLabel }
        if !yLabel.isEmpty { figure.y.label = yLabel }
        return figure
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
