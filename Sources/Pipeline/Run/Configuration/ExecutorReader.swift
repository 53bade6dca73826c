import Canon
import Experiment

/// Reads `executors` of a person's own configuration.
struct ExecutorReader {
    let diagnostics: Diagnostics

    private static let shared = [
        "pilots", "cpus", "memory", "time", "idle", "poll", "grace", "store",
    ]
    private static let slurm = ["partition", "account", "qos", "options"] + shared
    private static let ssh = ["hosts", "program"] + shared
    private static let units: [String: Double] = [
        "": 1, "s": 1, "m": 60, "h": 3600, "d": 86400,
    ]

    func read(_ name: YAMLKey, _ value: YAMLValue) -> ExecutorConfiguration? {
        guard
            let members = checkedMapping(
                value, "executor \(name.name)", ["slurm", "ssh"], diagnostics)
        else { return nil }
        guard members.count == 1, let (launcher, inner) = members.first else {
            diagnostics.add(
                "executor \(name.name) has \(members.isEmpty ? "no launcher" : "two launchers")",
                name.place, ["expected: one of slurm: {partition: cpu, …}, ssh: [HOST, …]"])
            return nil
        }
        return launcher == "slurm" ? readSlurm(name.name, inner) : readSSH(name.name, inner)
    }

    private func readSlurm(_ name: String, _ value: YAMLValue) -> ExecutorConfiguration? {
        guard let members = checkedMapping(value, "`slurm`", ExecutorReader.slurm, diagnostics)
        else { return nil }
        var executor = ExecutorConfiguration(
            name: name,
            means: .slurm(
                partition: members["partition"].flatMap { word($0, "partition") },
                account: members["account"].flatMap { word($0, "account") },
                quality: members["qos"].flatMap { word($0, "qos") },
                options: members["options"].map { words($0, "options") } ?? []))
        readShared(members, into: &executor)
        return executor
    }

    private func readSSH(_ name: String, _ value: YAMLValue) -> ExecutorConfiguration? {
        var hosts = value
        var members: [String: YAMLValue] = [:]
        if value.members != nil {
            guard let found = checkedMapping(value, "`ssh`", ExecutorReader.ssh, diagnostics)
            else { return nil }
            members = found
            guard let named = found["hosts"] else {
                diagnostics.add("`ssh` names no hosts", value.place, ["expected: hosts: [HOST, …]"])
                return nil
            }
            hosts = named
        }
        let names = words(hosts, "hosts")
        // A host that begins with a dash would be an option of ssh.
        guard !names.isEmpty, names.allSatisfy({ !$0.hasPrefix("-") && !$0.contains(" ") }) else {
            diagnostics.add(
                "`ssh` is \(hosts.found)", hosts.place,
                ["expected: a list of hosts, HOST or USER@HOST"])
            return nil
        }
        var executor = ExecutorConfiguration(
            name: name,
            means: .ssh(
                hosts: names, program: members["program"].flatMap { word($0, "program") }))
        executor.pilots = 1
        readShared(members, into: &executor)
        return executor
    }

    private func readShared(
        _ members: [String: YAMLValue], into executor: inout ExecutorConfiguration
    ) {
        executor.pilots = count(members["pilots"], "pilots", executor.pilots)
        executor.cpus = count(members["cpus"], "cpus", executor.cpus)
        executor.seconds = Int(seconds(members["time"], "time", Double(executor.seconds), 60))
        executor.idle = seconds(members["idle"], "idle", executor.idle, 1)
        executor.poll = seconds(members["poll"], "poll", executor.poll, 1)
        executor.grace = seconds(members["grace"], "grace", executor.grace, 1)
        executor.store = members["store"].flatMap { word($0, "store") }
        if let value = members["store"], executor.store?.hasPrefix("/") == false {
            refuse(value, "store", "an absolute path, on the machines of pilots")
        }
        if let memory = members["memory"] {
            executor.memory = ByteCount.read(memory.text ?? "")
            if executor.memory == nil { refuse(memory, "memory", "a text such as 4GB") }
        }
    }

    private func count(_ value: YAMLValue?, _ name: String, _ usual: Int) -> Int {
        guard let value else { return usual }
        if let number = value.json.integer, (1...100_000).contains(number) { return number }
        refuse(value, name, "a whole number from 1 to 100000")
        return usual
    }

    private func seconds(
        _ value: YAMLValue?, _ name: String, _ usual: Double, _ least: Double
    ) -> Double {
        guard let value else { return usual }
        var found = value.json.double
        if found == nil, let text = value.text {
            let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = ExecutorReader.units[String(text.dropFirst(digits.count))]
            if let number = Double(digits), let unit { found = number * unit }
        }
        if let found, (least...31_536_000).contains(found) { return found }
        refuse(value, name, "seconds from \(Int(least)) on, or a text such as 90s, 10m, 4h, 2d")
        return usual
    }

    private func word(_ value: YAMLValue, _ name: String) -> String? {
        if let text = value.text, !text.isEmpty, !text.hasPrefix("-") { return text }
        refuse(value, name, "a name")
        return nil
    }

    private func words(_ value: YAMLValue, _ name: String) -> [String] {
        if let elements = value.elements {
            let texts = elements.compactMap { $0.text }
            if texts.count == elements.count { return texts }
        }
        refuse(value, name, "a list of texts")
        return []
    }

    private func refuse(_ value: YAMLValue, _ name: String, _ expected: String) {
        diagnostics.add("`\(name)` is \(value.found)", value.place, ["expected: \(expected)"])
    }
}
