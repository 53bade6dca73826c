/// Where actions are executed besides this machine: `executors` of a person's own configuration.
package struct ExecutorConfiguration: Sendable, Equatable {
    /// What starts pilots.
    package enum Means: Sendable, Equatable {
        /// Slurm: the partition, account and quality of service, where they are named, and further words for
        /// `sbatch`.
        case slurm(partition: String?, account: String?, quality: String?, options: [String])
        /// These hosts, by ssh; the program there, where it stands elsewhere than here.
        case ssh(hosts: [String], program: String?)
    }

    /// The name that `--on` gives.
    package var name: String
    /// What starts pilots.
    package var means: Means
    /// How many pilots at most; with ssh on each host.
    package var pilots = 4
    /// The processors of a pilot: so many actions of one processor it executes at once.
    package var cpus = 1
    /// The memory of a pilot in bytes, where nothing else follows from what actions need.
    package var memory: Int?
    /// The seconds that a pilot usually has.
    package var seconds = 4 * 3600
    /// How long a pilot stays that has nothing to do, in seconds.
    package var idle = 60.0
    /// The pause between two questions to the launcher, in seconds.
    package var poll = 10.0
    /// The time between the request to end and the end, in seconds.
    package var grace = 30.0

    /// The store of a pilot on its own machine, for runs whose results go through a remote.
    package var store: String?

    /// Names an executor.
    package init(name: String, means: Means) {
        self.name = name
        self.means = means
    }

    /// Slurm as it is, without a word of configuration.
    package static let slurm = ExecutorConfiguration(
        name: "slurm",
        means: .slurm(partition: nil, account: nil, quality: nil, options: []))

    /// How many seconds before the end of a job its pilot is told.
    package var lead: Int { min(Int(grace), seconds / 4) }
}
