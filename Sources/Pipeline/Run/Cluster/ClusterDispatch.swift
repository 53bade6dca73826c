package import Canon
package import Experiment
import Glibc
package import LocalStore
import System

/// Lets pilots execute the actions of an engine: starts as many as there is work for, hears what they do, and
/// stops the run where they cannot be started.
package final class ClusterDispatch: ActionDelegate {
    /// After so many pilots in a row that never executed anything nothing more is submitted.
    private static let patience = 3
    /// After so many times within an action that pilots were told to end, the run stops.
    private static let mostReturns = 5

    /// The run as its folder describes it.
    package private(set) var run: ClusterRun
    private let executor: ExecutorConfiguration
    private let launcher: any Launcher
    private let store: Store
    private let graph: ActionGraph
    private let indices: [String: Int]
    /// The program, by which pilots are started.
    private let program: String
    /// Held by the front end that starts pilots; others watch.
    private var lead: ActionLock?
    /// Whether it leads, and has not yet read what an earlier one gave to pilots.
    private var isNew = false
    /// Whether anything was submitted: also what gave no name that can be read is cancelled at the end.
    private var hasSubmitted = false
    private var pilots: [String: PilotState] = [:]
    private var logs: [String: PilotLog] = [:]
    /// The pilots whose end was looked at.
    private var closed: Set<String> = []
    private var question: [TimedProgram] = []
    private var answers: [TimedProgram.Answer?] = []
    private var nextQuestion = ContinuousClock.now
    private var pause: Double
    private var nextReading = ContinuousClock.now
    private var nextOrder = ContinuousClock.now
    private var nextNote = ContinuousClock.now
    /// How many pilots in a row never executed anything, and what was said of the last one.
    private var idlers = 0
    private var lastWords = ""
    private var returns: [Int: Int] = [:]
    private var told: Set<String> = []
    /// How often the launcher refused in a row what it may take later.
    private var refusals = 0
    /// The work of pilots that have stores of their own; `nil` where all share one.
    private let staged: StagedWork?
    /// The pilots that brought something.
    private var bringers: Set<String> = []
    /// The classes of pilots that this front end, or an earlier one, started.
    private var needs: [String: NeedClass] = [:]

    /// Prepares to lead a run, or to watch it where another front end leads.
    ///
    /// - Throws: ``OperationalError``; ``LauncherError`` where it is known before that nothing can begin.
    package init(
        _ run: ClusterRun, _ executor: ExecutorConfiguration, _ launcher: any Launcher,
        graph: ActionGraph, store: Store, program: String, staged: StagedWork? = nil
    ) throws {
        self.run = run
        self.executor = executor
        self.launcher = launcher
        self.graph = graph
        self.store = store
        self.program = program
        self.staged = staged
        indices = Dictionary(
            graph.actions.map { ($0.name, $0.index) }, uniquingKeysWith: { first, _ in first })
        pause = min(2, executor.poll)
        for pilot in run.pilots { pilots[pilot] = .waiting("") }
        try takeLead()
        try launcher.check()
    }

    /// Leads the run, unless another front end does; goes on with the pilots that an earlier one started.
    private func takeLead() throws {
        lead = try store.tryLeading(run.folder.name)
        isNew = lead != nil
        guard lead != nil, let known = ClusterRun(named: run.folder.name, in: store) else { return }
        run.pilots = known.pilots
        for pilot in run.pilots where pilots[pilot] == nil { pilots[pilot] = .waiting("") }
    }

    /// Whether this front end starts pilots.
    package var isLeading: Bool { lead != nil }

    /// Whether this front end divides the work, for pilots have stores of their own.
    package var isStaged: Bool { staged != nil }

    /// Lets another front end lead the run from now on.
    package func handOver() { lead = nil }

    /// How many pilots may still execute something.
    package var liveCount: Int { pilots.values.count { $0.isLive } }

    /// What the record of the run tells of it.
    package var record: JSON {
        [
            "executor": .string(run.executor), "run": .string(run.folder.name),
            "jobs": .array(Set(run.pilots.map(ClusterDispatch.job)).sorted().map { .string($0) }),
        ]
    }

    /// The job of a pilot: the array of one of Slurm.
    private static func job(_ pilot: String) -> String {
        String(pilot.prefix { $0 != "_" })
    }

    /// Takes what is to be executed, and tells what was.
    package func exchange(_ wanted: () -> [DelegatedAction]) throws -> [DelegateNews] {
        let now = ContinuousClock.now
        var news: [DelegateNews] = []
        if now >= nextReading {
            nextReading = now + .milliseconds(200)
            news += readLogs()
        }
        if now >= nextNote {
            nextNote = now + .seconds(2)
            if run.isCancelled { try endCancelled() }
        }
        if lead == nil, now >= nextQuestion {
            nextQuestion = now + .seconds(executor.poll)
            try takeLead()
            return news
        }
        guard lead != nil else { return news }
        if isNew, let staged { staged.resume(wanted()) { indices[$0] } }
        isNew = false
        news += try takeStaged()
        if try hasAnswer(now) { news += try closeEnded() }
        if now >= nextOrder {
            nextOrder = now + .seconds(2)
            news += try order(wanted())
        }
        return news
    }

    /// Ends the front end of a run that a person cancelled elsewhere.
    private func endCancelled() throws {
        throw LauncherError(
            message: "run \(run.folder.name) was cancelled by bitlaw cancel; what finished is kept",
            remedy: "the same command begins it again", isPassing: false)
    }

    /// Starts pilots for all that is missing at once, for a run that is left alone.
    ///
    /// - Throws: ``LauncherError`` and ``OperationalError``.
    package func orderAll(_ missing: [DelegatedAction]) throws {
        _ = readLogs()
        question = try launcher.ask(about: run.pilots, of: run.folder)
        let said = question.map { $0.wait() }
        question = []
        if let states = launcher.states(of: run.pilots, in: run.folder, said) { take(states) }
        _ = try order(missing)
    }

    /// Cancels what is left of the run's pilots, and notes that the run is over.
    ///
    /// - Throws: ``LauncherError`` and ``OperationalError``.
    package func end(kindly: Bool) throws {
        if !kindly { try hearLast() }
        if lead != nil, hasSubmitted || !run.pilots.isEmpty {
            try launcher.cancel(run.pilots, of: run.folder, kindly ? .kindly : .atOnce)
        }
        if lead != nil { try run.end() }
    }

    // MARK: What pilots tell

    private func readLogs() -> [DelegateNews] {
        var news: [DelegateNews] = []
        for file in (try? namesInFolder(run.folder.events)) ?? [] where file.hasSuffix(".ndjson") {
            let pilot = String(file.dropLast(7))
            news += logs[pilot, default: PilotLog()].read("\(run.folder.events)/\(file)") {
                indices[$0]
            }
        }
        if news.contains(where: { if case .executed = $0 { true } else { false } }) { idlers = 0 }
        // Their results come by the remote, which tells what is done.
        guard let staged, lead != nil else { return news }
        return news.filter(staged.isOpen)
    }

    /// Takes what pilots with stores of their own brought to the remote.
    private func takeStaged(atOnce: Bool = false) throws -> [DelegateNews] {
        guard let staged else { return [] }
        let found = try staged.news(pause: executor.poll, atOnce: atOnce)
        for (pilot, letter) in found.letters { try run.folder.keep(letter, from: pilot) }
        for (pilot, key, failure) in found.failed {
            run.folder.noteFailure(of: key, failure)
            bringers.insert(pilot)
        }
        if found.letters.isEmpty && found.came.isEmpty { return [] }
        try staged.save { graph.actions[$0].name }
        return readLogs()
            + found.came.map { pilot, index in
                bringers.insert(pilot)
                idlers = 0
                return .executed(index)
            }
    }

    /// Waits a moment for the last letters of pilots that have nothing left to do: one that is cancelled
    /// sends none.
    private func hearLast() throws {
        let end = ContinuousClock.now + .seconds(10)
        while let staged, lead != nil, ContinuousClock.now < end {
            let silent = pilots.contains { pilot, state in
                let isAtWork =
                    state == .running || logs[pilot]?.hasBegun == true || bringers.contains(pilot)
                return state.isLive && isAtWork && !staged.left.contains(pilot)
            }
            if !silent { return }
            _ = try takeStaged(atOnce: true)
            usleep(300_000)
        }
    }

    // MARK: What the launcher tells

    private func hasAnswer(_ now: ContinuousClock.Instant) throws -> Bool {
        if question.isEmpty {
            if now >= nextQuestion, !pilots.isEmpty {
                question = try launcher.ask(about: run.pilots, of: run.folder)
                answers = question.map { _ in nil }
            }
            return false
        }
        for place in question.indices where answers[place] == nil {
            answers[place] = question[place].poll()
        }
        guard answers.allSatisfy({ $0 != nil }) else { return false }
        let said = answers.compactMap { $0 }
        question = []
        nextQuestion = now + .seconds(pause)
        pause = min(executor.poll, pause * 1.5)
        guard let states = launcher.states(of: run.pilots, in: run.folder, said) else {
            lastWords = said.first { !$0.isGood }?.words ?? ""
            return false
        }
        take(states)
        return true
    }

    private func take(_ states: [String: PilotState]) {
        for (pilot, state) in states { pilots[pilot] = state }
        for pilot in run.pilots where states[pilot] == nil {
            if pilots[pilot]?.isLive == true { pilots[pilot] = .ended("it is gone") }
        }
    }

    /// Looks at each pilot that ended: what it did not finish, and whether pilots can be started at all.
    private func closeEnded() throws -> [DelegateNews] {
        // What a pilot told last counts before its end does.
        var news = readLogs()
        let isNew = pilots.contains { !$0.value.isLive && !closed.contains($0.key) }
        if isNew { news += try takeStaged(atOnce: true) }
        // What they brought last is read first: at the next answer.
        if isNew, staged?.isBehind == true { return news }
        for (pilot, state) in pilots.sorted(by: { $0.key < $1.key }) {
            switch state {
            case .waiting(let reason): news += tell(waiting: pilot, reason)
            case .running: continue
            case .ended(let words), .stuck(let words), .taken(let words):
                guard closed.insert(pilot).inserted else { continue }
                let isTaken = if case .taken = state { true } else { false }
                news += try close(pilot, words, isTaken: isTaken)
            }
        }
        if isNew { try staged?.save { graph.actions[$0].name } }
        return news
    }

    private func tell(waiting pilot: String, _ reason: String) -> [DelegateNews] {
        let usual = ["", "None", "Resources", "Priority", "BeginTime"]
        guard !usual.contains(reason), told.insert(reason).inserted else { return [] }
        return [.event(.warning("pilot \(pilot) waits: \(reason)"))]
    }

    private func close(_ pilot: String, _ words: String, isTaken: Bool) throws -> [DelegateNews] {
        let log = logs[pilot]
        let unfinished = staged?.end(pilot) ?? logs[pilot]?.end() ?? []
        var news: [DelegateNews] = []
        for index in unfinished.sorted() {
            // However often machines are taken away, that tells nothing of the action.
            if !isTaken { returns[index, default: 0] += 1 }
            let text = "pilot \(pilot) ended within it: \(words); other pilots go on with it"
            news.append(.event(.retrying(index, reason: text)))
            if returns[index, default: 0] >= ClusterDispatch.mostReturns {
                throw LauncherError(
                    message: "\(graph.actions[index].name): "
                        + "\(ClusterDispatch.mostReturns) pilots ended within it, the last so: \(words)",
                    remedy: "give executor \(executor.name) more `time`, or its stage "
                        + "`checkpoints`; bitlaw log shows how far it came",
                    isPassing: false)
            }
        }
        if isTaken || log?.left == "done" || (log?.begun ?? 0) > 0 || bringers.contains(pilot) {
            idlers = 0
            return news
        }
        idlers += 1
        lastWords = log?.left == "idle" ? "it found nothing to do" : words
        guard idlers >= ClusterDispatch.patience else { return news }
        try? launcher.cancel(run.pilots, of: run.folder, .kindly)
        throw LauncherError(
            message: "\(idlers) pilots in a row ended before they executed anything; the last, "
                + "\(pilot): \(lastWords)" + end(ofLogOf: pilot),
            remedy: "mend what these words tell, then bitlaw run again; what finished is kept",
            isPassing: false)
    }

    /// The last lines that a pilot printed.
    private func end(ofLogOf pilot: String) -> String {
        let bytes = try? readWholeFile(run.folder.log(of: pilot))
        let text = String(decoding: bytes.flatMap(\.self) ?? [], as: UTF8.self)
        return text.split(separator: "\n").suffix(5).map { "\n    | \($0)" }.joined()
    }

    // MARK: Orders

    /// Starts pilots for what nobody executes.
    private func order(_ wanted: [DelegatedAction]) throws -> [DelegateNews] {
        let running = staged?.running ?? Set(logs.values.flatMap { $0.running })
        let missing = Dictionary(
            grouping: wanted.filter { !running.contains($0.index) }, by: { $0.need })
        var news: [DelegateNews] = []
        for (need, actions) in missing.sorted(by: { $0.key.text < $1.key.text }) {
            let order = order(for: need)
            let count = actions.count
            let live = pilots.filter {
                $0.value.isLive && (needs[$0.key] ?? logs[$0.key]?.need ?? need) == need
            }.map { $0.key }
            // A pilot that was given its actions takes no others.
            let busy =
                staged == nil ? live.count { logs[$0]?.running.isEmpty == false } : live.count
            let slots = max(1, order.cpus / need.cpus)
            let useful = min(executor.mostPilots, busy + (count + slots - 1) / slots)
            let lacking = useful - live.count
            if lacking <= 0 { continue }
            hasSubmitted = true
            do {
                if let staged {
                    for share in staged.shares(actions, among: lacking) {
                        var own = order
                        own.words += share.flatMap { ["--action", graph.actions[$0.index].name] }
                        let names = try launcher.submit(own, count: 1, of: run.folder)
                        for name in names { staged.give(share, to: name) }
                        try begun(names, need)
                    }
                } else {
                    try begun(try launcher.submit(order, count: lacking, of: run.folder), need)
                }
                refusals = 0
                nextQuestion = ContinuousClock.now + .seconds(2)
                pause = min(2, executor.poll)
            } catch let error as LauncherError where error.isPassing {
                refusals += 1
                nextOrder = ContinuousClock.now + .seconds(Double(min(60, 5 << min(4, refusals))))
                if refusals >= ClusterDispatch.patience && liveCount == 0 { throw error }
                if told.insert(error.message).inserted {
                    news.append(.event(.warning("\(error.message); asked again later")))
                }
            }
        }
        return news
    }

    private func begun(_ names: [String], _ need: NeedClass) throws {
        // An answer to what was asked before they were there would call them gone.
        question = []
        for name in names {
            pilots[name] = .waiting("")
            needs[name] = need
        }
        run.pilots += names
        try run.save()
        try staged?.save { graph.actions[$0].name }
    }

    private func order(for need: NeedClass) -> PilotOrder {
        // Where actions have a bound of their own, a pilot is as large as one of them.
        let isOwn = need.memory > 0 || need.gpus > 0
        let cpus = isOwn ? need.cpus : max(executor.cpus, need.cpus)
        let memory = need.memory > 0 ? need.memory + max(512 << 20, need.memory / 10) : nil
        let seconds = run.seconds(of: need)
        return PilotOrder(
            need: need,
            words: [program, "run"] + run.words + [
                staged == nil ? "--pilot" : "--staged", run.folder.name, "--need", need.text,
                "--jobs", String(cpus),
            ], cpus: cpus, memory: memory ?? executor.memory, seconds: seconds,
            // Where no folder is shared, what a pilot prints stays on its machine.
            logs: staged == nil ? "\(run.folder.logs)/" : "/tmp/bitlaw-\(run.folder.name)-")
    }
}
