import Canon
import DequeModule
import System

/// What a run asks of remotes: which actions wait for which answer, and how often remotes failed.
///
/// The process is started when the first result is missing. Answers are read between questions, so
/// that no pipe fills up.
struct RemoteUse {
    private static let mostOutstanding = 512

    private var process: TransferProcess?
    /// Whether the process ended before its time: then nothing is asked any more.
    private(set) var isGone = false
    /// Actions that were asked for once already.
    private var asked: Set<Int> = []
    /// Actions that wait for an answer, by the digest that they wait for.
    private var waiting: [Digest: [KeyedAction]] = [:]
    private var questions: Deque<TransferRequest> = []
    /// Questions that no answer has come to.
    private var outstanding = 0
    /// How many results each remote refused to give us, or gave wrongly.
    private var refused: [String: Int] = [:]
    /// Remotes that fail, and how many results were not looked for there.
    private var failed: [String: Int] = [:]

    /// Whether an action waits for an answer.
    var isWaiting: Bool { !waiting.isEmpty }

    /// The descriptor that answers come from; `nil` while there is no process.
    var channel: CInt? { process?.channel }

    /// Asks for what an action lacks, unless that was done before; `start` begins the process.
    ///
    /// - Returns: whether the action waits for an answer.
    mutating func ask(
        _ action: KeyedAction, _ request: TransferRequest, start: () throws -> TransferProcess
    ) throws -> Bool {
        guard !isGone, asked.insert(action.index).inserted else { return false }
        if process == nil { process = try start() }
        if waiting[request.digest] == nil { questions.append(request) }
        waiting[request.digest, default: []].append(action)
        sendQuestions()
        return true
    }

    /// Sends as many questions as there may be without an answer.
    mutating func sendQuestions() {
        while outstanding < RemoteUse.mostOutstanding, let question = questions.popFirst() {
            process?.send(question)
            outstanding += 1
        }
    }

    /// The answers that have arrived; `nil` when the process ended.
    func receive() -> [TransferReply]? { process?.receive() }

    /// The first action that waits for a digest.
    func firstWaiting(for digest: Digest) -> Int? { waiting[digest]?.first?.index }

    /// Takes the actions that waited for a digest: the answer is there.
    mutating func answered(_ digest: Digest) -> [KeyedAction] {
        outstanding -= 1
        for remote in failed.keys { failed[remote, default: 0] += 1 }
        return waiting.removeValue(forKey: digest) ?? []
    }

    /// Counts a refused result; whether it is the first of its remote.
    mutating func noteRefusal(by remote: String) -> Bool {
        refused[remote, default: 0] += 1
        return refused[remote] == 1
    }

    /// Counts from now on what is not looked for at a remote.
    mutating func noteFailure(of remote: String) { failed[remote] = 0 }

    /// Gives up: the process ended before its time.
    ///
    /// - Returns: the actions that no answer comes to.
    mutating func giveUp() -> [KeyedAction] {
        isGone = true
        process = nil
        defer {
            waiting = [:]
            questions = []
            outstanding = 0
        }
        return waiting.values.flatMap { $0 }.sorted { $0.index < $1.index }
    }

    /// Ends the process.
    mutating func end() { process = nil }

    /// What was not looked for, and what was refused, in all.
    var warnings: [String] {
        failed.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map {
            "remote \($0.key) failed: "
                + counted($0.value, "result was", "results were") + " not looked for there"
        }
            + refused.sorted { $0.key < $1.key }.filter { $0.value > 1 }.map {
                "remote \($0.key): \($0.value) results in all were not used"
            }
    }
}
