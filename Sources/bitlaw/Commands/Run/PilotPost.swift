import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Sends the front end of a run what its pilot with a store of its own does: by letters through the remote.
///
/// A letter that cannot be sent waits, and its news go with the next.
final class PilotPost {
    /// The most bytes that a letter takes of what was printed: the end.
    private static let mostPrinted = 256 << 10

    private let staging: StagingRemote
    private let store: Store
    private let list: String
    private var letter = PilotLetter()
    private var sent: [Digest]?
    private var next = ContinuousClock.now + .seconds(2)
    /// The pause after the next letter, in seconds.
    private var pause = 2.0
    /// How much of what was printed earlier letters told; `nil` where it goes to no file that can be read.
    private var printed: Int?

    init(_ staging: StagingRemote, _ pilot: String, of run: String, in store: Store) {
        self.staging = staging
        self.store = store
        list = StagingRemote.list(pilot, run)
        sent = try? staging.letters(list)
        // A job that was requeued goes on in the same file.
        printed = PilotPost.size().map { sent?.isEmpty == false ? $0 : 0 }
    }

    /// The bytes in the file that we print into; `nil` where it is none.
    private static func size() -> Int? {
        var status = stat()
        guard unsafe fstat(2, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Adds an event to the next letter.
    func add(_ event: JSON) { letter.add(event) }

    /// Adds an action that gave no result, with its log.
    func add(lost key: Digest, _ failure: ClusterFolder.Failure?) {
        let log = (try? store.keptLog(of: key)).flatMap(\.self)
        letter.lost.append(
            PilotLetter.Lost(key: key, failure: failure, log: log.flatMap { try? store.put($0) }))
        if failure != nil { next = ContinuousClock.now }
    }

    /// Adds an action that was given and gave nothing, by the state in which it was left.
    func add(unmade key: Digest, _ state: ActionState) {
        switch state {
        case .cached, .ran: break
        case .pending: add(lost: key, nil)
        case .failed, .skipped:
            let reason = "what it reads could not be made there"
            add(lost: key, ClusterFolder.Failure(reason: reason, log: ""))
        }
    }

    /// Sends a letter where it is time for one, and there is something to tell.
    func send(atOnce: Bool = false) {
        guard atOnce || ContinuousClock.now >= next else { return }
        addPrinted()
        if !letter.isEmpty {
            do {
                let earlier = try sent ?? staging.letters(list)
                let logs = letter.lost.compactMap { $0.log }
                sent = earlier + [try staging.send(letter.bytes, logs: logs, after: earlier, list)]
                letter = PilotLetter()
            } catch {
                Output.error("warning: \(error); told later\n")
            }
        }
        next = ContinuousClock.now + .seconds(pause)
        pause = min(30, pause * 1.5)
    }

    /// Sends a letter at once, with words that are printed later.
    func send(last words: String) {
        addPrinted()
        letter.printed += words
        send(atOnce: true)
    }

    private func addPrinted() {
        guard let from = printed, let size = PilotPost.size(), size > from else { return }
        let start = max(from, size - PilotPost.mostPrinted)
        let path = "/proc/self/fd/2"
        guard let file = try? FileHandle.open(path, O_RDONLY),
            (try? file.seek(to: start, path: path)) != nil
        else { return }
        var bytes = [UInt8](repeating: 0, count: size - start)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe buffer.baseAddress.map {
                unsafe (try? file.read(into: $0, size - start, path: path)) ?? 0
            } ?? 0
        }
        if start > from { letter.printed += "… \(ByteCount.text(start - from)) left out\n" }
        letter.printed += String(decoding: bytes.prefix(count), as: UTF8.self)
        printed = start + count
    }
}
