/// How many processes the kernel killed on this machine because memory was short.
package enum OutOfMemoryKills {
    /// The number since the machine started; 0 where the kernel does not count them.
    package static var count: Int {
        guard let bytes = try? readWholeFile("/proc/vmstat"),
            let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                .first(where: { $0.hasPrefix("oom_kill ") })
        else { return 0 }
        return Int(line.dropFirst(9)) ?? 0
    }
}
