import Glibc

/// The processes below a worker, from `/proc`.
package enum ProcessTree {
    /// A process and all its descendants.
    package static func members(of root: CInt) -> [CInt] {
        var children: [pid_t: [pid_t]] = [:]
        guard let folder = unsafe opendir("/proc") else { return [root] }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard let id = pid_t(name), let bytes = try? readWholeFile("/proc/\(name)/stat"),
                let close = bytes.lastIndex(of: UInt8(ascii: ")"))
            else { continue }
            let fields = String(decoding: bytes[(close + 1)...], as: UTF8.self).split(
                separator: " ")
            if fields.count > 1, let parent = pid_t(fields[1]) {
                children[parent, default: []].append(id)
            }
        }
        var members = [root]
        var next = 0
        while next < members.count {
            members += children[members[next]] ?? []
            next += 1
        }
        return members
    }

    /// Bytes of resident memory of a process and its descendants.
    package static func memory(of root: CInt) -> Int {
        members(of: root).reduce(0) { sum, id in
            guard let bytes = try? readWholeFile("/proc/\(id)/statm") else { return sum }
            let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            return sum + (fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0)
        }
    }
}
