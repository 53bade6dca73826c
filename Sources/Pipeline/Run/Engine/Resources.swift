import Experiment

/// An amount of what a machine has.
struct Resources: Equatable {
    var cpus: Int
    /// Bytes.
    var memory: Int
    var gpus: Int

    init(cpus: Int, memory: Int, gpus: Int) {
        self.cpus = cpus
        self.memory = memory
        self.gpus = gpus
    }

    /// What an action with these limits needs; memory counts where it has a limit.
    init(_ limits: Limits) {
        self.init(cpus: limits.cpus, memory: limits.memory ?? 0, gpus: limits.gpus)
    }

    /// Whether another amount has at least as much of everything.
    func fits(in other: Resources) -> Bool {
        cpus <= other.cpus && memory <= other.memory && gpus <= other.gpus
    }

    /// What is left of it without another amount, of nothing less than nothing.
    func without(_ other: Resources) -> Resources {
        Resources(
            cpus: max(0, cpus - other.cpus), memory: max(0, memory - other.memory),
            gpus: max(0, gpus - other.gpus))
    }

    /// It, and another amount.
    func with(_ other: Resources) -> Resources {
        Resources(
            cpus: cpus + other.cpus, memory: memory + other.memory, gpus: gpus + other.gpus)
    }
}
