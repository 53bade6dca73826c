import Canon
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

    /// The environment of a program of ours: the same everywhere but for where programs are found.
    func command(home: String, path: String? = nil) -> [String] {
        (path.map { ["PATH=\($0)"] } ?? person.words(["PATH"]))
            + ProgramVariables.everywhere + ["HOME=\(home)"]
    }

    private static let everywhere = ["LC_ALL=C.UTF-8", "TZ=UTC"]

    /// The variables that are the same for everybody who starts a program; what the stage gives it counts
    /// before them.
    package static func fixed(_ call: ProgramCall) -> [String] {
        everywhere
            + PinnedPaths.words(
                isPinned: call.isPinned, besides: Set(call.environment.map { $0.name }))
    }

    /// Variables in layers: those of a later one stand in the place of those with the same names.
    static func joined(_ layers: [String]...) -> [String] {
        layers.reduce([]) { below, layer in
            let names = Set(layer.map(EnvironmentVariables.name))
            return below.filter { !names.contains(EnvironmentVariables.name(of: $0)) } + layer
        }
    }

    /// The path of a program by its name.
    func find(_ name: String) -> String? { ChildProcess.find(name, person["PATH"]) }

    /// The tools outside the system that words name.
    func tools(for words: [String], hidden: [String]) -> ToolFolders {
        ToolFolders(for: words, person: person, hidden: hidden)
    }

    /// The interpreters that words name, as they are found here: in folders of tools first.
    func interpreters(in words: [String], tools: [String], isConfined: Bool) -> StartedInterpreters
    {
        StartedInterpreters(in: words, person: person, tools: tools, isConfined: isConfined)
    }

    /// The person's `PATH` with folders before it.
    func path(with folders: [String]) -> String {
        (folders + [person["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]).joined(separator: ":")
    }

    /// Looks for tools of a project.
    func toolSource(project: String, digest: @escaping (String) throws -> Digest) -> ToolSource {
        ToolSource(project: project, person: person, digest: digest)
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
