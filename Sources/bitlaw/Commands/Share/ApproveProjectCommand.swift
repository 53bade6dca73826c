import ArgumentParser
import Canon
import Experiment
import Remotes
import Run
import System

/// Approves what a project asks for.
struct ApproveProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Approve what a project asks for: its programs, remotes, folders, looser rules.",
        discussion: """
            A project is data until you say otherwise: it starts no program, and sends and reads nothing \
            beyond its folder. What you approve is kept in ~/.config/bitlaw, for this folder and all that \
            is in it. It is asked again only when the list grows, not when a script or a stage is edited. \
            `programs: allowed` in ~/.config/bitlaw/config.yaml approves the programs of every project.

            EXAMPLE
              bitlaw trust                      # shows the list, and asks
              bitlaw trust ~/papers/law --yes
              bitlaw trust --read /scratch/me   # data -> /scratch/me
              bitlaw trust --list
              bitlaw trust --revoke
            """)

    @Argument(
        help: "The folder of the project, or a folder or an experiment file in it.",
        completion: .directory)
    var folder = "."

    @Flag(help: "Approve without being asked.")
    var yes = false

    @Option(
        help: "A place outside, to which a link of the project leads; may be repeated.",
        completion: .directory)
    var read: [String] = []

    @Option(
        help: "A place outside, to which `out` of the project leads; may be repeated.",
        completion: .directory)
    var write: [String] = []

    @Option(help: "A server of this machine or its network to download from; may be repeated.")
    var address: [String] = []

    @Flag(help: "Its programs too where they could be confined, for `bitlaw trace`.")
    var programs = false

    @Flag(help: "The network, for programs that ask for it (network: true).")
    var network = false

    @Option(help: "A variable of yours, for programs that ask for it (pass:); may be repeated.")
    var pass: [String] = []

    @Flag(help: "List what was approved, for every project.")
    var list = false

    @Flag(name: .long, help: "With --list: print JSON; `bitlaw schema trust` describes it.")
    var json = false

    @Flag(
        name: [.long, .customLong("withdraw")], help: "Take back all that was approved for FOLDER.")
    var revoke = false

    func validate() throws {
        if json && !list { throw ValidationError("--json: expected --list beside it") }
    }

    func run() throws {
        if list { return try printList() }
        if revoke { return try takeBack() }
        let project = try project()
        var approvals = try Approvals(of: .person)
        let powers =
            try ProjectConfiguration.powers(
                askedBy: project, of: .person, canConfine: Confinement.works && !programs)
            + read.map { .place(real($0)) } + write.map { .exports(into: real($0)) }
            + address.map(server) + (network ? [.network] : [])
            + pass.map(variable)
        let new = powers.filter { !approvals.hasGiven($0, to: project) }
        if powers.isEmpty {
            return Output.line("\(printable(project)) asks for nothing that needs your word")
        }
        Output.line("\(printable(project)) asks to")
        for power in powers {
            Output.line("  - \(power.text)\(new.contains(power) ? "" : " (approved)")")
        }
        if new.isEmpty { return Output.line("approved before, for everything in this folder") }
        if yes {
            Consent.tellOpenness(of: project)
        } else if !Consent.isAnswering || !Consent.confirm(new, project: project) {
            throw UsageError(
                text: "nothing was approved\n  fix: \(Consent.fix(project, new)) --yes")
        }
        try approvals.give(new, to: project)
        Output.line("approved, for everything in this folder")
    }

    /// The project that a folder is, or belongs to.
    private func project() throws -> String {
        let given = ProjectFolder.absolute(folder)
        if ProjectFolder.isFolder(given) {
            return ProjectFolder.real(try Consent.project(of: "\(given)/x"))
        }
        guard sizeOfFile(given) != nil else {
            throw UsageError(
                text: "\(printable(given)): expected the folder of a project, found none\n"
                    + "  fix: bitlaw trust FOLDER")
        }
        return ProjectFolder.real(try Consent.project(of: given))
    }

    private func real(_ path: String) -> String {
        ProjectFolder.real(ProjectFolder.absolute(path))
    }

    private func server(_ text: String) throws -> Power {
        guard let place = WebPlace(text) ?? WebPlace("http://\(text)") else {
            throw UsageError(
                text: "--address \(printable(text)): expected an address, such as "
                    + "http://127.0.0.1:8080")
        }
        return .requests(to: place.origin)
    }

    private func variable(_ name: String) throws -> Power {
        if let (message, advice) = ProgramParameters.refusal(ofVariable: name) {
            throw UsageError(text: "--pass: \(message)\n  \(advice)")
        }
        return .variable(name)
    }

    private func takeBack() throws {
        let given = ProjectFolder.absolute(folder)
        var approvals = try Approvals(of: .person)
        let project = (try? project()) ?? given
        guard try approvals.revoke(from: project) else {
            return Output.line("\(printable(project)): nothing was approved")
        }
        Output.line("\(printable(project)): nothing is approved any more")
    }

    private func printList() throws {
        let all = try Approvals(of: .person).list
        if json {
            return Output.document(
                [
                    "projects": .array(
                        all.map { project, powers in
                            [
                                "project": .string(project),
                                "powers": .array(powers.map { .string($0) }),
                            ]
                        })
                ], .trustList)
        }
        if all.isEmpty { return Output.line("nothing is approved") }
        for (project, powers) in all {
            Output.line("\(printable(project)) may")
            for power in powers { Output.line("  - \(printable(power))") }
        }
    }
}
