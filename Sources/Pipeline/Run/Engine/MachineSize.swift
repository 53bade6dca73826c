import Glibc
package import System

/// What of this machine a run may use beside processors, whose number is asked for.
package struct MachineSize: Sendable, Equatable {
    /// Bytes of memory.
    package var memory: Int
    /// The numbers of the GPUs.
    package var gpus: [Int]

    /// Names a size.
    package init(memory: Int, gpus: [Int]) {
        self.memory = memory
        self.gpus = gpus
    }

    /// The size of this machine, or of the part of it that a container or a scheduler gives to a person.
    package static func here(for person: EnvironmentVariables) -> MachineSize {
        let physical = sysconf(Int32(_SC_PHYS_PAGES)) * Int(getpagesize())
        return MachineSize(
            memory: groupBounds().reduce(physical, min), gpus: GPUs.onThisMachine(for: person))
    }

    /// The bounds of the control groups that this process is in, and of those around them.
    private static func groupBounds() -> [Int] {
        var bounds: [Int] = []
        for line in text(at: "/proc/self/cgroup").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isOld = fields[1].split(separator: ",").contains("memory")
            guard isOld || fields[1].isEmpty else { continue }
            let (root, file) =
                isOld
                ? ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
                : ("/sys/fs/cgroup", "memory.max")
            var names = fields[2].split(separator: "/")
            while true {
                let folder = ([root] + names.map(String.init)).joined(separator: "/")
                let bound = text(at: "\(folder)/\(file)").split(separator: "\n").first
                // `max` is no number: no bound.
                if let bound = bound.flatMap({ Int($0) }), bound > 0 { bounds.append(bound) }
                if names.popLast() == nil { break }
            }
        }
        return bounds
    }

    private static func text(at path: String) -> String {
        String(decoding: ((try? readWholeFile(path)) ?? nil) ?? [], as: UTF8.self)
    }
}
