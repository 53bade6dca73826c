import Experiment
package import System

/// What of the person's environment reaches the programs that stages start.
///
/// It says where programs are found and, for downloads, how the network is reached. None of it is meant to
/// change a result.
package struct ProgramVariables: Sendable {
    private let person: EnvironmentVariables

    /// Takes what is needed from a person's variables.
    package init(_ person: EnvironmentVariables) {
        self.person = EnvironmentVariables(
            words: person.words(
                ["PATH", "HOME", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"]))
    }

    /// The environment of a command: the same everywhere but for where programs are found.
    func command(home: String, path: String? = nil) -> [String] {
        (path.map { ["PATH=\($0)"] } ?? person.words(["PATH"])) + [
            "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=\(home)", "OPENBLAS_NUM_THREADS=1",
        ]
    }

    /// The path of a program by its name.
    func find(_ name: String) -> String? { ChildProcess.find(name, person["PATH"]) }

    /// The tools outside the system that words name.
    func tools(for words: [String], hidden: [String]) -> ToolFolders {
        ToolFolders(for: words, person: person, hidden: hidden)
    }

    /// The interpreters that words name, as they are found here.
    func interpreters(in words: [String], isConfined: Bool) -> StartedInterpreters {
        StartedInterpreters(in: words, person: person, isConfined: isConfined)
    }

    /// Whether downloads of an address go through a proxy.
    func hasProxy(for url: String) -> Bool {
        let isEncrypted = url.lowercased().hasPrefix("https:")
        return person[isEncrypted ? "https_proxy" : "http_proxy"] != nil
    }

    /// The environment of a download.
    func download(home: String) -> [String] {
        command(home: home)
            + person.words(["http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"])
    }
}

extension StageContext {
    /// Whether the programs that the stage starts are confined.
    var confinesPrograms: Bool { service(ProgramConfinement.self) != .unconfined }

    /// The person's variables for programs; none where the stage is run without a program around it.
    var programVariables: ProgramVariables {
        service(ProgramVariables.self) ?? ProgramVariables(EnvironmentVariables())
    }
}
