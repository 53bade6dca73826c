import Glibc
import Synchronization
import System

/// A folder of leases, for file systems whose locks do not reach from host to host.
///
/// A lease is the file `NAME.1`, which only one can make. Its holder writes into it every few seconds. Who
/// finds it looks again and again: where the bytes stay the same for long, by the finder's own clock, its
/// holder is gone, and whoever makes `NAME.2` first takes over. No two hosts' clocks are compared.
package final class LeaseFolder: Sendable {
    /// How often holders write, and how long silence has to last until they are taken for gone.
    package struct Terms: Sendable {
        /// The time between two beats.
        package let beat: Duration
        /// The silence after which a holder is gone.
        package let patience: Duration

        /// Names terms.
        package init(beat: Duration, patience: Duration) {
            self.beat = beat
            self.patience = patience
        }

        /// What stores use: a beat each 10 seconds, and six of them.
        package static let usual = Terms(beat: .seconds(10), patience: .seconds(60))
    }

    /// What was seen of somebody's lease: its bytes, when they were looked at last, and how long they stayed.
    private struct Sight {
        var path: String
        var bytes: [UInt8]
        var last: ContinuousClock.Instant
        var silence = Duration.zero
    }

    /// The leases of this process, and the thread that renews them.
    private final class Heart: Sendable {
        let held = Mutex<[String: LeaseFile]>([:])
        let isOver = Atomic(false)

        func run(_ beat: Duration) {
            var next = ContinuousClock.now + beat
            while !isOver.load(ordering: .relaxed) {
                usleep(50_000)
                if ContinuousClock.now < next { continue }
                next = ContinuousClock.now + beat
                for file in held.withLock({ Array($0.values) }) where !file.isLost {
                    _ = file.renew()
                }
            }
        }
    }

    /// Its place.
    package let path: String
    private let terms: Terms
    private let now: @Sendable () -> ContinuousClock.Instant
    private let beats: Bool
    private let heart = Heart()
    private let thread = Mutex<BackgroundWork?>(nil)
    private let sights = Mutex<[String: Sight]>([:])

    /// Uses a folder that is there.
    ///
    /// Without `beats` leases are renewed only where that is asked for.
    package init(
        _ path: String, _ terms: Terms = .usual, beats: Bool = true,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.path = path
        self.terms = terms
        self.beats = beats
        self.now = now
    }

    deinit { heart.isOver.store(true, ordering: .relaxed) }

    /// Takes a lease; `nil` while somebody holds it, or may hold it.
    ///
    /// A holder that was killed is known by its silence: it has to be asked for again and again.
    ///
    /// - Throws: ``OperationalError``.
    package func take(_ name: String) throws -> Lease? {
        let newest = newest(name)
        if let newest {
            guard isSilent(name, newest) else { return nil }
            guard let file = try LeaseFile.make(LeaseFile.next(after: newest)) else {
                // Another was first.
                forget(name)
                return nil
            }
            forget(name)
            return hold(file)
        }
        forget(name)
        return try LeaseFile.make("\(path)/\(name).1").map(hold)
    }

    /// Whether somebody holds a lease, or left one.
    func isThere(_ name: String) -> Bool { LeaseFile.exists("\(path)/\(name).1") }

    /// The names of the leases that are there, held or left.
    ///
    /// - Throws: ``OperationalError``.
    package func names() throws -> [String] {
        Set(try namesInFolder(path).map { String($0.prefix { $0 != "." }) }).sorted()
    }

    func giveBack(_ file: LeaseFile) {
        heart.held.withLock { $0[file.path] = nil }
        file.release()
    }

    private func hold(_ file: LeaseFile) -> Lease {
        heart.held.withLock { $0[file.path] = file }
        if beats {
            thread.withLock { thread in
                if thread != nil { return }
                let (heart, beat) = (heart, terms.beat)
                thread = BackgroundWork { heart.run(beat) }
            }
        }
        return Lease(file, in: self)
    }

    /// The file of the newest holder; each that took over made one after the last.
    private func newest(_ name: String) -> String? {
        var place = "\(path)/\(name).1"
        guard LeaseFile.exists(place) else { return nil }
        while LeaseFile.exists(LeaseFile.next(after: place)) {
            place = LeaseFile.next(after: place)
        }
        return place
    }

    private func forget(_ name: String) { sights.withLock { $0[name] = nil } }

    /// Whether the bytes of a lease stayed as they are for so long that its holder is gone.
    ///
    /// A look counts for two beats at most: who was away itself, asleep or stopped, has not seen silence.
    private func isSilent(_ name: String, _ file: String) -> Bool {
        let bytes = ((try? readWholeFile(file, limit: 4096, followingLinks: false)) ?? nil) ?? []
        let now = now()
        return sights.withLock { sights in
            guard var sight = sights[name], sight.path == file, sight.bytes == bytes else {
                sights[name] = Sight(path: file, bytes: bytes, last: now)
                return false
            }
            sight.silence += min(now - sight.last, terms.beat * 2)
            sight.last = now
            sights[name] = sight
            return sight.silence >= terms.patience
        }
    }
}
