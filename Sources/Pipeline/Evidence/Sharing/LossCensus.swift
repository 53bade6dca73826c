package import Canon
package import Experiment
package import LocalStore

/// What becomes of everything that a check of a store found damaged or missing: the next run makes it again,
/// or it is lost for good.
package struct LossCensus: Sendable {
    /// Something that is damaged or missing.
    package struct Loss: Sendable, Equatable {
        /// What it is, in words.
        package let what: String
        /// Why it is lost, or what to do.
        package let reason: String
    }

    /// What the next run makes again.
    package private(set) var remade: [Loss] = []
    /// What no run makes again.
    package private(set) var lost: [Loss] = []
    /// Logs, and descriptions of keys, that are not here: their results are as good without, and they may
    /// never have been here.
    package private(set) var accessories: [Digest] = []

    private let store: Store
    private let registry: KindRegistry
    /// The keys of the actions that runs record: the same experiment has them again.
    private let recorded: Set<Digest>
    /// The blobs that are lost for good.
    private var gone: Set<Digest> = []
    /// The keys of results that are counted.
    private var counted: Set<Digest> = []

    /// Counts what a check found.
    ///
    /// - Throws: ``OperationalError`` of the store itself.
    package init(_ report: VerifyReport, store: Store, registry: KindRegistry) throws {
        self.store = store
        self.registry = registry
        recorded = report.recorded
        try count(report.missing)
        for damage in report.damage { count(damage) }
        let named = Set(report.missing.map { $0.digest })
        for blob in Set(report.damage.compactMap { $0.blob }).subtracting(named).sorted()
        where !store.contains(blob) {
            lost.append(
                Loss(
                    what: "blob \(blob.short)",
                    reason: "no result names it as an output, so there is no recipe"))
        }
    }

    /// Whether nothing is damaged or missing.
    package var isEmpty: Bool { remade.isEmpty && lost.isEmpty }

    private mutating func count(_ missing: [MissingPart]) throws {
        for part in missing {
            switch part.role {
            case .output, .file: continue
            case .log, .keyDocument: accessories.append(part.digest)
            case .result(let run):
                guard counted.insert(part.digest).inserted else { continue }
                remade.append(Loss(what: "result \(part.digest.short)", reason: "of run \(run)"))
            case .added:
                lose(
                    "the added file \(part.digest.short)",
                    "bitlaw add FILE brings it back, bitlaw gc --drop-added forgets it")
                gone.insert(part.digest)
            case .pinned(let pin):
                lose(
                    "\(part.digest.short), which the pin \(pin) keeps",
                    "pull or push it again, or remove the pin")
                gone.insert(part.digest)
            }
        }
        try countOutputs(missing)
    }

    private mutating func lose(_ what: String, _ reason: String) {
        lost.append(Loss(what: what, reason: reason))
    }

    /// Counts missing outputs; one is lost where its recipe is, or an input of that.
    private mutating func countOutputs(_ missing: [MissingPart]) throws {
        var open: [(digest: Digest, what: String, recipe: Recipe)] = []
        for part in missing {
            let what: String
            let result: ActionResult
            switch part.role {
            case .output(let maker, let name):
                (result, what) = (maker, "output `\(name)` of \(Self.name(maker))")
            case .file(let maker, let name, let path):
                result = maker
                what = "`\(visible(path))` in the output `\(name)` of \(Self.name(maker))"
            default: continue
            }
            switch try Recipe.read(result, store: store, registry: registry, needsInputs: false) {
            case .success(let recipe): open.append((part.digest, what, recipe))
            case .failure where isOfExperiment(result):
                remade.append(Loss(what: what, reason: "its experiment executes it again"))
            case .failure(let problem):
                lost.append(Loss(what: what, reason: problem.reason))
                gone.insert(part.digest)
            }
        }
        var isDone = false
        while !isDone {
            isDone = true
            for (digest, what, recipe) in open where !gone.contains(digest) {
                guard let input = recipe.inputDigests.first(where: gone.contains) else { continue }
                lost.append(Loss(what: what, reason: "its input \(input.short) is lost"))
                gone.insert(digest)
                isDone = false
            }
        }
        for (digest, what, recipe) in open where !gone.contains(digest) {
            remade.append(Loss(what: what, reason: "\(recipe.key.short) is executed again"))
        }
    }

    /// Whether the description of a result's key is gone, and the experiment of a run writes it anew.
    private func isOfExperiment(_ result: ActionResult) -> Bool {
        guard let kind = registry.kind(result.kind), !kind.isDownload else { return false }
        return kind.version == result.version && recorded.contains(result.key)
            && !store.contains(result.key)
    }

    /// Counts damage that is not of a blob.
    private mutating func count(_ damage: Damage) {
        if case .putBack = damage.outcome { return }
        let parts = damage.place(in: store)
        guard let area = parts.first, let name = parts.last, parts.count > 1 else { return }
        switch area {
        case "actions":
            guard let key = try? Digest(hex: parts[1] + name.prefix(62)) else { return }
            if name.contains(".conflict-") {
                lost.append(
                    Loss(what: "a second result of \(key.short)", reason: "the first one stays"))
            } else if counted.insert(key).inserted {
                remade.append(
                    Loss(what: "result \(key.short)", reason: "its action is executed again"))
            }
        case "checkpoints":
            remade.append(
                Loss(what: "kept state \(name.prefix(8))", reason: "its action begins anew"))
        case "runs", "pins", "signatures", "exports":
            guard damage.outcome != .madeAnew else { return }
            lost.append(Loss(what: "\(area)/\(name)", reason: Self.loss(of: area)))
        default: break
        }
    }

    private static func loss(of area: String) -> String {
        switch area {
        case "runs", "pins":
            "gc removes nothing until you bring it back from a copy, or remove it and what only it kept"
        case "signatures": "its signer can push it again"
        default: "files of that folder are not written over until you move them away"
        }
    }

    private static func name(_ result: ActionResult) -> String {
        "\(result.kind) \(result.key.short)"
    }
}
