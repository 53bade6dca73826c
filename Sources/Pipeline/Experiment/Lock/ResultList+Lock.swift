import Canon
package import System

/// A lock file: what an experiment is expected to produce, one fact a line, for git.
///
/// ```
/// bitlaw lock 1
/// experiment spiral
/// action <key> <profile or -> <kind>/<version> <action>
/// # without <action that a partial input left out>
/// output <digest> <output> <action>
/// ```
extension ResultList {
    /// Where the lock file of an experiment stands: beside it.
    package static func lockPath(of experiment: String) -> String { experiment + ".lock" }

    /// The version of the format.
    private static let version = 1

    /// The text of the lock file; equal results give equal bytes.
    package var lockText: String {
        var text = "bitlaw lock \(ResultList.version)\n"
        text += "experiment \(ResultList.quoted(experiment ?? ""))\n"
        for entry in entries {
            let name = ResultList.quoted(entry.name)
            text += "action \(entry.key?.hex ?? "-") \(entry.profile ?? "-") "
            text += "\(entry.kind ?? "-") \(name)\n"
            for other in entry.without { text += "# without \(ResultList.quoted(other))\n" }
            for output in entry.outputs {
                text += "output \(output.digest.hex) \(output.name) \(name)\n"
            }
        }
        return text
    }

    /// A name as it stands at the end of a line: as it is, or as JSON where a line would break.
    private static func quoted(_ name: String) -> String {
        let isPlain =
            !name.isEmpty && !name.hasPrefix("\"") && !name.hasPrefix(" ") && !name.hasSuffix(" ")
            && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        return isPlain ? name : JSON.string(name).canonicalText
    }

    /// The most bytes of a lock file that are read: two million actions have fewer.
    package static let largestLock = 512 << 20

    /// Reads a lock file.
    ///
    /// - Throws: ``OperationalError`` `malformed` or `newerFormat`, with the line.
    package init(lock bytes: [UInt8], path: String) throws(OperationalError) {
        var parser = LockParser(path: path)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            // A checkout may have turned line ends into those of other systems.
            let own = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            try parser.take(String(decoding: own, as: UTF8.self)[...], number: number + 1)
        }
        try parser.finish(lines: lines.count)
        self.init(origin: path, experiment: parser.experiment, entries: parser.entries)
    }
}

private struct LockParser {
    let path: String
    var experiment: String?
    var entries: [ResultList.Entry] = []
    private var names: Set<String> = []
    private var open: ResultList.Entry?
    private var outputs: [ResultList.Output] = []
    private var without: [String] = []

    init(path: String) { self.path = path }

    private func refused(_ line: Int, _ expected: String, _ found: Substring) -> OperationalError {
        OperationalError(
            code: .malformed,
            message: "\(path):\(line): expected \(expected), found \"\(found.prefix(200))\"",
            remedy: "git checkout the lock file, or make it again with bitlaw lock")
    }

    mutating func take(_ line: Substring, number: Int) throws(OperationalError) {
        if number == 1 { return try header(line) }
        // Whoever keeps the file may add comments; merges leave empty lines.
        if line.hasPrefix("# without "), let other = name(line.dropFirst(10)) {
            without.append(other)
        }
        if line.isEmpty || line.hasPrefix("#") { return }
        if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].contains(where: line.hasPrefix) {
            throw OperationalError(
                code: .malformed,
                message: "\(path):\(number): a conflict that a merge left: \(line.prefix(60))",
                remedy:
                    "keep the lines of the side whose experiment file you keep, or run the merged "
                    + "experiment and lock it: bitlaw lock "
                    + (path.hasSuffix(".lock") ? String(path.dropLast(5)) : "FILE")
            )
        }
        let fields = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        switch fields[0] {
        case "experiment":
            guard let name = name(line.dropFirst(11)) else {
                throw refused(number, "experiment and its name", line)
            }
            experiment = name
        case "action":
            guard fields.count == 5, let name = name(fields[4]),
                let key = try? Digest(hex: String(fields[1]))
            else {
                throw refused(number, "action, key, profile, kind/version, name", line)
            }
            guard names.insert(name).inserted else {
                throw refused(number, "each action once", line)
            }
            close()
            open = ResultList.Entry(
                name: name, kind: fields[3] == "-" ? nil : String(fields[3]),
                profile: fields[2] == "-" ? nil : String(fields[2]), key: key, outputs: [])
        case "output":
            let fields = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, let digest = try? Digest(hex: String(fields[1])),
                isSafeName(String(fields[2])), let name = name(fields[3]), name == open?.name
            else {
                throw refused(number, "output, digest, name, and the action above", line)
            }
            guard !outputs.contains(where: { $0.name == fields[2] }) else {
                throw refused(number, "each output of an action once", line)
            }
            outputs.append(ResultList.Output(name: String(fields[2]), digest: digest))
        default: throw refused(number, "experiment, action or output", line)
        }
    }

    mutating func finish(lines: Int) throws(OperationalError) {
        close()
        if lines == 0 || experiment == nil {
            throw refused(lines, "a line with the experiment's name", "")
        }
    }

    private func header(_ line: Substring) throws(OperationalError) {
        guard line.hasPrefix("bitlaw lock "), let version = Int(line.dropFirst(12)) else {
            throw refused(1, "bitlaw lock 1", line)
        }
        guard version == 1 else {
            throw OperationalError(
                code: .newerFormat,
                message: "\(path): the lock file has format \(version), this bitlaw knows 1",
                remedy: "use the bitlaw that made it")
        }
    }

    private mutating func close() {
        if let open {
            entries.append(
                ResultList.Entry(
                    name: open.name, kind: open.kind, profile: open.profile, key: open.key,
                    outputs: outputs, without: without))
        }
        open = nil
        (outputs, without) = ([], [])
    }

    private func name(_ text: Substring) -> String? {
        if text.hasPrefix("\"") { return (try? JSON(parsing: String(text)))?.text }
        return text.isEmpty ? nil : String(text)
    }
}
