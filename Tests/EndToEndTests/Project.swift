import Canon
import Glibc
import LocalStore
import TestSupport

/// A project in a folder of its own, and the built command run in it as a person would.
final class Project: Sendable {
    let path: String
    private let folder = TemporaryFolder(named: "prøject")
    /// The configuration of the person who works in it, unless a test names another: it lets programs run,
    /// and downloads come from this machine.
    private let person = TemporaryFolder(named: "pérson")

    /// The line of an audit whose programs were not confined, as those of ``person`` never are.
    static let notConfined =
        "programs: not confined: what they changed on this machine, this audit cannot tell\n"

    /// What a command gave back.
    struct Outcome {
        let code: CInt
        let output: String
        let error: String
    }

    init() {
        path = folder.path
        _ = unsafe mkdir("\(path)/pipelines", 0o777)
        person.write("config.yaml", "programs: unconfined\naddresses: [127.0.0.1]\n")
    }

    /// The command that was built beside the tests.
    static let command: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, 4095)
        let own = String(
            decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var folder = own.split(separator: "/").dropLast()
        while !folder.isEmpty {
            let candidate = "/" + folder.joined(separator: "/") + "/bitlaw"
            if unsafe access(candidate, X_OK) == 0 { return candidate }
            folder = folder.dropLast()
        }
        // Under a test helper the executable is elsewhere: the build folder is named on the command line.
        for argument in CommandLine.arguments where argument.contains(".build/") {
            var folder = argument.split(separator: "/").dropLast()
            while !folder.isEmpty {
                let candidate = "/" + folder.joined(separator: "/") + "/bitlaw"
                if unsafe access(candidate, X_OK) == 0 { return candidate }
                folder = folder.dropLast()
            }
        }
        return "bitlaw"
    }()

    /// Writes a file, and the folders above it.
    func write(_ name: String, _ text: String) {
        if let slash = name.lastIndex(of: "/") { shell("mkdir -p '\(name[..<slash])'") }
        folder.write(name, text)
    }

    func read(_ name: String) -> String { folder.text(name) }

    @discardableResult
    func shell(_ script: String) -> CInt {
        folder.run("export BITLAW_CONFIG='\(person.path)'; \(script)")
    }

    /// Runs the command with arguments as a shell reads them.
    func bitlaw(_ arguments: String, environment: String = "") -> Outcome {
        let tag = "\(UInt64.random(in: 0 ... .max))"
        let code = shell(
            "\(environment) '\(Project.command)' \(arguments) >.out-\(tag) 2>.err-\(tag) </dev/null"
        )
        defer { shell("rm -f .out-\(tag) .err-\(tag)") }
        return Outcome(code: code, output: read(".out-\(tag)"), error: read(".err-\(tag)"))
    }

    /// Every action's key with the digests of its outputs, as text that can be compared.
    func digests(_ store: String = ".cache") throws -> String {
        let store = try Store.open("\(path)/\(store)", creating: false)
        guard let name = try store.runNames().first, let run = try store.run(name) else {
            return ""
        }
        return (run["actions"]?.elements ?? []).map {
            "\($0["name"]?.text ?? "") \($0["key"]?.text ?? "") \($0["outputs"]?.canonicalText ?? "")"
        }.joined(separator: "\n")
    }
}

/// A small experiment of commands: a fan, a stage over each, and a sum.
let manyCells = """
    experiment: many
    seed: 1
    axes:
      i: {count: 12}
    stages:
      cell:
        kind: command
        over: [i]
        params: {run: [sh, -c, "echo cell ${i} ${seed}"]}
      next:
        kind: command
        over: [i]
        inputs: {inputs: cell}
        params: {run: [sh, -c, "cat ${inputs.inputs}; echo next"]}
      sum:
        kind: command
        inputs: {inputs: next}
        params: {run: [cat, "${inputs.inputs}"]}
    """
