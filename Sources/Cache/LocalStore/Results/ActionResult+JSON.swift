package import Canon
import System

/// A result as a document.
///
/// Its member `sha256` is the digest of all the others but `made`: one changed bit is damage, and never
/// another result. Results of older versions have neither of the two.
extension ActionResult {
    /// The members of a result as older versions wrote it.
    private static let oldMembers: Set<String> = [
        "format", "key", "kind", "log", "madeAt", "outputs", "seconds", "version",
    ]

    /// The result's own digest: over all that it says, but for who made it.
    package var digest: Digest { Digest(of: JSON.object(said).canonical().span) }

    /// The file's content: canonical JSON, so that equal results are equal files.
    package var json: JSON {
        var members = said
        members["sha256"] = .string(Digest(of: JSON.object(said).canonical().span).hex)
        if !made.isEmpty { members["made"] = .array(made.map { .string($0.hex) }) }
        return .object(members)
    }

    private var said: [String: JSON] {
        var outputs: [String: JSON] = [:]
        for output in self.outputs {
            var members: [String: JSON] = [
                "digest": .string(output.digest.hex), "size": .number(Double(output.size)),
            ]
            if output.isTree { members["tree"] = true }
            outputs[output.name] = .object(members)
        }
        var said: [String: JSON] = [
            "format": "bitlaw/result/1", "key": .string(key.hex), "kind": .string(kind),
            "version": .number(Double(version)), "outputs": .object(outputs),
            "log": log.map { .string($0.hex) } ?? .null, "seconds": .number(seconds),
            "madeAt": .string(madeAt),
        ]
        if !isConfined { said["confined"] = false }
        if isResumed { said["resumed"] = true }
        if let madeWith { said["madeWith"] = madeWith.json }
        return said
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
        let outputs = try ActionResult.outputs(members)
        var log: Digest?
        if let text = json["log"]?.text {
            guard let digest = try? Digest(hex: text) else {
                throw ResultFormatError(reason: "log is not a digest")
            }
            log = digest
        }
        guard json["confined"] == nil || json["confined"] == false else {
            throw ResultFormatError(reason: "expected false as its confined, where it stands")
        }
        guard json["resumed"] == nil || json["resumed"] == true else {
            throw ResultFormatError(reason: "expected true as its resumed, where it stands")
        }
        let made = try ActionResult.made(json)
        let madeWith = json["madeWith"].map(MadeWith.init(json:))
        if case .some(.none) = madeWith {
            throw ResultFormatError(
                reason: "expected 1 to \(MadeWith.most) short texts by their names as its madeWith")
        }
        try ActionResult.checkSeal(json)
        self.init(
            key: key, kind: kind, version: version, outputs: outputs, log: log,
            seconds: seconds, madeAt: madeAt,
            execution: Execution(
                isConfined: json["confined"] == nil, isResumed: json["resumed"] != nil,
                madeWith: madeWith ?? nil), made: made)
    }

    private static func outputs(_ members: [String: JSON]) throws(ResultFormatError) -> [Output] {
        var outputs: [Output] = []
        for (name, value) in members {
            guard isSafeName(name) else {
                throw ResultFormatError(
                    reason: "the output name \"\(visible(name))\" is not allowed")
            }
            guard let text = value["digest"]?.text, let digest = try? Digest(hex: text),
                let size = value["size"]?.integer, size >= 0
            else { throw ResultFormatError(reason: "output \(name) has no digest and size") }
            guard value["tree"] == nil || value["tree"] == true else {
                throw ResultFormatError(reason: "output \(name) has a `tree` other than true")
            }
            outputs.append(
                Output(name: name, digest: digest, size: size, isTree: value["tree"] == true))
        }
        return outputs
    }

    /// Refuses a result whose members are not the ones that its digest was made over.
    private static func checkSeal(_ json: JSON) throws(ResultFormatError) {
        var members = json.members ?? [:]
        guard let seal = members.removeValue(forKey: "sha256") else {
            guard let other = members.keys.filter({ !oldMembers.contains($0) }).min() else {
                return
            }
            throw ResultFormatError(
                reason: "it has a member \"\(visible(other))\" and no sha256 of its members")
        }
        members["made"] = nil
        let digest = Digest(of: JSON.object(members).canonical().span).hex
        guard seal.text == digest else {
            throw ResultFormatError(
                reason: "its members hash to \(digest), its sha256 says "
                    + visible(seal.text ?? seal.canonicalText))
        }
    }

    private static func made(_ json: JSON) throws(ResultFormatError) -> [AuthenticationCode] {
        guard let list = json["made"] else { return [] }
        let made = (list.elements ?? []).compactMap {
            $0.text.flatMap(AuthenticationCode.init(hex:))
        }
        guard !made.isEmpty, made.count == list.elements?.count, made.count <= mostMakers else {
            throw ResultFormatError(
                reason: "expected 1 to \(mostMakers) codes of 64 hexadecimal digits as its made")
        }
        return made
    }
}
