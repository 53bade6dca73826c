import Canon
import Experiment
import LocalStore
import System
import Workbench

/// Makes files for papers of the pictures of actions: another format, and LaTeX beside it.
///
/// What it makes is put into the store, so that it is exported as all outputs are.
struct FigureMaker {
    let store: Store
    let format: FigureFormat
    let scratch: ScratchFolder

    /// The files of the pictures among items; `outputs` are all outputs of their actions.
    ///
    /// - Throws: ``UsageError`` where the program that converts is missing or fails.
    func items(of pictures: [ExportItem], outputs: [ExportItem]) throws -> [ExportItem] {
        var told: Set<Int> = []
        return try pictures.flatMap { picture -> [ExportItem] in
            guard let given = try store.bytes(of: picture.digest) else {
                throw OperationalError.lost(picture.digest, in: store)
            }
            let bytes = try svg(given, of: picture)
            let documents = try outputs.filter { $0.action.index == picture.action.index }
                .filter { $0.name.hasSuffix(".json") }
                .compactMap { try store.bytes(of: $0.digest).flatMap { try? JSON(parsing: $0) } }
            let figure = LatexFigure(
                picture: format.name(of: picture.name), action: picture.action.name,
                digest: Digest(of: bytes.span), documents: documents,
                hasNumbers: told.insert(picture.action.index).inserted)
            return [
                try item(picture, format.name(of: picture.name), converted(bytes, picture)),
                try item(
                    picture, FigureFormat.latexName(of: picture.name), Array(figure.text.utf8)),
            ]
        }
    }

    private func item(_ picture: ExportItem, _ name: String, _ bytes: [UInt8]) throws -> ExportItem
    {
        ExportItem(
            action: picture.action, output: picture.output, digest: try store.put(bytes), name: name
        )
    }

    /// The picture as it is, or drawn.
    private func svg(_ bytes: [UInt8], of picture: ExportItem) throws -> [UInt8] {
        do { return Array(try ShownPicture.svg(bytes).utf8) } catch {
            throw UsageError(
                text: "\(picture.action.name)/\(picture.output): \(error.description)\n"
                    + "  fix: write the data of a plot as docs/your-own-page.md says")
        }
    }

    /// The picture in the format that was asked for.
    private func converted(_ svg: [UInt8], _ picture: ExportItem) throws -> [UInt8] {
        if format == .svg { return FigureMaker.standing(alone: svg) }
        let (from, to) = ("\(scratch.path)/figure.svg", "\(scratch.path)/figure.\(format.rawValue)")
        try writeWholeFile(svg, to: from, .none)
        let person = EnvironmentVariables.person
        guard let program = ChildProcess.find("rsvg-convert", person["PATH"]) else {
            throw UsageError(
                text: "rsvg-convert, which makes \(format.rawValue) of pictures, is not installed\n"
                    + "  fix: apt-get install librsvg2-bin, or use --format svg")
        }
        // The date in a PDF is that of no day, so that the same picture gives the same bytes.
        let answer = try ProgramAnswer(
            of: [program] + format.words + ["-o", to, from],
            environment: person.words(["PATH", "HOME"]) + ["SOURCE_DATE_EPOCH=0"], errors: true)
        guard answer.status == 0, let bytes = try readWholeFile(to) else {
            throw UsageError(
                text: "\(picture.action.name): rsvg-convert made no \(format.rawValue) of "
                    + "\(picture.name): \(answer.line ?? "it ended with \(answer.status)")\n"
                    + "  fix: bitlaw export --format svg, and convert it by hand")
        }
        try removeTree(to)
        return bytes
    }

    /// A picture of ours that has no page around it: its text takes the colour of text, light or dark.
    ///
    /// Other pictures stay as they are.
    static func standing(alone svg: [UInt8]) -> [UInt8] {
        let text = String(decoding: svg, as: UTF8.self)
        guard text.hasPrefix("<svg "), text.contains("fill=\"currentColor\""),
            let end = text.firstIndex(of: ">")
        else { return svg }
        let rule = "<style>svg:root{color-scheme:light dark;color:CanvasText}</style>"
        return Array((text[...end] + rule + text[text.index(after: end)...]).utf8)
    }
}
