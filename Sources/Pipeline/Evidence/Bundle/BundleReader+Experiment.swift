import Canon
package import Experiment
import LocalStore
import Run
import System

extension BundleReader {
    /// Checks that the experiment file is the one that these keys come from, and that the programs in the
    /// bundle are those that this version writes.
    ///
    /// Every action's key is made again from the experiment file and the results upstream; only the
    /// numerics profile and the machine of a measurement are taken from the recorded key. What another
    /// version of a kind made cannot be compared, and is a remark.
    ///
    /// - Complexity: linear in the actions and their inputs; nothing is read or written.
    package mutating func checkExperiment(registry: KindRegistry) {
        if digests["verify.py"] != Digest(of: Array(BundleVerifierScript.text.utf8).span) {
            remarks.append(
                "verify.py in it is not this version's: run the one that `bitlaw bundle verifier` prints"
            )
        }
        if let configuration {
            remarks.append(
                "brings \(printable(configuration)), which asks for remotes, stores or rules; what it asks "
                    + "for counts only after bitlaw trust of the folder that it is unpacked into")
        }
        guard let bytes = experimentFile, let path = index["file"]?.text else { return }
        let graph: ActionGraph
        do {
            let lead = "experiment/"
            let names = (Array(digests.keys) + Array(outside.keys)).filter { $0.hasPrefix(lead) }
                .map {
                    String($0.dropFirst(lead.count))
                }
            // The file of a kind is read once more, as what describes the kind of its example.
            let texts = includedFiles.merging([path: bytes]) { first, _ in first }
                .map { (String($0.dropFirst(lead.count)), $1) }
            let lock = lock
            graph = try ExperimentLoader.load(
                bytes: bytes, path: path, project: "experiment",
                settings: (index["settings"]?.elements ?? []).compactMap { $0.text },
                files: ExperimentFiles(
                    names: Set(names),
                    contents: Dictionary(texts) { first, _ in first },
                    mostPoints: max(1_000_000, 16 * named.count)),
                registry: registry, lock: { lock })
        } catch {
            let reason = "\(error)".split(separator: "\n").first ?? ""
            return note("\(path): this version of bitlaw cannot read it: \(reason)")
        }
        if graph.experiment != experiment {
            note("\(path): is experiment \(graph.experiment), bundle.json says \(experiment)")
        }
        let own = graph.source.includes.map { "experiment/\($0.path)" }
        for name in Set(own).symmetricDifference(includedFiles.keys).sorted() {
            note(
                "\(name): the experiment file and bundle.json do not agree on whether it is included"
            )
        }
        let names = Set(named.map { $0.name })
        func isMissing(_ index: Int) -> Bool {
            !names.contains(graph.actions[index].name) && graph.pinnedSource(of: index) == nil
        }
        let leftOut = graph.leftOut(isMissing)
        if !leftOut.isEmpty {
            remarks.append(
                counted(leftOut.count, "action has", "actions have")
                    + " no result, and partial inputs left them out: "
                    + firstFew(leftOut.sorted().map { graph.actions[$0].name }))
        }
        compareKeys(graph.leavingOut(isMissing), leftOut)
        remarkPrograms(of: graph)
    }

    /// Says what of the bundle would start programs, were it unpacked and run.
    private mutating func remarkPrograms(of graph: ActionGraph) {
        programs = graph.stages.filter { $0.kind.runsForeignProgram }.map { $0.name }
        if programs.isEmpty { return }
        remarks.append(
            "contains commands: \(counted(programs.count, "stage")); bitlaw runs them confined, or only "
                + "after bitlaw trust of the folder that it is unpacked into (sh recipes.sh runs them at "
                + "once, as you): "
                + printable(firstFew(programs)))
    }

