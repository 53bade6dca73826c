package import System

extension ExecutorConfiguration {
    /// How many pilots of one class there are at most.
    var mostPilots: Int {
        if case .ssh(let hosts, _) = means { return pilots * hosts.count }
        return pilots
    }

    /// What starts its pilots.
    package func opened(for person: EnvironmentVariables, folder: String) -> any Launcher {
        switch means {
        case .slurm: SlurmLauncher(self, person: person)
        case .ssh: SSHLauncher(self, person: person, folder: folder)
        }
    }
}
