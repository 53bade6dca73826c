import Canon
package import Experiment
import Glibc
package import LocalStore
import Remotes
package import Run
import System
package import Trust

/// Writes the evidence of an experiment as one file: recipes, keys, results, signatures, a report.
///
/// Equal stores and files give equal bytes: nothing of the machine, the user or the moment enters.
package struct BundleWriter {
    /// The name of the experiment's page in a bundle.
    static let pageName = "report.html"

    /// An output, a file of one that is a folder, or a download, whose bytes are in the bundle.
    struct Item {
        let digest: Digest
        let name: String
        let fileName: String
        let size: Int
        /// The files of what is the manifest of a folder.
        var parts: [Digest] = []
    }

    /// An action with its result.
    struct Recipe {
        let action: Action
        let stage: ResolvedStage
        let result: ActionResult
        let document: JSON
        /// Whether the account of the bundle's writer made the result.
        var isMadeHere = false
    }

    let graph: ActionGraph
    let store: Store
    let results: ResultList
    /// Signed audits.
    let attestations: [[UInt8]]
    /// Signs every result that ``account`` made, as a push does.
    let signer: SigningKey?
    /// Whose results are signed.
    let account: AccountSecret?
    /// Actions without a result that partial inputs left out.
    let leftOut: Set<Int>
    /// Files that stay out, for they stand outside the project.
    let outside: FilesOutside
    /// Whether the bytes of the outputs stay out.
    let isMetaOnly: Bool
    /// Whether what programs wrote to their logs goes in: it may name folders, users and hosts.
    let hasLogs: Bool
    /// The licence of the data, as text or a URI.
    let license: String
    /// Who made the bundle, `NAME` or `NAME <URI>`; `nil` where nobody is to be named.
    let author: String?

    /// Prepares a bundle of results that are complete.
    package init(
        graph: ActionGraph, store: Store, results: ResultList, attestations: [[UInt8]],
        signer: (key: SigningKey, of: AccountSecret?)? = nil, outside: FilesOutside = .none,
        isMetaOnly: Bool, hasLogs: Bool = false, license: String, author: String? = nil
    ) {
        func isMissing(_ index: Int) -> Bool { results[graph.actions[index].name] == nil }
        self.graph = graph.leavingOut(isMissing)
        leftOut = graph.leftOut(isMissing)
        self.store = store
        self.results = results
        // In whatever order they are named, they give one bundle.
        let byDigest = Dictionary(attestations.map { (Digest(of: $0.span), $0) }) { first, _ in
            first
        }
        self.attestations = byDigest.sorted { $0.key < $1.key }.map { $0.value }
        self.signer = signer?.key
        account = signer?.of
        self.outside = outside
        self.isMetaOnly = isMetaOnly
        self.hasLogs = hasLogs
        self.license = license
        self.author = author
    }

    /// Writes the bundle; large outputs pass through the folder `scratch`.
    ///
    /// - Parameters:
    ///   - path: where to.
    ///   - scratch: a folder for one output at a time.
    ///   - folders: folders of this machine that no reader should learn of.
    /// - Returns: how many files it has, those in which one of the folders is named, and how many results
    ///   are not signed for want of proof that they were made here.
    /// - Throws: ``OperationalError`` where something is missing, or cannot be written.
    package func write(to path: String, scratch: String, folders: [String] = []) throws
        -> (files: Int, telling: [String], unsigned: Int)
    {
        var telling: [String] = []
        let recipes = try recipes()
        let sources = try sources()
        let items = try items(recipes, sources)
        let documents = try documents(recipes, items, sources)
        var manifest: [(name: String, digest: Digest)] = documents.map {
            ($0.name, Digest(of: $0.bytes.span))
        }
        if !isMetaOnly { manifest += items.map { ("data/\($0.digest.hex)", $0.digest) } }
        manifest.sort { $0.name < $1.name }
        let text = manifest.map { "\($0.digest.hex)  \($0.name)\n" }.joined()
        let archive = try TarWriter(path: path)
        try archive.add("manifest.sha256", Array(text.utf8))
        for document in documents {
            if Self.names(folders, in: document.bytes) { telling.append(document.name) }
            try archive.add(
                document.name, document.bytes,
                isExecutable: isExecutable(document.name))
        }
        if !isMetaOnly {
            for item in items {
                let draft = "\(scratch)/data"
                guard try store.restore(item.digest, to: draft) else { throw lost(item.digest) }
                if let size = try store.size(of: item.digest), size <= Self.largestSearched,
                    let bytes = try readWholeFile(draft, limit: Self.largestSearched),
                    Self.names(folders, in: bytes)
                {
                    telling.append("data/\(item.digest.hex) (\(item.name))")
                }
                try archive.add("data/\(item.digest.hex)", fileAt: draft)
            }
        }
        try archive.finish()
        return (manifest.count + 1, telling, try unsigned(recipes))
    }

    /// Whether a document is a program: one of the bundle, or of the project.
    private func isExecutable(_ name: String) -> Bool {
        guard name.hasPrefix("experiment/") else {
            return name.hasSuffix(".sh") || name.hasSuffix(".py")
        }
        return isExecutableFile("\(graph.project)/\(name.dropFirst("experiment/".count))")
    }

    /// A file of the project as the index names it.
    func entry(_ path: String, _ digest: Digest) -> JSON {
        var members: [String: JSON] = [
            "path": .string("experiment/\(path)"), "sha256": .string(digest.hex),
        ]
        // It is part of the keys of what reads the file.
        if isExecutableFile("\(graph.project)/\(path)") { members["executable"] = true }
        return .object(members)
    }

    /// The largest output that is searched for folders of this machine.
    private static let largestSearched = 16 << 20

    private static func names(_ folders: [String], in bytes: [UInt8]) -> Bool {
        folders.contains { folder in
            let word = Array(folder.utf8)
            return unsafe bytes.withUnsafeBytes { text in
                var place = 0
                while let base = text.baseAddress, place + word.count <= text.count,
                    // Every folder begins with a slash.
                    let slash = unsafe memchr(base + place, 0x2F, text.count - place)
                {
                    place = unsafe UnsafeRawPointer(slash) - base
                    if place + word.count <= text.count,
                        unsafe memcmp(slash, word, word.count) == 0
                    {
                        return true
                    }
                    place += 1
                }
                return false
            }
        }
    }

    private func lost(_ digest: Digest, of action: Action? = nil) -> OperationalError {
        OperationalError(
            code: .missing, message: "\(store.path): expected a good copy of \(digest), found none",
            remedy: action?.frozen == nil
                ? "bitlaw run \(graph.file) makes it again"
                : "\(action?.name ?? "") is frozen: bitlaw pull its result from where it was made, or "
                    + "take `freeze` away")
    }

    // MARK: What is in it

    private func recipes() throws -> [Recipe] {
        try graph.actions.compactMap { action in
            let stage = graph.stage(of: action)
            if stage.kind.isDownload || leftOut.contains(action.index) { return nil }
            guard let key = results[action.name]?.key,
                let result = try store.result(for: key)?.result
            else { throw lost(results[action.name]?.key ?? graph.fileDigest, of: action) }
            guard let document = store.keyDocument(key) else { throw lost(key, of: action) }
            // Who made it here tells others nothing.
            let shown = ActionResult(
                key: result.key, kind: result.kind, version: result.version,
                outputs: result.outputs, log: hasLogs ? result.log : nil, seconds: result.seconds,
                madeAt: result.madeAt, execution: result.execution)
            return Recipe(
                action: action, stage: stage, result: shown, document: document,
                isMadeHere: result.isMade(by: account))
        }
    }

    private func sources() throws -> [Item] {
        try graph.actions.compactMap { action in
            guard let digest = graph.pinnedSource(of: action.index) else { return nil }
            let url = action.parameters["url"]?.text ?? ""
            guard isMetaOnly || store.contains(digest) else { throw lost(digest) }
            return Item(digest: digest, name: url, fileName: "file", size: 0)
        }
    }

    /// Every output, log and download once, ordered by digest.
    private func items(_ recipes: [Recipe], _ sources: [Item]) throws -> [Item] {
        var found: [Digest: Item] = [:]
        for item in sources where found[item.digest] == nil { found[item.digest] = item }
        for recipe in recipes {
            for output in recipe.result.outputs where found[output.digest] == nil {
                if output.isTree { try add(output, of: recipe, to: &found) }
                if found[output.digest] != nil { continue }
                let port = recipe.stage.kind.output(output.name)
                found[output.digest] = Item(
                    digest: output.digest, name: "\(recipe.action.name)/\(output.name)",
                    fileName: port?.fileName ?? output.name, size: output.size)
            }
            if let log = recipe.result.log, found[log] == nil, store.contains(log) {
                found[log] = Item(
                    digest: log, name: "log of \(recipe.action.name)", fileName: "log.txt", size: 0)
            }
        }
        return found.values.sorted { $0.digest < $1.digest }
    }

    /// Adds an output that is a folder, and its files; without data only its manifest is known.
    private func add(
        _ output: ActionResult.Output, of recipe: Recipe, to found: inout [Digest: Item]
    ) throws {
        if isMetaOnly && !store.contains(output.digest) { return }
        guard let tree = try store.tree(output.digest) else {
            throw lost(output.digest, of: recipe.action)
        }
        let name = "\(recipe.action.name)/\(output.name)"
        found[output.digest] = Item(
            digest: output.digest, name: name, fileName: "manifest.json", size: output.size,
            parts: tree.blobs.map { $0.digest }.sorted())
        for entry in tree.entries {
            guard case .file(let digest, let size, _) = entry.content, found[digest] == nil else {
                continue
            }
            found[digest] = Item(
                digest: digest, name: "\(name)/\(printable(entry.path))",
                fileName: printable(entry.path.split(separator: "/").last.map(String.init) ?? ""),
                size: size)
        }
    }

    /// The experiment file's place in the bundle.
    var experimentPath: String { "experiment/\(relative(graph.file))" }

    private func relative(_ path: String) -> String {
        let rest = ProjectFolder.path(of: path, below: graph.project)
        if isHarmlessPath(rest) { return rest }
        return rest.split(separator: "/").last.map(String.init) ?? "experiment.yaml"
    }

    /// The files of the project that actions read, each once, in order.
    func files() throws -> [(path: String, bytes: [UInt8])] {
        let paths = try graph.projectFiles().filter { !outside.contains($0) }.sorted()
        if let (path, _) = zip(paths, paths.dropFirst()).first(where: { $0 == $1 }) {
            throw OperationalError(
                code: .malformed,
                message:
                    "\(path): two files of the experiment have this name in two forms of Unicode, "
                    + "and other systems take them for one",
                remedy: "give one of them another name")
        }
        return try paths.map { path in
            guard isHarmlessPath(path) else {
                throw OperationalError(
                    code: .malformed,
                    message: "\(path): expected a file below the project, found a path out of it",
                    remedy: "move the file into the project")
            }
            let file = try graph.reach.open("\(graph.project)/\(path)")
            return (path, try file.read(file.size))
        }
    }
}