    private mutating func compareKeys(_ graph: ActionGraph, _ leftOut: Set<Int>) {
        let keys = Dictionary(named.map { ($0.name, $0.key) }) { first, _ in first }
        var made: [[String: SourceContent]] = []
        var recipes: [BundleWriter.Recipe] = []
        var others = 0
        for action in graph.actions {
            made.append([:])
            if leftOut.contains(action.index) { continue }
            let stage = graph.stage(of: action)
            if stage.kind.isDownload {
                made[action.index][Kind.downloadedFile] =
                    graph.pinnedSource(of: action.index).map { SourceContent($0) }
                continue
            }
            guard let key = keys[action.name], let result = results[key],
                let recorded = keyDocuments[key]
            else {
                note("\(action.name): the experiment file has it, the bundle has no result of it")
                continue
            }
            made[action.index] = Dictionary(
                result.outputs.map { ($0.name, SourceContent($0.digest, isTree: $0.isTree)) }
            ) { first, _ in first }
            recipes.append(
                BundleWriter.Recipe(
                    action: action, stage: stage, result: result, document: recorded))
            if isFrozen(action, key, result) { continue }
            guard recorded["version"]?.integer == stage.kind.version,
                recorded["kind"]?.text == stage.kind.name
            else {
                others += 1
                continue
            }
            if let contents = inputs(of: action, made) {
                compareKey(action, key, recorded, graph, contents)
            }
        }
        let names = Set(graph.actions.map { $0.name })
        for one in named.sorted(by: { $0.name < $1.name }) where !names.contains(one.name) {
            note("\(one.name): the experiment file has no such action")
        }
        if others > 0 {
            remarks.append(
                counted(others, "action was", "actions were")
                    + " made by other kinds or versions of kinds than the experiment file "
                    + "names here: whether it gives their keys was not checked")
        }
        compareScript(RecipeScript(recipes, experiment: graph.file).text)
    }

    /// Whether an action is frozen: no key of it follows from the file, and the lock file alone says what it
    /// gave.
    private mutating func isFrozen(_ action: Action, _ key: Digest, _ result: ActionResult) -> Bool
    {
        if (action.frozen != nil) != frozen.contains(Named(name: action.name, key: key)) {
            note(
                "\(action.name): bundle.json and the experiment file differ in whether it is frozen"
            )
        }
        guard let entry = action.frozen else { return false }
        if entry.key != key || !entry.matches(result) {
            note("\(action.name): frozen, but the lock file says another result")
        }
        return true
    }

    /// Makes the key of an action again from the experiment file and what it read.
    private mutating func compareKey(
        _ action: Action, _ key: Digest, _ recorded: JSON, _ graph: ActionGraph,
        _ contents: [InputSource: SourceContent]
    ) {
        let document = KeyDocument(
            action: action, kind: graph.stage(of: action).kind,
            profile: recorded["profile"]?.text, machine: recorded["machine"]?.text, graph: graph
        ) { contents[$0] ?? SourceContent(key) }
        guard document.key != key, let own = try? JSON(parsing: document.bytes) else { return }
        let fields = KeyFields.differences(own, recorded).map { $0.text }
        note(
            "\(action.name): the experiment file gives another key: "
                + fields.prefix(5).joined(separator: "; "))
    }

    private mutating func compareScript(_ script: String) {
        if problems.isEmpty, digests["recipes.sh"] != Digest(of: Array(script.utf8).span) {
            remarks.append(
                "recipes.sh in it is not what this version writes for these results: "
                    + "read it before you run it"
            )
        }
    }

    /// The content of every source of an action; `nil` where one is not known, which is told elsewhere.
    private func inputs(of action: Action, _ made: [[String: SourceContent]])
        -> [InputSource: SourceContent]?
    {
        var found: [InputSource: SourceContent] = [:]
        for source in action.inputs.flatMap({ $0.sources }) {
            let content: SourceContent?
            switch source {
            case .file(let path):
                let place = "experiment/\(path)"
                content = (digests[place] ?? outside[place]).map {
                    SourceContent($0, isExecutable: executables.contains(place))
                }
            case .action(let producer, let output): content = made[producer][output]
            case .folder(let path, let without):
                content = folders.first { $0.isSource(path, without: without) }.map {
                    SourceContent($0.tree.digest, isTree: true)
                }
            case .replay: content = nil
            }
            guard let content else { return nil }
            found[source] = content
        }
        return found
    }
}
