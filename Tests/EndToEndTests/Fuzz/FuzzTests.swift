import Glibc
import System
import TestSupport
import Testing

/// Damaged inputs of every format, from a seed: no parser may crash, hang, or end as no refusal does.
///
/// `BITLAW_FUZZ_SECONDS=1800` goes on for so long; `BITLAW_FUZZ_SEED=N` tries one input again. The input at
/// work stands in `/tmp/bitlaw-fuzz-PROCESS`, so that a crash of the whole leaves it.
@Suite(.serialized) struct FuzzTests {
    /// The inputs between two that the real program gets as well.
    private static let inputsBetweenPrograms = 25
    /// How long a parser or the program may take, in seconds, on a debug build and a busy machine.
    private static let patience = 20.0

    @Test func `no damaged input of any format crashes or hangs a parser or the program`() throws {
        let world = try FuzzWorld()
        let targets = FuzzTargets.all(world, try FuzzServer())
        world.project.shell("cp -r whole bad")
        let names = Set(targets.map { $0.name }).sorted()
        var tally = FuzzTally(path: "/tmp/bitlaw-fuzz-\(getpid())")
        let seeds = FuzzSeeds()
        for seed in seeds {
            var mutator = Mutator(seed: seed)
            // First the format, then one of its targets: a store has many files.
            let name = mutator.one(of: names)
            let target = mutator.one(of: targets.filter { $0.name == name })
            let sample = mutator.one(of: target.samples)
            let input = target.mend(
                mutator.mutate(
                    sample, others: targets.filter { $0.name == name }.flatMap { $0.samples }))
            tally.begin(target.name, seed, input)
            let start = ContinuousClock.now
            do { try target.read(input) } catch {}
            tally.end(
                seconds: (ContinuousClock.now - start) / .seconds(1), limit: FuzzTests.patience)
            guard seeds.isSingle || tally.inputs % FuzzTests.inputsBetweenPrograms == 0,
                !target.commands.isEmpty
            else { continue }
            world.place(target.file, input)
            let command = mutator.one(of: target.commands)
            tally.program(try run(command, world), command)
            world.place(target.file, sample)
        }
        print(tally.text)
        for crash in tally.crashes { Issue.record("\(crash)") }
    }

    /// Runs the real program with bounds on time and memory; its exit code, or minus the signal.
    private func run(_ command: String, _ world: FuzzWorld) throws -> CInt {
        defer {
            world.project.shell(
                "rm -rf .cache bad in in-store far2 report.html; cp -r whole .cache; cp -r whole bad"
            )
        }
        return world.project.shell(
            "ulimit -v 6000000; BITLAW_CONFIG=\"$PWD/config\" timeout -k 5 \(Int(FuzzTests.patience)) "
                + "'\(Project.command)' \(command) >/dev/null 2>&1 </dev/null")
    }
}
