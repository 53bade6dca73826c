package import Canon
import Experiment
package import LocalStore
import Synchronization
package import System

/// The interpreters and programs that a stage starts, as they are found where it runs.
package struct StartedInterpreters: Sendable, Equatable {
    /// What is known of each by its name, such as `python3`.
    private let versions: [String: String]

    /// Looks for what words name.
    ///
    /// - Parameters:
    ///   - words: a program and its arguments, or the text of a shell's script.
    ///   - person: the variables of the person, on whose `PATH` they are looked for.
    ///   - tools: folders of programs that come before it.
    ///   - isConfined: whether programs are confined here.
    package init(
        in words: [String], person: EnvironmentVariables, tools: [String] = [], isConfined: Bool
    ) {
        let folders = (tools + [person["PATH"] ?? ""]).joined(separator: ":")
        var versions: [String: String] = [:]
        for (number, name) in ToolFolders.names(in: words).enumerated() where versions.count < 8 {
            let last = ProjectFolder.name(of: name)
            // The program itself, and what its script starts where that is an interpreter.
            guard number == 0 || ProgramVersion.isInterpreter(last), isSafeName(last),
                let found = ChildProcess.find(name, folders),
                let version = ProgramVersion(
                    of: ShimTarget.program(behind: found, person), person: person,
                    isConfined: isConfined)
            else { continue }
            versions[last] = version.text
        }
        self.versions = versions
    }

    /// Looks for those of an action, as its parameters name them.
    package init(
        of parameters: [String: JSON], project: String, person: EnvironmentVariables,
        isConfined: Bool
    ) {
        let program = ProgramParameters.of(parameters)
        let source = ToolSource(project: project, person: person) { try Digest(ofFileAt: $0) }
        let places = (program["tools"]?.members ?? [:]).sorted { $0.key < $1.key }
            .compactMap { $0.value.text }
        self.init(
            in: program["run"].flatMap { ProgramWords(json: $0) }?.texts ?? [], person: person,
            tools: places.compactMap { source.path(of: $0).map { "\($0)/bin" } },
            isConfined: isConfined)
    }

    /// The facts of a result that they made here, with these variables of the person.
    package func facts(passing variables: PassedVariables) -> MadeWith {
        var facts = MachineFacts.here.merging(variables.facts) { first, _ in first }
        for (name, version) in versions { facts["program.\(name)"] = version }
        return MadeWith(facts)
    }
}

extension ProgramWords {
    /// The words as far as they are known before a program starts: without paths and seeds.
    fileprivate var texts: [String] {
        func text(_ word: [ProgramPiece]) -> String {
            word.map { piece in
                switch piece {
                case .text(let text), .value(let text): text
                default: ""
                }
            }.joined()
        }
        return switch self {
        case .list(let words): words.map(text)
        case .script(let pieces): ["sh", "-eu", "-c", text(pieces)]
        }
    }
}
