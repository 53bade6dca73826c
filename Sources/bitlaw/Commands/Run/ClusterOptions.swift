import ArgumentParser

/// Where the actions of a run are executed, if not here.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: """
            Execute on pilots of this executor of your config.yaml; `slurm` needs no entry there. The same \
            command attaches to a run that goes on.
            """)
    var on: String?

    @Flag(
        help: """
            With --on: start the pilots and return at once. With --stage-through a process stays here that \
            divides the work.
            """)
    var detach = false

    @Option(
        help: """
            With --on, where no store is shared: inputs and results go through this remote, which pilots and \
            this machine reach.
            """)
    var stageThrough: String?

    /// The run on a cluster a part of whose actions this process executes in a store of its own.
    @Option(help: .hidden)
    var staged: String?

    /// An action that it was given.
    @Option(help: .hidden)
    var action: [String] = []

    /// The run on a cluster whose pilot this process is.
    @Option(help: .hidden)
    var pilot: String?

    /// What the actions need that this pilot executes.
    @Option(help: .hidden)
    var need: String?

    func validate() throws {
        if detach && on == nil {
            throw ValidationError("--detach: expected --on EXECUTOR beside it")
        }
        if stageThrough != nil && on == nil && staged == nil {
            throw ValidationError("--stage-through: expected --on EXECUTOR beside it")
        }
    }
}
