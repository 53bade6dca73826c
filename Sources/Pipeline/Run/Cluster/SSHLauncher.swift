import Canon
package import System

/// Starts pilots on hosts by ssh: nothing has to be installed there but the program.
///
/// A pilot does not end with the connection. Its name is `HOST:PROCESS`.
package struct SSHLauncher: Launcher {
    private static let patience = 30.0

    private let executor: ExecutorConfiguration
    private let person: EnvironmentVariables
    private let folder: String

    /// Prepares to start pilots of an executor that work in a folder, which all hosts see.
    package init(
        _ executor: ExecutorConfiguration, person: EnvironmentVariables, folder: String
    ) {
        self.executor = executor
        self.person = person
        self.folder = folder
    }

    private var hosts: [String] {
        if case .ssh(let hosts, _) = executor.means { hosts } else { [] }
    }

    /// The hosts.
    package var places: [String] { hosts }

    /// Starts a short program on a host, in the folder of the project.
    package func begin(_ words: [String], at place: String, seconds: Double) throws -> TimedProgram
    {
        var words = words
        if let program { words[0] = program }
        let variables = ["env"] + person.words(["BITLAW_CONFIG"])
        return try begin(
            place, "cd \(ShellWords.quoted([folder])) && \(ShellWords.quoted(variables + words))",
            seconds: seconds)
    }

    private func begin(
        _ host: String, _ command: String, seconds: Double = SSHLauncher.patience
    ) throws -> TimedProgram {
        do {
            return try TimedProgram(
                ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", host, command],
                environment: person.words, seconds: seconds)
        } catch let error as OperationalError where error.code == .missing {
            throw LauncherError(
                message: "ssh: no such program; expected it on PATH",
                remedy: "install an SSH client", isPassing: false)
        }
    }

    /// Looks whether each host lets us in without a question, sees the folder and has the program.
    package func check() throws {
        for host in hosts {
            let program = program ?? linkTarget("/proc/self/exe") ?? "bitlaw"
            let answer = try begin(
                host,
                "cd \(ShellWords.quoted([folder])) && \(ShellWords.quoted([program])) --version"
            ).wait()
            if !answer.isGood { throw SSHLauncher.error(host, answer) }
        }
    }

    private var program: String? {
        if case .ssh(_, let program) = executor.means { program } else { nil }
    }

    /// Starts pilots, one after the other on the hosts.
    package func submit(_ order: PilotOrder, count: Int, of run: ClusterFolder) throws -> [String] {
        var words = order.words
        if let program { words[0] = program }
        let variables = person.words(["BITLAW_CONFIG", "BITLAW_NUMERICS", "BITLAW_ISA"])
        var pilots: [String] = []
        for number in 0..<count {
            let host = hosts[number % hosts.count]
            let named = variables + ["BITLAW_PILOT_HOST=\(host)"]
            let command =
                "cd \(ShellWords.quoted([folder])) && "
                + ShellWords.leaving(["env"] + named + words, logs: "\(order.logs)\(host):")
            let answer = try begin(host, command).wait()
            guard answer.isGood, let line = answer.output.split(separator: "\n").last,
                let process = Int(line)
            else {
                if !pilots.isEmpty { return pilots }
                throw SSHLauncher.error(host, answer)
            }
            pilots.append("\(host):\(process)")
        }
        return pilots
    }

    private func processes(_ pilots: [String], on host: String) -> String {
        pilots.filter { $0.hasPrefix("\(host):") }.map { String($0.dropFirst(host.utf8.count + 1)) }
            .filter { Int($0) != nil }.joined(separator: " ")
    }

    /// One question for each host.
    package func ask(about pilots: [String], of run: ClusterFolder) throws -> [TimedProgram] {
        try hosts.map { host in
            try begin(
                host,
                "for p in \(processes(pilots, on: host)); do "
                    + "grep -qs \(ShellWords.quoted([run.name])) /proc/$p/cmdline && echo $p; done; "
                    + "true")
        }
    }

    /// Reads the numbers of the processes that are there; a host that does not answer has said nothing.
    package func states(
        of pilots: [String], in run: ClusterFolder, _ answers: [TimedProgram.Answer]
    ) -> [String: PilotState]? {
        var states: [String: PilotState] = [:]
        for (host, answer) in zip(hosts, answers) {
            guard answer.isGood else {
                for pilot in pilots where pilot.hasPrefix("\(host):") {
                    states[pilot] = .waiting("\(host): \(answer.words)")
                }
                continue
            }
            for line in answer.output.split(separator: "\n") {
                states["\(host):\(line)"] = .running
            }
        }
        return states
    }

    /// Asks pilots to end; what they run has its time in either case.
    ///
    /// None of them waits to begin.
    package func cancel(
        _ pilots: [String], of run: ClusterFolder, _ how: PilotCancellation
    ) throws {
        if how == .waiting { return }
        for host in hosts {
            let numbers = processes(pilots, on: host)
            if numbers.isEmpty { continue }
            _ = try begin(
                host,
                "for p in \(numbers); do grep -qs \(ShellWords.quoted([run.name])) "
                    + "/proc/$p/cmdline && kill $p; done; true"
            ).wait()
        }
    }

    private static func error(_ host: String, _ answer: TimedProgram.Answer) -> LauncherError {
        LauncherError(
            message: "ssh \(host): \(answer.words)",
            remedy:
                "ssh -o BatchMode=yes \(host) has to work without a question, and the folder of "
                + "the project and the program have to be there",
            isPassing: false)
    }
}
