package import Experiment

/// What an action needs of a machine: the actions of one class are executed by the same pilots.
package struct NeedClass: Hashable, Sendable {
    /// Processors.
    package let cpus: Int
    /// GPUs.
    package let gpus: Int
    /// Bytes of memory; 0 without a limit.
    package let memory: Int
    /// Seconds, where that is more than a pilot usually has; else 0.
    package let seconds: Int

    /// The class of an action with these limits, among pilots that have `usual` seconds.
    package init(_ limits: Limits, usual: Int) {
        cpus = limits.cpus
        gpus = limits.gpus
        memory = limits.memory ?? 0
        let seconds = Int((limits.seconds ?? 0).rounded(.up))
        self.seconds = seconds > usual ? seconds : 0
    }

    /// Reads what ``text`` gives; `nil` for anything else.
    package init?(text: String) {
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 4, let cpus = numbers[0], let gpus = numbers[1],
            let memory = numbers[2], let seconds = numbers[3], cpus > 0, gpus >= 0, memory >= 0,
            seconds >= 0
        else { return nil }
        (self.cpus, self.gpus, self.memory, self.seconds) = (cpus, gpus, memory, seconds)
    }

    /// The four numbers, for the words of a pilot and the names of files.
    package var text: String { "\(cpus)-\(gpus)-\(memory)-\(seconds)" }
}
