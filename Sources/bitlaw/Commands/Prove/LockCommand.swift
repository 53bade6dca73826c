import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System

/// Writes the lock file of an experiment.
struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Write FILE.lock: the key and output digests that the experiment has to give.",
        discussion: """
            The file has one fact a line, and is meant for git. `bitlaw run --locked` then fails where a \
            result differs. Where you name actions, only their lines and those of what they need are \
            rewritten.

            EXAMPLE
              bitlaw lock pipelines/spiral.yaml
              bitlaw lock pipelines/spiral.yaml --where 'samples <= 1000'
              git add pipelines/spiral.yaml.lock
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        let path = LockFile.path(of: graph.file)
        let old = try LockFile.readIfAny(path)
        let wanted = try chosen.selection.wanted(in: graph)
        var list = try ResultList.complete(
            graph: graph, wanted: wanted, store: store, registry: allKinds)
        if let old, !chosen.selection.isAll { list = old.replacing(by: list, in: graph) }
        let text = list.lockText
        let differences = old.map {
            ResultDifference.list($0, list, document: store.keyDocument)
        }
        if old == nil || text != old?.lockText {
            try writeWholeFile(Array(text.utf8), to: path, .durable)
        }
        if options.common.json {
            return Output.document(
                [
                    "lock": .string(path), "actions": .number(Double(list.entries.count)),
                    "changed": differences.map { .number(Double($0.count)) } ?? .null,
                ], .lock)
        }
        for difference in differences ?? [] {
            for line in difference.lines { Output.line(line) }
        }
        let outputs = list.entries.reduce(0) { $0 + $1.outputs.count }
        let change = differences.map { ", \(counted($0.count, "action")) changed" } ?? ""
        Output.line(
            "\(path): \(counted(list.entries.count, "action")), \(counted(outputs, "output"))\(change)"
        )
    }
}
