import ArgumentParser
import Canon
import Glibc
import LocalStore
import Run
import System

/// Where the store is, and how to print.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "The store (default: BITLAW_STORE, bitlaw.yaml, or .cache in the project).")
    var store: String?

    @Option(name: .long, help: "A further store to read from; may be repeated.")
    var also: [String] = []

    @Option(name: .customShort("C"), help: "Work in this folder.")
    var folder: String?

    @Flag(name: .long, help: DocumentForm.help)
    var json = false

    @Flag(name: .shortAndLong, help: "Print less.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print more.")
    var verbose = false

    /// Goes to the folder of `-C`.
    func enter() throws {
        if let folder, unsafe chdir(folder) != 0 {
            throw UsageError(text: "-C \(folder): no such folder")
        }
    }

    /// Where the store of a project is, or would be.
    func place(of project: String) throws -> String {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        return ProjectFolder.absolute(place(of: project, configuration))
    }

    private func place(of project: String, _ configuration: ProjectConfiguration) -> String {
        store ?? EnvironmentVariables.person["BITLAW_STORE"] ?? configuration.store
            ?? ProjectConfiguration.usualStore(of: project)
    }

    /// Opens the store of a project.
    func open(
        project: String, creating: Bool = true, exclusive: Bool = false,
        waiting: Double = StorePresence.patience
    ) throws -> Store {
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        let given = store ?? EnvironmentVariables.person["BITLAW_STORE"]
        let path = place(of: project, configuration)
        try checkConsent(configuration, project: project, isGiven: given != nil)
        // A store that bitlaw.yaml names has its rule there, also where it is named again.
        let known = Set(configuration.stores.map(ProjectFolder.real))
        let also = also.filter { !known.contains(ProjectFolder.real($0)) }
        let opened = try Store.open(
            ProjectFolder.absolute(path),
            also: (also + configuration.stores).map(ProjectFolder.absolute),
            trust: try configuration.hasPolicies
                ? configuration.policies(try KeyStore(), also: also.count) : [],
            creating: creating, exclusive: exclusive, waiting: waiting)
        OpenStores.add(opened)
        return opened
    }

    /// Refuses a store that the project's file chose and nobody approved; says what else is left out.
    private func checkConsent(
        _ configuration: ProjectConfiguration, project: String, isGiven: Bool
    ) throws {
        for case .store(let path) in configuration.withheld where !isGiven {
            let isUsual = path == ProjectConfiguration.usualStore(of: project)
            throw UsageError(
                text:
                    "\(printable(project))/\(isUsual ? ".cache is a link that" : "bitlaw.yaml") puts the "
                    + "store outside the project, into \(printable(ProjectFolder.real(path))), and you "
                    + "did not approve it\n  fix: \(Consent.fix(project)), or name a store with --store"
            )
        }
        let rest = configuration.withheld.filter {
            switch $0 {
            case .mark, .layer, .looserRule: true
            default: false
            }
        }
        Consent.tell(rest, project: project)
    }
}
