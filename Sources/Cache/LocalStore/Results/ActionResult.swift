package import Canon
import System

/// What an action made: output names and digests, under its key.
package struct ActionResult: Equatable, Sendable {
    /// One named output.
    package struct Output: Equatable, Sendable {
        /// The name that the kind declares.
        package let name: String
        /// The digest of the bytes.
        package let digest: Digest
        /// How many bytes.
        package let size: Int

        /// Names an output.
        package init(name: String, digest: Digest, size: Int) {
            self.name = name
            self.digest = digest
            self.size = size
        }
    }

    /// The action key.
    package let key: Digest
    /// The kind and its version.
    package let kind: String
    /// The kind's version.
    package let version: Int
    /// The outputs, ordered by name.
    package let outputs: [Output]
    /// The log's blob, where the action wrote one.
    package let log: Digest?
    /// How long it took, in seconds of a monotonic clock.
    package let seconds: Double
    /// When, as ISO 8601 in UTC: for people, never compared.
    package let madeAt: String

    /// Names a result.
    package init(
        key: Digest, kind: String, version: Int, outputs: [Output], log: Digest?,
        seconds: Double, madeAt: String
    ) {
        self.key = key
        self.kind = kind
        self.version = version
        self.outputs = outputs.sorted { $0.name < $1.name }
        self.log = log
        self.seconds = seconds
        self.madeAt = madeAt
    }

    /// The output of a name.
    package func output(_ name: String) -> Output? { outputs.first { $0.name == name } }

    /// The file's content: canonical JSON, so that equal results are equal files.
    package var json: JSON {
        var members: [String: JSON] = [:]
        for output in outputs {
            members[output.name] = [
                "digest": .string(output.digest.hex), "size": .number(Double(output.size)),
            ]
        }
        return [
            "format": "bitlaw/result/1", "key": .string(key.hex), "kind": .string(kind),
            "version": .number(Double(version)), "outputs": .object(members),
            "log": log.map { .string($0.hex) } ?? .null, "seconds": .number(seconds),
            "madeAt": .string(madeAt),
        ]
    }

    /// Reads a result back; anything unexpected is refused, for nothing from outside is trusted.
    ///
    /// - Throws: ``ResultFormatError`` with what is wrong.
    package init(json: JSON, key: Digest) throws(ResultFormatError) {
        guard json["format"]?.text == "bitlaw/result/1" else {
            throw ResultFormatError(reason: "expected format bitlaw/result/1")
        }
        guard json["key"]?.text == key.hex else {
            throw ResultFormatError(reason: "its key is not the one in its name")
        }
        guard let kind = json["kind"]?.text, let version = json["version"]?.integer,
            let members = json["outputs"]?.members, let seconds = json["seconds"]?.double,
            let madeAt = json["madeAt"]?.text
        else { throw ResultFormatError(reason: "a member is missing or of the wrong type") }
        guard ActionResult.isPlausible(kind: kind, seconds: seconds, madeAt: madeAt) else {
            throw ResultFormatError(
                reason: "expected a kind's name, 0 or more seconds and a time, found "
                    + visible("\(kind), \(seconds), \(madeAt)"))
        }
        var outputs: [Output] = []
        for (name, value) in members {
            guard isSafeName(name) else {
                throw ResultFormatError(
                    reason: "the output name \"\(visible(name))\" is not allowed")
            }
            guard let text = value["digest"]?.text, let digest = try? Digest(hex: text),
                let size = value["size"]?.integer, size >= 0
            else { throw ResultFormatError(reason: "output \(name) has no digest and size") }
            outputs.append(Output(name: name, digest: digest, size: size))
        }
        var log: Digest?
        if let text = json["log"]?.text {
            guard let digest = try? Digest(hex: text) else {
                throw ResultFormatError(reason: "log is not a digest")
            }
            log = digest
        }
        self.init(
            key: key, kind: kind, version: version, outputs: outputs, log: log,
            seconds: seconds, madeAt: madeAt)
    }
}

extension ActionResult {
    /// Whether what is shown to people, and computed with, is what it should be: results come from
    /// anywhere, and a terminal obeys some texts.
    static func isPlausible(kind: String, seconds: Double, madeAt: String) -> Bool {
        isSafeName(kind) && seconds >= 0 && seconds.isFinite && madeAt.utf8.count <= 40
            && madeAt.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "-:.+TZ".utf8.contains(byte)
            }
    }
}

/// Why a file is not an action result.
package struct ResultFormatError: Error, Equatable {
    /// What is wrong.
    package let reason: String

    /// Names what is wrong.
    package init(reason: String) { self.reason = reason }
}
