import CSystem
import Canon
package import Experiment
import Glibc
package import LocalStore
import System

/// The process that executes actions, one after the other: the command `bitlaw worker`.
package struct Worker {
    private let registry: KindRegistry
    let store: Store
    /// How often a state to go on from is kept at most.
    private let secondsBetweenStates: Double
    /// The descriptor that answers go to, which no program that is started here gets.
    private let replies: CInt
    /// What stages are given beside their inputs.
    private let services: StageServices
    private let outbox: Outbox
    private let desk = WorkerDesk()

    /// Serves actions, one JSON line each, until standard input ends.
    ///
    /// A state to go on from is kept every so many seconds. One that hears its parent alone leaves requests
    /// of others to end to it.
    /// - Returns: the exit code.
    package static func serve(
        registry: KindRegistry, store: Store, programs: ProgramConfinement,
        secondsBetweenStates: Double, hearsParentAlone: Bool = false
    ) -> Int32 {
        SharedEnd.arrange(hearingParentAlone: hearsParentAlone)
        _ = bitlaw_adopt_orphans()
        // Requests and replies go through descriptors of their own: a stage reads nothing, and what it prints
        // reaches the log.
        let (requests, replies) = (ownCopy(of: 0), ownCopy(of: 1))
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        dup2(nothing, 0)
        close(nothing)
        dup2(2, 1)
        let worker = Worker(
            registry: registry, store: store, secondsBetweenStates: secondsBetweenStates,
            replies: replies, services: registry.services.adding(programs), outbox: Outbox(store))
        worker.say(WorkerReply.greeting)
        // By hand requests come from a file; an engine speaks through a channel, and first.
        let isChannel = isSocket(requests)
        var lines = LineReceiver(requests, from: isChannel ? .first : .anybody)
        while lines.stranger == nil, let arrived = lines.receive() {
            for line in arrived {
                guard let json = try? JSON(parsing: line), let request = WorkerRequest(json: json)
                else {
                    worker.emit("expected a request (one line of JSON), found something else")
                    return 1
                }
                let reply = worker.serve(request)
                // The engine waits for the answer: what comes before that is another's.
                if isChannel, hasInput(requests) { _ = lines.receive() }
                if lines.stranger == nil { worker.say(request.mark.on(reply.json)) }
            }
        }
        if let stranger = lines.stranger { worker.say(WorkerReply.stranger(stranger)) }
        return 0
    }

    private static func isSocket(_ descriptor: CInt) -> Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func hasInput(_ descriptor: CInt) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&wanted, 1, 0) > 0
    }

    /// A copy of a descriptor that programs do not inherit.
    private static func ownCopy(of descriptor: CInt) -> CInt {
        fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    }

    func say(_ line: JSON) { Worker.say(line, to: replies) }

    private static func say(_ line: JSON, to replies: CInt) {
        if !writeLine(line, to: replies) { exit(1) }  // the engine is gone
    }

    /// Runs one action: log to a file of the attempt, outputs into the store.
    private func serve(_ request: WorkerRequest) -> WorkerReply {
        let reply = execute(request)
        if case .done = reply { return reply }
        outbox.abandon()
        desk.forget()
        // The log of a failure is kept under its key: whoever reads it may ask what that was.
        _ = try? store.put(Array(request.document.utf8))
        return reply
    }

    private func execute(_ request: WorkerRequest) -> WorkerReply {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            guard let stage = registry.stages[request.kind] else {
                return .failed(reason: "this worker knows no kind \(request.kind)", end: nil)
            }
            let trail = ProgressTrail(in: request.folder)
            let reports = ThinnedReports { [replies] progress in
                Worker.say(request.mark.on(WorkerReply.progress(progress).json), to: replies)
                trail.add(progress)
            }
            let log = ActionLog(
                try desk.log(in: request.folder, bound: request.terms.logBound),
                reports: reports)
            let attempt = Attempt(
                request: request, log: log, reports: reports, notes: ProductionNotes(),
                checkpoints: try checkpoints(for: request, log))
            let (outputs, usedFolder) = try run(stage, attempt)
            let seconds = (clock.now - start) / .seconds(1)
            let isSilent = !stage.kind.runsForeignProgram && log.log.isUntouched
            let written = isSilent ? nil : try LogParts.join(request.folder)
            let digest = try written.map {
                try outbox.add(MadeFile.open($0, as: "the log")).digest
            }
            let small = try outbox.commit()
            if !stage.kind.runsForeignProgram {
                desk.clear(request, usedFolder: usedFolder, log.log)
            }
            return .done(
                outputs, log: digest, seconds: (seconds * 1e6).rounded() / 1e6,
                ActionResult.Execution(
                    isResumed: attempt.checkpoints?.isResumed ?? false,
                    madeWith: attempt.notes.made), small)
        } catch let error as MissingBlobs {
            return .missing(allMissing(request, first: error.digests))
        } catch let error as OperationalError {
            return .storeFailed(error)
        } catch let error as StoreFailure {
            return .storeFailed(error.error)
        } catch {
            // However it ended then, the cause is the request: the engine knows whether it is ended too.
            let end = SharedEnd.isAsked ? .signal(Int(SIGTERM)) : (error as? ProgramFailure)?.end
            return .failed(reason: "\(error)", end: end)
        }
    }

    /// Every input without a good copy, so that one repair mends them all.
    private func allMissing(_ request: WorkerRequest, first: [Digest]) -> [Digest] {
        let inputs = request.inputs.values.flatMap { $0 }.filter { $0.file == nil }
        let others = Set(inputs.map { $0.digest }).subtracting(first).sorted { $0.hex < $1.hex }
        return first + others.filter { (try? store.bytes(of: $0)) == nil }
    }

    /// Runs the stage; tells whether anything may be left in its folder.
    private func run(_ stage: any Stage.Type, _ attempt: Attempt) throws -> (
        [ActionResult.Output], usedFolder: Bool
    ) {
        let request = attempt.request
        SharedEnd.beginAction()
        guard
            let kind = stage.kind.fitted(
                parameters: request.parameters, inputs: request.inputs.keys)
        else {
            throw ActionFailure(description: "no such action: its outputs are none of a program")
        }
        try check(request, kind)
        let context = context(
            of: kind, attempt, folder: try desk.workingFolder(in: request.folder))
        defer { ChildProcess.endLeftovers() }
        do {
            try stage.run(context)
        } catch let error as OperationalError {
            // The store's own failures come as ``StoreFailure``: this one is the action's.
            throw ActionFailure(description: error.description)
        }
        ChildProcess.endLeftovers()
        // One that ended well because it was asked to may not be done.
        if SharedEnd.isAsked { throw ActionFailure(description: "it was asked to end") }
        let outputs = try kind.outputs.map { port in
            switch context.outputs[port.name] {
            case .bytes(let bytes)?:
                let (digest, size) = try outbox.add(bytes)
                return ActionResult.Output(name: port.name, digest: digest, size: size)
            case .file(let path)? where unsafe access(path, F_OK) == 0:
                return try put(path, as: port)
            default:
                throw ActionFailure(
                    description: "the stage ended well, but made no output `\(port.name)`")
            }
        }
        return (outputs, context.usesFolder)
    }

    /// Brings what the stage left at a path into the store.
    private func put(_ path: String, as port: OutputPort) throws -> ActionResult.Output {
        guard port.isTree else {
            let file = try MadeFile.open(path, as: "output `\(port.name)`")
            let (digest, size) = try outbox.add(file)
            return ActionResult.Output(name: port.name, digest: digest, size: size)
        }
        do {
            let (_, digest, size) = try store.put(treeAt: path)
            return ActionResult.Output(name: port.name, digest: digest, size: size, isTree: true)
        } catch let mistake as TreeMistake {
            throw ActionFailure(
                description: "output `\(port.name)`: \(mistake)\n"
                    + "  fix: leave nothing else in the folder of an output; what only the program "
                    + "needs belongs elsewhere")
        }
    }

    /// Refuses what this worker would compute under another key.
    private func check(_ request: WorkerRequest, _ kind: Kind) throws {
        guard Digest(of: Array(request.document.utf8).span) == request.key else {
            throw ActionFailure(description: "the key document does not hash to the key")
        }
        let counts = request.inputs.mapValues { $0.count }
        if let mistake = kind.mistake(parameters: request.parameters, inputs: counts) {
            throw ActionFailure(
                description: "no such action: \(mistake)\n"
                    + "  fix: do not use the description of this key; run the experiment itself")
        }
        func said(_ member: String) -> String {
            (try? JSON(parsing: request.document))?[member]?.text ?? "none"
        }
        if kind.usesProfile {
            let (asked, found) = (said("profile"), try registry.profile())
            guard asked == found else {
                throw ActionFailure(
                    description:
                        "numerics profile: the key says \(asked), this worker computes with "
                        + "\(found)\n  fix: start the worker with the same BITLAW_NUMERICS, and for "
                        + "blas with the same OpenBLAS, as the run")
            }
        }
        if kind.isMeasurement {
            let asked = said("machine")
            guard asked == registry.machine else {
                throw ActionFailure(
                    description:
                        "a measurement for another machine: the key says \(asked), this is "
                        + "\(registry.machine)\n  fix: measure in a run that starts on this machine"
                )
            }
        }
    }

    /// What the stage gets: progress and states are thinned out here.
    private func context(of kind: Kind, _ attempt: Attempt, folder: String) -> StageContext {
        let (request, log) = (attempt.request, attempt.log)
        var lastState = ContinuousClock.now
        let interval = secondsBetweenStates
        return StageContext(
            kind: kind, parameters: Parameters(checked: request.parameters),
            seed: request.seed, folder: folder, inputs: WorkerInputs(store, request).all,
            services: attempt.adding(to: services),
            report: { attempt.reports.report($0) }, emit: log.add,
            say: { say(request.mark.on(WorkerReply.remark($0).json)) },
            kept: { keptState(request, log) },
            keep: { state in
                let now = ContinuousClock.now
                guard let key = request.stateKey, now - lastState > .seconds(interval) else {
                    return
                }
                lastState = now
                // A state that cannot be kept costs time after a kill, nothing else.
                try? store.keepCheckpoint(state(), for: request.key, by: key)
            })
    }

    /// Writes a line to where errors go.
    private func emit(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }

    /// The state that this account kept of the action; whatever else stands there is set aside, and told.
    private func keptState(_ request: WorkerRequest, _ log: ActionLog) -> [UInt8]? {
        guard let key = request.stateKey else { return nil }
        switch store.checkpoint(for: request.key, by: key) {
        case .none: return nil
        case .good(let state): return state
        case .refused(let reason):
            try? store.setCheckpointAside(for: request.key, reason: reason)
            let text =
                "a state to go on from was set aside, for nothing proves that this account kept it "
                + "(\(reason)); begun anew"
            tell(text, request, log)
            return nil
        }
    }
}
