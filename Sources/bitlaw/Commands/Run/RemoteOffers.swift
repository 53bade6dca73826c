import Canon
import Evidence
import Experiment
import LocalStore
import Remotes
import Run

/// What the remotes of a project have of an experiment that the store lacks.
struct RemoteOffers {
    /// The remote that each action's result would come from.
    private(set) var remote: [Int: String] = [:]
    private var counts: [String: Int] = [:]
    private var bytes: [String: Int] = [:]
    private var refusals: [(name: String, remote: String, reason: String)] = []

    /// Asks every remote that `run` would ask; one that does not work is said on standard error.
    init(_ graph: ActionGraph, _ store: Store, _ selection: RunSelection) throws {
        let configuration = try ProjectConfiguration.load(project: graph.project, for: .person)
        if let remote = configuration.withheldRemotes.first {
            throw Consent.refusal(remote.name, project: graph.project)
        }
        guard !configuration.readRemotes.isEmpty else {
            throw UsageError(
                text: "--remotes: no remote is configured\n"
                    + "  fix: name one under `remotes:` in bitlaw.yaml")
        }
        let session = RemoteSession(
            store: store,
            slots: try Sharing.slots(configuration.readRemotes, project: graph.project))
        session.onFailure = { Output.error("warning: \($0); going on without it\n") }
        let pull = try Pull.look(
            graph: graph, store: store, registry: allKinds, session: session,
            targets: selection.choice.named)
        for item in pull.items {
            switch item.outcome {
            case .fetched(_, let name):
                remote[item.action] = name
                counts[name, default: 0] += 1
            case .refused(let name, let reason):
                refusals.append((graph.actions[item.action].name, name, reason))
            case .absent: break
            }
        }
        bytes = pull.bytes(missingFrom: store)
    }

    /// For people.
    var lines: [String] {
        counts.sorted { $0.key < $1.key }.map { name, count in
            "\(counted(count, "result")) would come from \(name) "
                + "(\(ByteCount.text(bytes[name] ?? 0)))"
        }
            + refusals.prefix(5).map { "not taken from \($0.remote): \($0.name): \($0.reason)" }
            + (refusals.count > 5 ? ["not taken: \(refusals.count - 5) more"] : [])
    }

    /// For programs.
    var json: JSON {
        .array(
            counts.sorted { $0.key < $1.key }.map { name, count in
                [
                    "remote": .string(name), "results": .number(Double(count)),
                    "bytes": .number(Double(bytes[name] ?? 0)),
                ]
            })
    }
}
