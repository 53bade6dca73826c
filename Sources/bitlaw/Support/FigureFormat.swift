import ArgumentParser

/// What an export makes of pictures.
enum FigureFormat: String, ExpressibleByArgument, CaseIterable {
    /// The picture as it is.
    case svg
    /// For a paper: as wide as a column of a journal, 84 mm.
    case pdf
    /// For slides and web pages: 1440 pixels wide, on white.
    case png

    /// What rsvg-convert is told.
    var words: [String] {
        switch self {
        case .svg: []
        case .pdf: ["-f", "pdf", "-w", "84mm", "-a"]
        case .png: ["-f", "png", "-w", "1440", "-a", "-b", "white"]
        }
    }

    /// The name of a picture's file in this format.
    func name(of svg: String) -> String { "\(svg.dropLast(3))\(rawValue)" }

    /// The name of the file for LaTeX beside a picture.
    static func latexName(of svg: String) -> String { "\(svg.dropLast(3))tex" }

    /// Every name that an export may give what it makes of a picture.
    static func names(of svg: String) -> [String] {
        [FigureFormat.pdf, .png].map { $0.name(of: svg) } + [latexName(of: svg)]
    }
}
