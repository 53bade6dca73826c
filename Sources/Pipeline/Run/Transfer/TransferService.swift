import CSystem
import Canon
import Glibc
package import LocalStore
package import Remotes
import System

/// The process that fetches what an engine asks for: the command `bitlaw transfer`.
package enum TransferService {
    /// Serves requests, one JSON line each, until standard input ends.
    ///
    /// Whatever has been asked for meanwhile travels together. A remote that fails is said once.
    /// `slots` opens the remotes; it is called when the first request comes.
    /// - Returns: the exit code.
    package static func serve(store: Store, slots: () throws -> [RemoteSlot]) -> Int32 {
        _ = bitlaw_die_with_parent(SIGKILL)
        _ = signal(SIGPIPE, SIG_IGN)
        var lines = LineReader()
        var opened: RemoteSession?
        do {
            while let asked = lines.next() {
                let requests = asked.compactMap { line in
                    (try? JSON(parsing: line)).flatMap { TransferRequest(json: $0) }
                }
                let session: RemoteSession
                if let opened {
                    session = opened
                } else {
                    session = RemoteSession(store: store, slots: try slots())
                    session.onFailure = { error in
                        answer(.failed(remote: remoteName(error), error: error))
                    }
                    opened = session
                }
                try fetch(requests, session)
            }
        } catch let error as OperationalError {
            answer(.storeFailed(error))
            return 1
        } catch {
            answer(
                .storeFailed(
                    OperationalError(code: .inputOutput, message: "\(error)", remedy: "try again")))
            return 1
        }
        return 0
    }

    private static func fetch(_ requests: [TransferRequest], _ session: RemoteSession) throws {
        let blobs = requests.compactMap { request in
            if case .blob(let digest) = request { digest } else { nil }
        }
        if !blobs.isEmpty {
            let found = try session.fetch(
                blobs: blobs.map { WantedBlob($0, size: nil, limit: .max) })
            for digest in blobs {
                answer(
                    found.contains(digest)
                        ? .fetched(digest, remote: "a remote") : .absent(digest))
            }
        }
        let keys = requests.compactMap { request in
            if case .result(let digest) = request { digest } else { nil }
        }
        try session.fetch(keys) { key, outcome in
            switch outcome {
            case .fetched(_, let remote): answer(.fetched(key, remote: remote))
            case .absent: answer(.absent(key))
            case .refused(let remote, let reason):
                answer(.refused(key, remote: remote, reason: reason))
            }
        }
    }

    private static func answer(_ reply: TransferReply) {
        if !writeLine(reply.json, to: 1) { exit(1) }  // the engine is gone
    }

    /// The name in the message of a remote's failure.
    private static func remoteName(_ error: OperationalError) -> String {
        let rest = error.message.dropFirst("remote ".count)
        return String(rest.prefix(upTo: rest.firstRange(of: ": ")?.lowerBound ?? rest.endIndex))
    }
}

/// The lines of standard input: all that have arrived, once there is one.
private struct LineReader {
    private var lines = LineReceiver(0)
    private var ready: [[UInt8]] = []

    /// At least one line and at most 4096; `nil` at the end.
    mutating func next() -> [[UInt8]]? {
        while true {
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            let isMoreThere = ready.count < 4096 && (unsafe poll(&input, 1, 0)) > 0
            if ready.isEmpty || isMoreThere {
                if let more = lines.receive() {
                    ready += more
                    continue
                }
                if ready.isEmpty { return nil }
            }
            defer { ready.removeFirst(min(4096, ready.count)) }
            return Array(ready.prefix(4096))
        }
    }
}
