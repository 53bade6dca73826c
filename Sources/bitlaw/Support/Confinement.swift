import System

/// Whether the programs of experiments can be confined on this machine.
enum Confinement {
    /// What a trial start found out, once a process.
    static let here: SandboxTrial = SandboxTrial.run(
        .person, scratch: EnvironmentVariables.person.temporaryFolder)
}
