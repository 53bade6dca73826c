package import Canon
package import Experiment
package import LocalStore
package import Remotes
package import Run
import System

/// Brings lost blobs back: from wherever there is a copy, else by making them again.
package struct Repair {
    let store: Store
    let registry: KindRegistry
    let options: RunOptions
    let observe: (RunEvent) -> Void
    private let runsAnyCommand: Bool

    /// Prepares a repair; `observe` is told of what is made again.
    ///
    /// A recipe may be a program to be started, and a result with such a recipe may come from anybody:
    /// by a tag, a bundle, a shared folder, a clone. Such programs are only started where the account of
    /// `options` made the result, or the record of a run that executed it, or with `runsAnyCommand`.
    package init(
        store: Store, registry: KindRegistry, options: RunOptions, runsAnyCommand: Bool = false,
        observe: @escaping (RunEvent) -> Void
    ) {
        self.runsAnyCommand = runsAnyCommand
        self.store = store
        self.registry = registry
        self.options = options
        self.observe = observe
    }

    /// The lost blobs that only a program could make again, by what would start it.
    ///
    /// Recipes that are not followed here are not among them.
    package func programs(alsoLost: [Digest]) throws -> [(blob: WantedBlob, recipe: String)] {
        if runsAnyCommand { return [] }
        let lost = Set(alsoLost)
        var own: Set<Digest>?
        var found: [(blob: WantedBlob, recipe: String)] = []
        for result in try store.allResults()
        where registry.kind(result.kind)?.runsForeignProgram == true {
            for blob in try store.parts(of: result)
            where lost.contains(blob.digest) || !store.contains(blob.digest) {
                let known = try own ?? store.keysExecuted(by: options.account)
                own = known
                if result.isMade(by: options.account) || known.contains(result.key) {
                    found.append((blob, "\(result.kind) \(result.key.short)"))
                }
            }
        }
        return found
    }

    /// Restores every blob that a result names and that is not there.
    ///
    /// Copies come first. Recipes follow in the order of their inputs, round after round; that a blob
    /// made again is the lost one is proved by its digest.
    /// - Throws: ``OperationalError`` of the store itself.
    package func run(_ session: RemoteSession, alsoLost: [Digest]) throws -> RepairReport {
        var report = RepairReport()
        let results = try store.allResults()
        var sizes: [Digest: Int] = [:]
        var makers: [Digest: [ActionResult]] = [:]
        let manifests = results.flatMap { $0.outputs.filter { $0.isTree } }
            .filter { !store.contains($0.digest) }
            .map { WantedBlob($0.digest, size: $0.size) }
        // They tell which other blobs are lost.
        report.fetched = try session.fetch(blobs: manifests).sorted()
        for result in results {
            for blob in try store.parts(of: result) {
                sizes[blob.digest] = blob.size
                makers[blob.digest, default: []].append(result)
            }
        }
        let keys = results.map { $0.key }
        let added = try store.addedBlobs()
        var lost = Set(alsoLost + Array(sizes.keys) + keys + added).filter { !store.contains($0) }
        let small = Set(keys)
        let wanted = lost.sorted().map { digest in
            WantedBlob(
                digest, size: sizes[digest],
                limit: small.contains(digest) ? WantedBlob.largestUndeclared : .max)
        }
        let fetched = try session.fetch(blobs: wanted)
        report.fetched += fetched.sorted()
        lost.subtract(fetched)
        // Without the description of its key, or its log, a result is as good as before.
        let accessories = Set(keys + results.compactMap { $0.log })
        report.accessories = lost.filter { sizes[$0] == nil && accessories.contains($0) }.sorted()
        lost.subtract(report.accessories)
        let reasons = try remake(&lost, makers, &report)
        let byHand = Set(added)
        report.lost = lost.sorted().map { digest in
            let maker = makers[digest]?.first
            if maker == nil && byHand.contains(digest) {
                return (
                    digest,
                    "no result names it as an output, so there is no recipe; bitlaw add FILE brings "
                        + "it back, bitlaw gc --drop-added forgets it"
                )
            }
            let why =
                maker.map { reasons[$0.key] ?? "its recipe did not give it" }
                ?? "no result names it as an output, so there is no recipe"
            return (digest, maker.map { "\($0.kind) \($0.key.short): \(why)" } ?? why)
        }
        return report
    }

    /// Makes lost blobs again, round after round, until a round gives none.
    ///
    /// - Returns: for each result whose recipe gave nothing, why.
    private func remake(
        _ lost: inout Set<Digest>, _ makers: [Digest: [ActionResult]], _ report: inout RepairReport
    ) throws -> [Digest: String] {
        var reasons: [Digest: String] = [:]
        while true {
            var round: [Digest: ActionResult] = [:]
            for digest in lost {
                for maker in makers[digest] ?? [] where reasons[maker.key] == nil {
                    round[maker.key] = maker
                }
            }
            if round.isEmpty { return reasons }
            let made = try makeAgain(
                round.values.sorted { $0.key < $1.key }, lost: lost, reasons: &reasons)
            if made.isEmpty { return reasons }
            report.remade += made.sorted()
            lost.subtract(made)
            // What waited for one of these has another chance.
            reasons = reasons.filter { !$0.value.hasPrefix(Repair.waits) }
        }
    }

    static let waits = "its input"

    private static func strange(_ program: String) -> String {
        "its recipe starts a program, and nothing proves that you made its result here: "
            + "\(printable(program))\n  fix: bitlaw run the experiment; or, if you would start this "
            + "program by hand, bitlaw verify --repair --commands; or bitlaw adopt, if the store is your own"
    }

    /// What recipes are executed with: only what they make counts, and nothing is looked for elsewhere.
    private var apart: RunOptions {
        var options = options
        (options.transfer, options.selection, options.believed) = ([], RunSelection(), [:])
        if runsAnyCommand && options.consent.programs == nil {
            options.consent.programs = .unconfined
        }
        return options
    }

    /// The recipes that may be followed; of each other result `reasons` says why not.
    private func recipes(of results: [ActionResult], reasons: inout [Digest: String]) throws
        -> [Recipe]
    {
        var recipes: [Recipe] = []
        var known: Set<Digest>?
        for result in results {
            switch try Recipe.read(result, store: store, registry: registry) {
            case .success(let recipe):
                if let program = recipe.program, !runsAnyCommand {
                    let own = try known ?? store.keysExecuted(by: options.account)
                    known = own
                    guard result.isMade(by: options.account) || own.contains(recipe.key) else {
                        reasons[recipe.key] = Repair.strange(program)
                        continue
                    }
                }
                recipes.append(recipe)
            case .failure(let error): reasons[result.key] = error.reason
            }
        }
        return recipes
    }

    /// Makes results again whose inputs are all there.
    ///
    /// - Returns: the lost blobs that came back.
    private func makeAgain(
        _ results: [ActionResult], lost: Set<Digest>, reasons: inout [Digest: String]
    ) throws -> Set<Digest> {
        let scratch = try store.makeAttemptFolder()
        defer { scratch.remove() }
        let recipes = try recipes(of: results, reasons: &reasons)
        guard !recipes.isEmpty else { return [] }
        let graph = try Recipe.graph(recipes, store: store, in: scratch.path)
        let fresh = try Store.open("\(scratch.path)/store")
        var failures: [Int: String] = [:]
        let engine = try Engine(
            graph: graph, store: fresh, registry: registry, options: apart
        ) { event in
            if case .failed(let place, let reason, _) = event { failures[place] = reason }
            observe(event)
        }
        _ = try engine.run()
        for (place, reason) in failures {
            reasons[recipes[place].key] = "its recipe fails here: \(reason)"
        }
        var made: Set<Digest> = []
        for (place, recipe) in recipes.enumerated() {
            var isDifferent = false
            for output in engine.outputs(of: place) {
                for blob in try fresh.parts(of: output) where isLost(blob, of: output, lost) {
                    let file = "\(scratch.path)/restored"
                    guard try fresh.restore(blob.digest, to: file) else { continue }
                    try store.put(fileAt: file)
                    made.insert(blob.digest)
                }
                if recipe.result.output(output.name)?.digest != output.digest {
                    isDifferent = isDifferent || !lost.contains(output.digest)
                }
            }
            if reasons[recipe.key] == nil {
                reasons[recipe.key] =
                    isDifferent ? "its recipe gives other bits here" : "its recipe did not give it"
            }
        }
        return made
    }

    /// Whether a blob that came again is wanted: the files of a folder whose manifest was lost nobody could
    /// name before.
    private func isLost(
        _ blob: WantedBlob, of output: ActionResult.Output, _ lost: Set<Digest>
    ) -> Bool {
        lost.contains(blob.digest)
            || output.isTree && lost.contains(output.digest) && !store.contains(blob.digest)
    }

    /// Blobs of the store that neither a recipe nor another copy could bring back: what `bitlaw add`
    /// put there, downloads whose address no key has, and files that actions read from outside.
    ///
    /// `copies` tells which of them another place has.
    package func singlePoints(_ copies: ([WantedBlob]) throws -> Set<Digest>) throws -> [Digest] {
        var made: Set<Digest> = []
        var sizes: [Digest: Int] = [:]
        for result in try store.allResults() {
            let hasRecipe: Bool
            if case .success = try Recipe.read(
                result, store: store, registry: registry, needsInputs: false)
            {
                hasRecipe = true
            } else {
                hasRecipe = false
            }
            made.insert(result.key)
            if let log = result.log { made.insert(log) }
            for blob in try store.parts(of: result) {
                sizes[blob.digest] = blob.size
                if hasRecipe { made.insert(blob.digest) }
            }
        }
        let alone = try store.allBlobs().filter { !made.contains($0) }
        let elsewhere = try copies(alone.map { WantedBlob($0, size: sizes[$0]) })
        return alone.filter { !elsewhere.contains($0) }.sorted()
    }
}
