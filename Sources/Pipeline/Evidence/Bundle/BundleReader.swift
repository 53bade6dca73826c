package import Canon
import Experiment
package import LocalStore
import Run
import System
import Trust

/// What a bundle holds, as far as it could be checked; nothing was written.
package struct BundleReader {
    /// The largest document that is read: indexes, lock files, key documents, signed audits.
    private static let largestDocument = 256 << 20
    /// The most signed audits, which are kept until they are counted.
    private static let mostAttestations = 64

    /// The stages that would start programs, were the bundle unpacked and run.
    package internal(set) var programs: [String] = []
    /// The place of a `bitlaw.yaml` that it brings; `nil` where it brings none.
    package var configuration: String? {
        digests.keys.filter { $0 == "bitlaw.yaml" || $0.hasSuffix("/bitlaw.yaml") }.min()
    }
    /// What is wrong: one line a fact, the first hundred.
    package private(set) var problems: [String] = []
    /// What a reader should know of files that are programs, or that this version cannot check.
    package internal(set) var remarks: [String] = []
    /// How many files there are.
    package private(set) var files = 0
    /// The results by action key.
    package private(set) var results: [Digest: ActionResult] = [:]
    /// The names of the actions by key.
    package private(set) var names: [Digest: String] = [:]
    /// The signed audits, with their paths in the bundle.
    package private(set) var attestations: [(path: String, bytes: [UInt8])] = []
    /// The signatures of each result, by action key; whose they are is for the caller to check.
    private(set) var signatures: [Digest: [DSSEEnvelope.Signature]] = [:]
    /// Whether the outputs' bytes were left out.
    package private(set) var isMetaOnly = false
    /// The experiment's name.
    package private(set) var experiment = ""
    /// The digests of downloads, which the experiment pins.
    package private(set) var sources: Set<Digest> = []
    /// The folders that outputs are, by the digests of their manifests.
    package internal(set) var trees: [Digest: Tree] = [:]
    private(set) var index: JSON = .null
    private(set) var lock: [UInt8]?
    private(set) var sizes: [String: Int] = [:]
    /// What results name as manifests of folders.
    private(set) var manifests: Set<Digest> = []
    /// What the experiment file says; `nil` until it was read.
    private(set) var experimentFile: [UInt8]?
    /// The files that it includes, by their paths in the bundle.
    private(set) var includedFiles: [String: [UInt8]] = [:]
    private(set) var digests: [String: Digest] = [:]
    private(set) var keyDocuments: [Digest: JSON] = [:]
    private var manifest: [String: Digest] = [:]
    var budget: DocumentBudget
    /// The actions of the index.
    private(set) var named: Set<Named> = []
    /// The actions that the index calls frozen: made elsewhere, so that their own inputs need not be here.
    private(set) var frozen: Set<Named> = []
    /// The project's files that the index lists.
    private(set) var listed: Set<String> = []
    /// The folders of the experiment that are read as one thing.
    var folders: [BundledFolder] = []
    /// Those of them that are executable, which is part of the keys of what reads them.
    private(set) var executables: Set<String> = []
    /// Files of the experiment that stay with whoever made the bundle, by their places here.
    private(set) var outside: [String: Digest] = [:]
    /// What the signatures of each result are over, as digests.
    private var statements: [Digest: Digest] = [:]

    /// An action as a list says it.
    struct Named: Hashable {
        let name: String
        let key: Digest
    }

    /// Reads and checks the bundle at a path.
    ///
    /// - Throws: ``OperationalError`` where it is no archive, or costs more than `limits` allow; what is
    ///   merely wrong inside becomes a problem.
    package init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws {
        budget = DocumentBudget(archive: path)
        let archive = try TarReader(path: path, limits: limits)
        var lockPath: String?
        var experimentPath: String?
        var included: Set<String> = []
        while let (name, size) = try archive.next() {
            files += 1
            sizes[name] = size
            if name.hasPrefix("data/") {
                digests[name] = try readData(name, size, archive)
                continue
            }
            guard BundleReader.isDocument(name) || name == experimentPath || included.contains(name)
            else {
                digests[name] = try archive.digest()
                continue
            }
            try budget.take(size, for: name)
            let bytes = try archive.bytes(limit: BundleReader.limit(of: name))
            digests[name] = Digest(of: bytes.span)
            switch name {
            case "manifest.sha256": readManifest(bytes)
            case "bundle.json":
                index = budget.json(bytes) ?? .null
                lockPath = index["lock"]?.text
                experimentPath = index["file"]?.text
                included = Set(
                    (index["includes"]?.elements ?? []).compactMap { $0["path"]?.text }
                        .filter(BundleReader.mayBeIncluded))
            case _ where name.hasPrefix("keys/"): readKey(name, bytes)
            case _ where name.hasPrefix("results/"): readResult(name, bytes)
            case _ where BundleReader.key(of: name, in: "signatures/") != nil:
                readSignatures(name, bytes)
            case _ where name.hasPrefix("signatures/"):
                if attestations.count == BundleReader.mostAttestations {
                    note("\(name): expected at most \(BundleReader.mostAttestations) signed audits")
                } else {
                    attestations.append((name, bytes))
                }
            // The index comes first, so no other lock file has to be kept.
            case lockPath: lock = bytes
            case experimentPath: experimentFile = bytes
            case _ where included.contains(name): includedFiles[name] = bytes
            default: break
            }
        }
        checkManifest()
        checkIndex()
        checkResults()
        checkSignatures()
        try checkLock(lockPath)
    }

    /// The most bytes of a document: no kind's result and no envelope comes near theirs.
    private static func limit(of name: String) -> Int {
        if name.hasPrefix("results/") { return 4 << 20 }
        return key(of: name, in: "signatures/") == nil ? largestDocument : 1 << 20
    }

    /// Whether a file is read as a document, not only hashed.
    private static func isDocument(_ name: String) -> Bool {
        ["keys/", "results/", "signatures/"].contains { name.hasPrefix($0) }
            || name == "manifest.sha256" || name == "bundle.json" || name.hasSuffix(".lock")
    }

    mutating func note(_ problem: String) {
        if problems.count < 100 { problems.append(printable(problem)) }
    }

    // MARK: Reading

    private mutating func readManifest(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let name = String(line.dropFirst(66))
            guard let digest = try? Digest(hex: String(line.prefix(64))),
                line.dropFirst(64).hasPrefix("  "), manifest[name] == nil
            else {
                note("manifest.sha256: expected a digest and a path, found \"\(line.prefix(100))\"")
                continue
            }
            manifest[name] = digest
        }
    }

    /// Whether a path is one that an experiment file may include.
    private static func mayBeIncluded(_ path: String) -> Bool {
        path.hasPrefix("experiment/") && (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
    }

    /// The action key that a document of a folder is named by.
    static func key(of name: String, in folder: String) -> Digest? {
        guard name.hasPrefix(folder), name.hasSuffix(".json") else { return nil }
        return try? Digest(hex: String(name.dropFirst(folder.count).dropLast(5)))
    }

    private mutating func readKey(_ name: String, _ bytes: [UInt8]) {
        let digest = Digest(of: bytes.span)
        guard BundleReader.key(of: name, in: "keys/") == digest else {
            return note("\(name): expected bytes that hash to its name, found \(digest)")
        }
        keyDocuments[digest] = budget.json(bytes) ?? .null
    }

    /// The kind and its version, as a key says them.
    func kind(of key: Digest) -> String? {
        keyDocuments[key].map { "\($0["kind"]?.text ?? "")/\($0["version"]?.integer ?? 0)" }
    }

    private mutating func readResult(_ name: String, _ bytes: [UInt8]) {
        guard let key = BundleReader.key(of: name, in: "results/"),
            let json = budget.json(bytes)
        else { return note("\(name): expected a result under its key") }
        do {
            let result = try ActionResult(json: json, key: key)
            results[key] = result
            manifests.formUnion(result.outputs.filter { $0.isTree }.map { $0.digest })
        } catch {
            note("\(name): \(error.reason)")
        }
    }

    private mutating func readSignatures(_ name: String, _ bytes: [UInt8]) {
        guard let key = BundleReader.key(of: name, in: "signatures/") else { return }
        do {
            let envelope = try DSSEEnvelope(parsing: bytes, origin: name)
            guard envelope.payloadType == Statement.payloadType else {
                return note(
                    "\(name): expected a payload of type \(Statement.payloadType), found "
                        + "\(envelope.payloadType)")
            }
            statements[key] = Digest(of: envelope.payload.span)
            signatures[key] = envelope.signatures
        } catch { note(error.message) }
    }

    // MARK: Checking

    private mutating func checkManifest() {
        for name in Set(manifest.keys).union(digests.keys).sorted() where name != "manifest.sha256"
        {
            let (expected, found) = (manifest[name], digests[name])
            if expected != found {
                note(
                    "\(name): the manifest says \(expected?.hex ?? "nothing"), found "
                        + (found?.hex ?? "nothing"))
            }
        }
    }

    private mutating func checkIndex() {
        guard index["format"]?.text == "bitlaw/bundle/1", let actions = index["actions"]?.elements
        else { return note("bundle.json: expected format bitlaw/bundle/1 and a list of actions") }
        experiment = index["experiment"]?.text ?? ""
        isMetaOnly = index["metaOnly"]?.bool ?? false
        readSources()
        for action in actions {
            guard let name = action["action"]?.text, name == printable(name),
                let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) })
            else {
                note("bundle.json: an action without a key, or without a name of one line")
                continue
            }
            names[key] = name
            named.insert(Named(name: name, key: key))
            if action["frozen"] == true { frozen.insert(Named(name: name, key: key)) }
            if results[key] == nil { note("\(name): expected a result, found none") }
        }
        if !frozen.isEmpty {
            remarks.append(
                counted(frozen.count, "action is", "actions are")
                    + " frozen: not made by this experiment file, but taken as the lock file says: "
                    + firstFew(frozen.map { $0.name }.sorted()))
        }
        for key in results.keys.sorted() where names[key] == nil {
            note("results/\(key).json: belongs to no action of bundle.json")
        }
    }

    /// Downloads: their digests have to stand in the experiment file or one that it includes, or they are no
    /// sources.
    private mutating func readSources() {
        if experimentFile == nil { note("bundle.json names no experiment file of the bundle") }
        let pins = ([experimentFile ?? []] + includedFiles.values).map {
            String(decoding: $0, as: UTF8.self)
        }
        for include in index["includes"]?.elements ?? [] {
            let (path, hex) = (include["path"]?.text ?? "", include["sha256"]?.text ?? "")
            if digests[path]?.hex != hex { note("\(path): bundle.json says \(hex)") }
        }
        for source in index["sources"]?.elements ?? [] {
            let (url, hex) = (source["url"]?.text ?? "", source["sha256"]?.text ?? "")
            guard let digest = try? Digest(hex: hex), pins.contains(where: { $0.contains(hex) })
            else {
                note("\(url): the experiment file does not pin \(hex)")
                continue
            }
            if !isMetaOnly, digests["data/\(hex)"] != digest {
                note("\(url): its bytes are not in data/")
            }
            sources.insert(digest)
        }
    }

    /// Files that were left out: that the experiment file reads them follows from its keys.
    private mutating func readOutside() {
        for file in index["outside"]?.elements ?? [] {
            let (path, hex) = (file["path"]?.text ?? "", file["sha256"]?.text ?? "")
            guard path.hasPrefix("experiment/"), digests[path] == nil, outside[path] == nil,
                let digest = try? Digest(hex: hex)
            else {
                note("\(path): bundle.json says that it was left out, and says so wrongly")
                continue
            }
            outside[path] = digest
            if file["executable"] == true { executables.insert(path) }
        }
        if outside.isEmpty { return }
        remarks.append(
            counted(outside.count, "file was", "files were")
                + " left out, for they stand outside the project; what reads them can be made again only "
                + "by who has them: " + printable(firstFew(outside.keys.sorted())))
    }

    private mutating func checkResults() {
        var known = sources
        for file in index["files"]?.elements ?? [] {
            let (path, hex) = (file["path"]?.text ?? "", file["sha256"]?.text ?? "")
            if let digest = digests[path], digest.hex == hex {
                known.insert(digest)
                listed.insert(path)
                if file["executable"] == true { executables.insert(path) }
            } else {
                note("\(path): expected the file, \(hex)")
            }
        }
        readOutside()
        known.formUnion(outside.values)
        known.formUnion(readFolders())
        for result in results.values { known.formUnion(result.outputs.map { $0.digest }) }
        for tree in trees.values { known.formUnion(tree.blobs.map { $0.digest }) }
        var read: Set<Digest> = []
        let made = Set(named.subtracting(frozen).map { $0.key })
        for key in results.keys.sorted() {
            for output in results[key]?.outputs ?? [] where !isMetaOnly {
                let place = "data/\(output.digest.hex)"
                if digests[place] != output.digest {
                    note("\(name(key)): output \(output.name) is not in data/ under its digest")
                } else if let size = sizes[place], size != output.size {
                    note(
                        "\(name(key)): output \(output.name): the result says "
                            + "\(counted(output.size, "byte")), "
                            + "found \(size)")
                } else if output.isTree {
                    checkFolder(output, of: key)
                }
            }
            if let result = results[key], let own = kind(of: key),
                own != "\(result.kind)/\(result.version)"
            {
                note(
                    "\(name(key)): the key says \(own), the result \(result.kind)/\(result.version)"
                )
            }
            guard let ports = keyDocuments[key]?["inputs"]?.members else {
                note("\(name(key)): its key document is missing")
                continue
            }
            for input in ports.values.flatMap({ $0.elements ?? [] }) {
                guard let digest = input["digest"]?.text.flatMap({ try? Digest(hex: $0) }) else {
                    note("\(name(key)): its key document has an input without a digest")
                    continue
                }
                read.insert(digest)
                if !known.contains(digest) && made.contains(key) {
                    note(
                        "\(name(key)): its input \(digest.short) is no output, file or download of "
                            + "this bundle")
                }
            }
        }
        checkPlaces(known, read)
    }

    func name(_ key: Digest) -> String { names[key] ?? "results/\(key).json" }

    /// Signatures have to be over what the results say; those of other bits are no signatures here.
    private mutating func checkSignatures() {
        for key in statements.keys.sorted() {
            let result = results[key]
            let expected = result.map { Digest(of: $0.statement.json.canonical().span) }
            if let expected, statements[key] == expected { continue }
            signatures[key] = nil
            note(
                "signatures/\(key).json: expected signatures of the result of \(name(key)), found "
                    + (result == nil ? "no such result" : "those of another statement"))
        }
    }
}
