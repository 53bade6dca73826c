/// How many processes the kernel killed on this machine because memory was short.
package enum OutOfMemoryKills {
    /// The number since the machine started; 0 where the kernel does not count them.
    package static var count: Int {
        guard let bytes = try? readWholeFile("/proc/vmstat") else { return 0 }
        // Asked before each action: some 170 lines as text would take longer than all of the protocol.
        let name = Array("oom_kill ".utf8)
        for line in bytes.lazy.split(separator: 10) where line.starts(with: name) {
            return Int(String(decoding: line.dropFirst(name.count), as: UTF8.self)) ?? 0
        }
        return 0
    }
}
