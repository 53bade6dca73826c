import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// Reruns results apart and compares bits.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Make results again, apart from the store, and compare every output digest.",
        discussion: """
            Exit code 4 when an output differs; every difference is listed.

            EXAMPLE
              bitlaw audit pipelines/spiral.yaml --sample 10
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(name: .long, help: "How many actions, evenly spread (default: all).")
    var sample: Int?

    @Option(
        name: [.customShort("j", allowingJoined: true), .long],
        help: "How many workers (default: the CPUs).")
    var jobs: Int?

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        let workers = jobs ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let display: any RunDisplay =
            options.common.json || options.common.quiet || isatty(2) != 1
            ? QuietDisplay(graph: graph)
            : LiveDisplay(
                graph: graph, wanted: graph.actions.map { _ in sample == nil },
                history: DurationHistory(store: store, experiment: graph.experiment), jobs: workers)
        let scratch = try store.makeAttemptFolder()
        defer { scratch.remove() }
        let audit = try Audit.run(
            graph: graph, store: store, registry: allKinds, sample: sample, scratch: scratch.path,
            options: RunOptions(
                jobs: workers, worker: try WorkerStart.words())
        ) { if case .failed = $0 {} else { display.show($0) } }
        display.end()
        if options.common.json {
            Output.line(
                JSON.object([
                    "checked": .array(audit.checked.map { .string($0) }),
                    "missing": .array(audit.missing.map { .string($0) }),
                    "differences": .array(
                        audit.differences.map {
                            [
                                "action": .string($0.action), "kind": .string($0.kind),
                                "output": .string($0.output), "expected": .string($0.expected),
                                "found": .string($0.found),
                            ]
                        }),
                ]).canonicalText)
        } else {
            for difference in audit.differences {
                Output.line(
                    "differs: \(difference.action)/\(difference.output) (\(difference.kind))\n"
                        + "  expected: \(difference.expected)\n  found:    \(difference.found)")
            }
            if !audit.missing.isEmpty {
                Output.line("\(audit.missing.count) actions have no result to audit")
            }
            Output.line(
                audit.differences.isEmpty
                    ? "\(audit.checked.count) actions made again: every output bit-identical"
                    : "\(audit.differences.count) outputs differ in \(audit.checked.count) actions")
        }
        if !audit.differences.isEmpty { throw ExitCode(Code.difference) }
    }
}
