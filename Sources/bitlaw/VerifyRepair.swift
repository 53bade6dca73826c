import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

extension Verify {
    /// Brings back what is damaged or gone, and lists what nobody could bring back.
    func bringBack(_ damaged: VerifyReport, _ store: Store) throws {
        let project = ProjectFolder.of("./x")
        let configuration = try ProjectConfiguration.load(project: project)
        // A good copy counts wherever it stands: its digest is all the proof that it needs.
        var slots = try Sharing.slots(configuration.remotes, project: project)
        for layer in store.also {
            slots.append(
                RemoteSlot(
                    try DirectoryRemote(name: layer, path: layer, creating: false), trust: .any))
        }
        let session = RemoteSession(store: store, slots: slots)
        session.onFailure = { Output.error("warning: \($0); going on without it\n") }
        let jobs = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let repair = Repair(
            store: store, registry: allKinds,
            options: RunOptions(jobs: jobs, worker: try WorkerStart.words(), person: .person),
            runsAnyCommand: commands
        ) { event in
            if case .warning(let text) = event { Output.error("warning: \(text)\n") }
        }
        let report = try repair.run(session, alsoLost: damaged.damage.compactMap { $0.blob })
        let alone = try repair.singlePoints { wanted in
            Set(wanted.map { $0.digest }).subtracting(try session.absent(wanted))
        }
        if common.json {
            Output.line(
                JSON.object([
                    "fetched": .array(report.fetched.map { .string($0.hex) }),
                    "remade": .array(report.remade.map { .string($0.hex) }),
                    "accessories": .array(report.accessories.map { .string($0.hex) }),
                    "lost": .array(
                        report.lost.map {
                            ["digest": .string($0.digest.hex), "reason": .string($0.reason)]
                        }),
                    "singlePoints": .array(alone.map { .string($0.hex) }),
                ]).canonicalText)
        } else {
            for digest in report.fetched { Output.line("fetched: \(digest.hex)") }
            for digest in report.remade { Output.line("made again: \(digest.hex)") }
            for digest in report.accessories {
                Output.line(
                    "not restored: \(digest.hex): the description of a key, or a log; its result is "
                        + "as good without it")
            }
            for (digest, reason) in report.lost { Output.line("lost: \(digest.hex): \(reason)") }
            for digest in alone {
                Output.line("single point of loss: \(digest.hex): no recipe and no other copy")
            }
            Output.line(
                "\(report.fetched.count) blobs fetched, \(report.remade.count) made again, "
                    + "\(report.lost.count) lost; \(alone.count) have no recipe and no other copy")
        }
        if !report.lost.isEmpty { throw ExitCode(Code.store) }
    }
}
