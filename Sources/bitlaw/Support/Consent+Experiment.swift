import Canon
import Experiment
import Glibc
import Run
import System

/// What an experiment may do because its reader said so.
extension Consent {
    /// Reads an experiment file; what its files reach outside the project has to be approved.
    static func load(_ path: String, settings: [String] = []) throws -> ActionGraph {
        let project = try project(of: path)
        let reader = try ReaderConsent(of: .person)
        try requireWithin(project, path, reader)
        return try ExperimentLoader.load(
            path: path, project: project, settings: settings, registry: allKinds
        ) { reader.isGiven(.place($0), to: project) }
    }

    /// Requires that an experiment file stands in its project, also behind its links: else it would have the
    /// powers of a folder that it is not in.
    private static func requireWithin(_ project: String, _ path: String, _ reader: ReaderConsent)
        throws
    {
        let name = ProjectFolder.path(of: path, below: project)
        guard let root = ProjectReach(project: project).root(of: name),
            !reader.isGiven(.place(root), to: project)
        else { return }
        throw UsageError(
            text:
                "\(printable(path)) stands outside its project \(printable(project)), where a link "
                + "leads: \(printable(root))\n  fix: name it by its own path; or look at it, then "
                + fix(project, [.place(root)]))
    }

    /// Requires what the execution of some actions needs, before anything runs.
    ///
    /// A person at a terminal is asked once, and the answer is kept. `executed` is only called where
    /// something is not approved.
    ///
    /// - Throws: ``UsageError`` with the command to type.
    static func require(for graph: ActionGraph, executed: () throws -> [Int]) throws -> RunConsent {
        let project = graph.project
        var given = try runs(of: graph)
        var indices: [Int]?
        if ActionPowers.mayBeNeeded(in: graph, beyond: given) {
            let found = try executed()
            let needs = ActionPowers.needed(by: found, in: graph, beyond: given)
            try require(needs, of: graph.file, project: project)
            given = try runs(of: graph)
            indices = found
        }
        if given.programs == .unconfined, case .fails(let reason, let remedy)? = Confinement.tried,
            try (indices ?? executed()).contains(where: { starts(graph.actions[$0], in: graph) })
        {
            Output.error(
                "warning: programs are not confined here: \(reason)\n  fix: \(remedy)\n")
        }
        return given
    }

    /// Requires the word of the reader for actions whose programs are started and not confined, though they
    /// could be.
    static func requireUnconfined(_ actions: [Int], of graph: ActionGraph) throws -> RunConsent {
        let reader = try ReaderConsent(of: .person)
        let given = reader.ofRuns(in: graph.project) { false }
        if given.programs == .unconfined { return given }
        let stages = actions.map { graph.stage(of: graph.actions[$0]).name }
        try require(
            [ActionPowers.Need(power: .programs, stages: stages)], of: graph.file,
            project: graph.project)
        return RunConsent(programs: .unconfined, addresses: given.addresses)
    }

    private static func starts(_ action: Action, in graph: ActionGraph) -> Bool {
        graph.stage(of: action).kind.runsForeignProgram
    }

    /// What the runs of an experiment may do; whether programs can be confined is tried where it has any.
    private static func runs(of graph: ActionGraph) throws -> RunConsent {
        let hasPrograms = graph.stages.contains { $0.kind.runsForeignProgram }
        return try ReaderConsent(of: .person).ofRuns(in: graph.project) {
            !hasPrograms || Confinement.works
        }
    }

    /// Requires powers of a project for what is to begin.
    static func require(_ needs: [ActionPowers.Need], of what: String, project: String) throws {
        let reader = try ReaderConsent(of: .person)
        let needs = needs.filter { !reader.isGiven($0.power, to: project) }
        if needs.isEmpty { return }
        let folder = Power.folder(project).map { [$0] } ?? []
        let lines = needs.map { need in
            "  - \(need.power.text)\n    here: \(printable(firstFew(need.stages)))\n"
        }.joined()
        let powers = folder + needs.map { $0.power }
        if isAnswering {
            Output.error("\(printable(what)) is to\n\(lines)")
            if confirm(powers, project: project) {
                var approvals = try Approvals(of: .person)
                return try approvals.give(powers, to: project)
            }
        }
        throw UsageError(
            text: "\(printable(what)) is to do what you did not approve, and nothing ran\n\(lines)"
                + "  fix: look at it, then \(fix(project, powers))")
    }

    /// Whether somebody sits at a terminal, who sees a question and can answer it.
    static var isAnswering: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// Asks whether a project may have these powers.
    static func confirm(_ powers: [Power], project: String) -> Bool {
        tellOpenness(of: project)
        Output.error(
            "This is kept for everything in \(printable(project)). Approve? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased())
    }

    /// Says who else decides what is in a folder that is to be approved.
    static func tellOpenness(of project: String) {
        if let reason = ProjectFolder.openness(of: project) {
            Output.error(
                "note: \(printable(project)): \(reason), and what others put there is approved too\n"
            )
        }
    }

    /// The command that approves some powers of a project.
    static func fix(_ project: String, _ powers: [Power]) -> String {
        fix(project)
            + powers.map { power in
                if power == .programs { return Confinement.works ? " --programs" : "" }
                return power.option.map { " \($0)" } ?? ""
            }.joined()
    }
}
