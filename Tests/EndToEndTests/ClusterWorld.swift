import TestSupport

/// A project whose person has an executor `lab`; Slurm's clients are scripts that start processes.
final class ClusterWorld {
    let project = Project()

    init(
        _ stages: String, partition: String = "main", pilots: Int = 3,
        programs: String = "unconfined"
    ) {
        project.write("pipelines/p.yaml", "experiment: p\nseed: 1\n\(stages)\n")
        project.write(
            "config/config.yaml",
            "programs: \(programs)\nexecutors:\n  lab: {slurm: {partition: \(partition), "
                + "pilots: \(pilots), idle: 2s, poll: 1s}}\n")
        project.shell(
            """
            mkdir -p slurm clients
            for client in sbatch squeue scancel sinfo scontrol; do
              ln -s '\(Repository.support("slurm.sh"))' clients/$client
            done
            """)
    }

    /// The variables of the person, before a command of a shell.
    var settings: String {
        "BITLAW_CONFIG='\(project.path)/config' FAKE_SLURM='\(project.path)/slurm' "
            + "PATH='\(project.path)/clients':\"$PATH\""
    }

    func bitlaw(_ arguments: String) -> Project.Outcome {
        project.bitlaw(arguments, environment: settings)
    }

    /// The lines that programs wrote, sorted.
    var executed: [Substring] { project.read("executed").split(separator: "\n").sorted() }
    /// What the clients were asked.
    var calls: String { project.read("slurm/calls") }
}
