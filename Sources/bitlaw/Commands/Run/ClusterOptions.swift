import ArgumentParser

/// Where the actions of a run are executed, if not here.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: """
            Execute on pilots of this executor of your config.yaml; `slurm` is there without a word. The \
            same command goes on with a run that was left.
            """)
    var on: String?

    @Flag(help: "With --on: start the pilots and return at once.")
    var detach = false

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
    }
}
