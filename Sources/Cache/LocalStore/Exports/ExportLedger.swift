package import Canon

/// What Bitlaw wrote into one folder for a person: so that it never writes over a file of theirs.
package struct ExportLedger: Sendable, Equatable {
    /// One file that was written.
    package struct Entry: Sendable, Equatable {
        /// The digests that it may have: one, or two while it is being written anew.
        package var digests: [Digest]
        /// The name of the experiment that it came from.
        package let experiment: String
        /// The path of the experiment's file in its project.
        package let file: String

        /// Notes a file.
        package init(digests: [Digest], experiment: String, file: String) {
            self.digests = digests
            self.experiment = experiment
            self.file = file
        }
    }

    /// The folder, as seen from the store: both may move together.
    package let folder: String
    /// The files by name.
    package var entries: [String: Entry]
    /// Whether the notes could not be read: then nothing is known of the files that are there.
    package let isDamaged: Bool

    /// Begins with some files.
    package init(folder: String, entries: [String: Entry] = [:], isDamaged: Bool = false) {
        self.folder = folder
        self.entries = entries
        self.isDamaged = isDamaged
    }

    /// Reads the notes on a folder; damaged ones know nothing.
    init(folder: String, reading bytes: [UInt8]) {
        var entries: [String: Entry] = [:]
        let json = try? JSON(parsing: bytes)
        let files = json?["bitlaw"] == "exports/1" ? json?["files"]?.members : nil
        for (name, value) in files ?? [:] {
            let digests = (value["digests"]?.elements ?? []).compactMap { element in
                element.text.flatMap { try? Digest(hex: $0) }
            }
            guard let experiment = value["experiment"]?.text, let file = value["file"]?.text,
                !digests.isEmpty
            else { continue }
            entries[name] = Entry(digests: digests, experiment: experiment, file: file)
        }
        self.init(folder: folder, entries: entries, isDamaged: files == nil)
    }

    /// The document that the store keeps.
    var json: JSON {
        [
            "bitlaw": "exports/1", "folder": .string(folder),
            "files": .object(
                entries.mapValues { entry in
                    [
                        "digests": .array(entry.digests.map { .string($0.hex) }),
                        "experiment": .string(entry.experiment), "file": .string(entry.file),
                    ]
                }),
        ]
    }
}
