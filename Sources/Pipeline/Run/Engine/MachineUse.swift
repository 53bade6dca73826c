import Canon
import Experiment

/// What running actions hold of the machine, and what is free.
struct MachineUse {
    /// What there is in all.
    let all: Resources
    /// What no running action holds.
    private(set) var free: Resources
    private var freeGPUs: [Int]

    /// Begins with everything free.
    init(jobs: Int, _ machine: MachineSize) {
        all = Resources(cpus: max(1, jobs), memory: machine.memory, gpus: machine.gpus.count)
        free = all
        freeGPUs = machine.gpus
    }

    /// Takes what an action needs, which is free; the numbers of its GPUs.
    mutating func take(_ needs: Resources) -> [Int] {
        free = free.without(needs)
        defer { freeGPUs.removeFirst(min(needs.gpus, freeGPUs.count)) }
        return Array(freeGPUs.prefix(needs.gpus))
    }

    /// Takes back what an action held.
    mutating func giveBack(_ needs: Resources, _ gpus: [Int]) {
        free = free.with(needs)
        freeGPUs = (freeGPUs + gpus).sorted()
    }

    /// Why an action of a stage could never begin, however long it waits; `nil` where it can.
    func lack(_ limits: Limits, stage: String) -> String? {
        let needs = Resources(limits)
        if needs.cpus > all.cpus {
            return "stage `\(stage)` needs \(counted(needs.cpus, "processor")) "
                + "(`limits: {cpus: \(needs.cpus)}`), and this run has \(all.cpus)\n"
                + "  fix: bitlaw run with -j \(needs.cpus), or lower `cpus`"
        }
        if needs.gpus > all.gpus {
            return "stage `\(stage)` needs \(counted(needs.gpus, "GPU")) "
                + "(`limits: {gpus: \(needs.gpus)}`), and you may use \(all.gpus) of this machine\n"
                + "  fix: run it where there are enough; what was made there is used here (bitlaw pull)"
        }
        if needs.memory > all.memory {
            return "stage `\(stage)` needs \(ByteCount.text(needs.memory)) of memory "
                + "(`limits: {memory: …}`), and this machine has \(ByteCount.text(all.memory))\n"
                + "  fix: run it where there is enough, or lower `memory`"
        }
        return nil
    }
}
