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

    /// The name of a picture's file in this format; of a picture's or of a plot's data.
    func name(of file: String) -> String { FigureFormat.stem(file) + rawValue }

    /// The name of the file for LaTeX beside a picture.
    static func latexName(of file: String) -> String { stem(file) + "tex" }

    /// Every name that an export may give what it makes of an output; none where that can be no picture.
    static func names(of file: String) -> [String] {
        guard file.hasSuffix(".svg") || file.hasSuffix(".json") else { return [] }
        return allCases.map { $0.name(of: file) } + [latexName(of: file)]
    }

    /// The name up to its last full stop.
    private static func stem(_ file: String) -> Substring {
        file.lastIndex(of: ".").map { file[...$0] } ?? file[...]
    }
}
