import Synchronization

/// What the shim of a version manager starts.
package enum ShimTarget {
    /// Answers of version managers: asking takes a tenth of a second.
    private static let known = Mutex<[String: String]>([:])

    /// The program that a path stands for: what a shim starts, else itself.
    package static func program(behind path: String, _ person: EnvironmentVariables) -> String {
        let isShim = ProjectFolder.folder(of: path).hasSuffix("/shims")
        return isShim ? of(path, person) ?? path : path
    }

    /// Asks pyenv, rbenv and their relatives, or asdf, by `which`; `nil` where none answers.
    private static func of(_ shim: String, _ person: EnvironmentVariables) -> String? {
        if let answer = known.withLock({ $0[shim] }) { return answer.isEmpty ? nil : answer }
        let root = ProjectFolder.folder(of: ProjectFolder.folder(of: shim))
        let name = shim.split(separator: "/").last.map(String.init) ?? ""
        var answer = ""
        for manager in ["pyenv", "rbenv", "nodenv", "plenv", "goenv", "asdf"] where answer.isEmpty {
            for place in ["\(root)/bin/\(manager)", "\(root)/libexec/\(manager)"]
            where answer.isEmpty && ChildProcess.isProgram(place) {
                let variables =
                    person.words(["PATH", "HOME"]) + ["\(manager.uppercased())_ROOT=\(root)"]
                answer = ask([place, "which", name], variables) ?? ""
            }
        }
        known.withLock { $0[shim] = answer }
        return answer.isEmpty ? nil : answer
    }

    private static func ask(_ words: [String], _ variables: [String]) -> String? {
        let answer = try? ProgramAnswer(of: words, environment: variables, errors: false)
        guard let answer, answer.status == 0 else { return nil }
        return answer.line.flatMap { ChildProcess.isProgram($0) ? $0 : nil }
    }
}
