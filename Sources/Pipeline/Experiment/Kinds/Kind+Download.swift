import System

extension Kind {
    /// The only output of a download.
    package static let downloadedFile = "file"

    /// What an input `{url: …, sha256: …}` stands for: a stage that nobody writes.
    package static let download = Kind(
        name: "source.fetch", version: 1,
        summary: "Downloads a file whose SHA-256 is known in advance, unless the store has it.",
        source: "our own",
        parameters: [
            Parameter("url", .text, isInKey: false, "Where the file is; no part of the key."),
            Parameter("sha256", .text, "The digest that the file has to have."),
        ],
        outputs: [OutputPort(Kind.downloadedFile, fileName: "file", "The file.")],
        isDownload: true, runsForeignProgram: false)
}
