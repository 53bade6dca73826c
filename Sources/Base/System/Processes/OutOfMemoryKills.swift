import Synchronization

/// How many processes the kernel killed on this machine because memory was short.
package enum OutOfMemoryKills {
    private static let last = Mutex<(count: Int, time: ContinuousClock.Instant)?>(nil)

    /// The number since the machine started; 0 where the kernel does not count them.
    package static var count: Int {
        guard let bytes = try? readWholeFile("/proc/vmstat") else { return 0 }
        // Some 170 lines: as text they would take long.
        let name = Array("oom_kill ".utf8)
        for line in bytes.lazy.split(separator: 10) where line.starts(with: name) {
            return Int(String(decoding: line.dropFirst(name.count), as: UTF8.self)) ?? 0
        }
        return 0
    }

    /// The number at some moment of the last second: asked before each action, the kernel would count anew
    /// longer than a small action takes.
    package static var recentCount: Int {
        last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last.time < .seconds(1) { return last.count }
            let count = self.count
            last = (count, now)
            return count
        }
    }
}
