import ArgumentParser
import Canon
import Experiment
import LocalStore
import Remotes
import Run
import Workbench

/// Puts the parameters and numbers of two results side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two results: parameters that differ, numbers side by side.",
        discussion: """
            Each side is a run (newest, previous: of the experiment of the newest run, or of an experiment \
            file beside it; or the beginning of a name), an experiment file, a lock \
            file, a store, or a commit that has the lock file, such as HEAD~2:pipelines/x.yaml. Numbers \
            are means over the actions of a stage that both sides have, with the scatter of their \
            differences. `bitlaw diff` compares bits.

            EXAMPLE
              bitlaw compare previous newest
              bitlaw compare HEAD~2:pipelines/spiral.yaml pipelines/spiral.yaml
            """)

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    @Argument(help: "A run, an experiment file, a lock file, a store, or COMMIT:FILE.yaml.")
    var first: String

    @Argument(help: "What to compare it with, in the same forms.")
    var second: String

    @Flag(help: "Print every number that differs (default: twelve for each stage).")
    var all = false

    func run() throws {
        try common.enter()
        var sources = ResultSources(common: common, setting: setting)
        let (left, right) = (try sources.list(first), try sources.list(second))
        if let one = left.experiment, let other = right.experiment, one != other {
            throw UsageError(
                text:
                    "expected two results of one experiment, found \(visible(one)) in \(first) and "
                    + "\(visible(other)) in \(second)\n"
                    + "  fix: name two runs of it; bitlaw status FILE lists the last ones")
        }
        let (a, b) = (left.asFar(as: right), right.asFar(as: left))
        let stores = sources.stores
        let differences = ResultDifference.list(a, b) { key in
            stores.lazy.compactMap { $0.keyDocument(key) }.first
        }
        let report = ComparedResults(
            first: a, second: b, differences: differences,
            numbers: ResultComparison(
                StoredFacts(a, stores).facts, StoredFacts(b, stores).facts))
        if common.json {
            Output.document(report.json, .comparison)
        } else {
            for line in report.lines(mostNumbers: all ? .max : 12) { Output.line(line) }
        }
    }
}

/// The actions of a list with what stores have of their outputs.
struct StoredFacts {
    let facts: [ActionFacts]

    init(_ list: ResultList, _ stores: [Store]) {
        facts = list.entries.map { entry in
            let ports = EntryPorts.ports(of: entry, in: stores)
            return ActionFacts(
                name: entry.name, coordinates: [], state: "done",
                outputs: entry.outputs.map { output in
                    StageInput(
                        producer: entry.name, output: output.name, coordinates: [],
                        digest: output.digest,
                        name: ports.first { $0.name == output.name }?.fileName ?? "",
                        read: { try StoredFacts.bytes(output.digest, stores) },
                        place: { throw MissingCopy(digest: output.digest) })
                })
        }
    }

    /// Larger outputs are no metrics.
    private static let largest = 1 << 24

    private static func bytes(_ digest: Digest, _ stores: [Store]) throws -> [UInt8] {
        for store in stores {
            guard let size = try store.size(of: digest), size <= largest else { continue }
            if let bytes = try store.bytes(of: digest) { return bytes }
        }
        throw MissingCopy(digest: digest)
    }

    private struct MissingCopy: Error {
        let digest: Digest
    }
}
