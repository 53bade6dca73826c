import ArgumentParser
import Canon
import Evidence
import Glibc
import LocalStore
import Remotes
import Run
import System

extension VerifyCommand {
    /// Brings back what is damaged or gone, and lists what nobody could bring back.
    func bringBack(_ found: VerifyListing, _ store: Store) throws {
        let session = try everyCopy(of: store)
        let lost = found.report.damage.compactMap { $0.blob }
        let repair = try repair(of: store, consent(toMake: lost, of: store, session))
        let report = try repair.run(session, alsoLost: lost)
        let alone = try repair.singlePoints { wanted in
            Set(wanted.map { $0.digest }).subtracting(try session.absent(wanted))
        }
        if common.json {
            Output.document(json(report, alone, found), .verifyRepair)
        } else {
            for line in lines(report, alone) { Output.lines(line) }
        }
        if !report.lost.isEmpty || found.staysBad(in: store) { throw ExitCode(Code.store) }
    }

    /// Requires the reader's word where only programs could make again what is lost.
    private func consent(toMake lost: [Digest], of store: Store, _ session: RemoteSession) throws
        -> RunConsent
    {
        let project = try Consent.project(of: "./x")
        let given = try ReaderConsent(of: .person).ofRuns(in: project) { Confinement.works }
        if given.programs != nil { return given }
        let programs = try repair(of: store, given).programs(alsoLost: lost)
        let absent = try programs.isEmpty ? [] : session.absent(programs.map { $0.blob })
        let recipes = Set(programs.filter { absent.contains($0.blob.digest) }.map { $0.recipe })
        if recipes.isEmpty { return given }
        try Consent.require(
            [ActionPowers.Need(power: .programs, stages: recipes.sorted())],
            of: "bitlaw verify --repair", project: project)
        return try ReaderConsent(of: .person).ofRuns(in: project) { Confinement.works }
    }

    private func repair(of store: Store, _ consent: RunConsent) throws -> Repair {
        var options = RunOptions(
            jobs: Processors.count, worker: try WorkerStart.words(), person: .person,
            consent: consent)
        options.account = try Account.known()
        return Repair(
            store: store, registry: allKinds, options: options, runsAnyCommand: commands
        ) { event in
            if case .warning(let text) = event { Output.error("warning: \(text)\n") }
        }
    }

    /// The remotes of the project and the further stores.
    private func everyCopy(of store: Store) throws -> RemoteSession {
        let project = try Consent.project(of: "./x")
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        // A good copy counts wherever it stands: its digest is all the proof that it needs.
        var slots = try Sharing.slots(configuration.remotes, project: project)
        for layer in store.also {
            slots.append(
                RemoteSlot(
                    try DirectoryRemote(name: layer, path: layer, creating: false), trust: .any))
        }
        let session = RemoteSession(store: store, slots: slots)
        session.onFailure = { Output.error("warning: \($0); going on without it\n") }
        return session
    }

    private func lines(_ report: RepairReport, _ alone: [Digest]) -> [String] {
        var lines = report.fetched.map { "fetched: \($0.hex)" }
        lines += report.remade.map { "made again: \($0.hex)" }
        lines += report.accessories.map {
            "not restored: \($0.hex): the description of a key, or a log; its result is as good "
                + "without it"
        }
        lines += report.lost.map { "lost: \($0.digest.hex): \($0.reason)" }
        lines += alone.map { "single point of loss: \($0.hex): no recipe and no other copy" }
        return lines + [
            "\(counted(report.fetched.count, "blob")) fetched, \(report.remade.count) made again, "
                + "\(report.lost.count) lost; \(counted(alone.count, "has", "have")) no recipe and no "
                + "other copy"
        ]
    }

    private func json(_ report: RepairReport, _ alone: [Digest], _ found: VerifyListing) -> JSON {
        [
            "found": found.json,
            "fetched": .array(report.fetched.map { .string($0.hex) }),
            "remade": .array(report.remade.map { .string($0.hex) }),
            "accessories": .array(report.accessories.map { .string($0.hex) }),
            "lost": .array(
                report.lost.map {
                    ["digest": .string($0.digest.hex), "reason": .string($0.reason)]
                }
            ),
            "singlePoints": .array(alone.map { .string($0.hex) }),
        ]
    }
}
