package import Canon
package import Experiment
package import LocalStore
package import System
package import Trust

/// What a run is asked for.
package struct RunOptions: Sendable {
    /// How many workers at most.
    package var jobs: Int
    /// Whether the first failure ends the run.
    package var failsFast: Bool
    /// How closely stored outputs are looked at.
    package var check = OutputCheck.headers
    /// What of the experiment is run.
    package var selection: RunSelection
    /// Whether results that programs of others made with other tools than are here are made again.
    package var asksForSameTools = false
    /// The command that starts a worker; store arguments are added.
    package var worker: [String]
    /// The command that starts the process that asks remotes; empty where there are none.
    package var transfer: [String]
    /// The variables of the person who runs it: workers get some of them, what asks remotes gets all.
    package var person: EnvironmentVariables
    /// The only results that count besides those that the run itself makes; `nil` where the store's count.
    ///
    /// With it nothing goes on from a state that was kept, and files are hashed anew each time.
    package var believed: [Digest: ActionResult]?
    /// What the reader of the project lets the run do.
    package var consent: RunConsent
    /// Signs what is executed, where the store asks for signatures.
    package var signer: SigningKey?
    /// Whose secret authenticates what is executed; without one, none of it is this account's later.
    package var account: AccountSecret?
    /// Which new results have to come out twice.
    package var doubleCheck = DoubleCheck.whereAsked
    /// What is known of the formats of outputs, to say how two executions differ.
    package var formats: (any OutputFormats)?
    /// The part of the run in one on a cluster; `nil` for a run of its own.
    package var cluster: ClusterPart?
    /// What of the machine the run may use.
    package var machine: MachineSize
    /// Describes where actions are executed, for the run record.
    ///
    /// Asked for only when a record is written. Neither host nor user nor path may be in it.
    package var environment: @Sendable () -> JSON

    /// Names options.
    package init(
        jobs: Int = 1, failsFast: Bool = false, selection: RunSelection = RunSelection(),
        worker: [String] = [],
        transfer: [String] = [], person: EnvironmentVariables, consent: RunConsent = .none,
        environment: @escaping @Sendable () -> JSON = { .null }
    ) {
        self.jobs = jobs
        self.failsFast = failsFast
        self.selection = selection
        self.worker = worker
        self.transfer = transfer
        self.person = person
        self.consent = consent
        self.environment = environment
        machine = .here(for: person)
    }
}

extension RunOptions {
    /// Where the actions of an experiment are executed.
    ///
    /// Whether its programs are confined is told where it has any.
    package func environment(of graph: ActionGraph) -> JSON {
        let environment = environment()
        guard let consent = consent.programs, var members = environment.members,
            graph.stages.contains(where: { $0.kind.runsForeignProgram })
        else { return environment }
        members["programs"] = .string(consent.rawValue)
        return .object(members)
    }
}
