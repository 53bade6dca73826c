import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System
import Workbench

/// Prints parameters and results as a table.
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract:
            "Print a table: one row for each action, one column for each axis and measured value.",
        discussion: """
            Values are the numbers, texts and truth values in the JSON outputs of an action, by their \
            paths (test.loss), and the cells of a table of one row. Several stages stand side by side \
            where the axes that both have agree, as an experiment joins them.

            With --runs there is a row for each of several runs: newest, previous, the beginning of a \
            run's name, a lock file, a store, or a commit that has the lock file (HEAD~2).

            EXAMPLE
              bitlaw table pipelines/spiral.yaml neighbour --where 'k == 1' --mean replicate
              bitlaw table sweep.yaml train evaluate --columns 'n,width,test.*' --sort=-test.loss
              bitlaw table sweep.yaml train --runs newest,previous --format csv
            """)

    @Argument(help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Argument(
        help: "Stages, or parts of their sweeps such as 'train[n>=1000]'; the first has the rows.")
    var stages: [String] = []

    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            Only rows that hold this, over any columns, such as 'n <= 1000 and loss < 0.1'; may be \
            repeated.
            """,
            valueName: "condition"))
    var conditions: [String] = []

    @Option(help: "The columns, separated by commas; * stands for anything.")
    var columns: String?

    @Flag(
        help: """
            Every column of a law too (default for people: parameters, intervals, points, goodness of fit).
            """)
    var all = false

    @Option(help: "The order: columns, separated by commas; -NAME begins with the largest.")
    var sort: String?

    @Option(help: "One row for all points of these axes: means, deviations, and how many.")
    var mean: String?

    @Option(help: "The same with medians.")
    var median: String?

    @Option(help: "Results of these runs, lock files, stores or commits, separated by commas.")
    var runs: String?

    @Flag(help: "Also the parameters that differ between rows.")
    var parameters = false

    @Option(help: "text, csv, json, markdown, latex or npy.")
    var format: ResultTableFormat?

    @Option(help: "Write it into this file.")
    var to: String?

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    func validate() throws {
        if mean != nil && median != nil {
            throw ValidationError("expected --mean or --median, found both")
        }
        if all && columns != nil {
            throw ValidationError("expected --columns or --all, found both")
        }
        if let format, common.json, format != .json {
            throw ValidationError(
                "expected --json or --format \(format.rawValue), found both; --json is --format json"
            )
        }
    }

    func run() throws {
        // A pager shows what a terminal has no room for; runs and files are more than a look at results.
        guard runs == nil, to == nil, isatty(1) == 0, !stages.isEmpty else { return try show() }
        var options = ExperimentOptions()
        (options.experiment, options.setting, options.common) = (experiment, setting, common)
        try options.look(creating: false) { graph, store in
            let known = try KnownActions(graph, store)
            try shown { try joined(graph) { known.facts(of: $0) } }
            return known.plan
        }
    }

    private func show() throws {
        try common.enter()
        let graph = try setting.load(experiment)
        guard !stages.isEmpty else {
            throw UsageError(
                text: "expected a stage\n  expected: "
                    + graph.stages.map { $0.name }.joined(separator: ", "))
        }
        let store = try common.open(project: graph.project, creating: false)
        try shown { try table(graph, store) }
    }

    private func shown(_ table: () throws -> ResultTable) throws {
        do {
            try print(shaped(try table()))
        } catch let error as ResultTableError {
            throw UsageError(text: error.description)
        }
    }

    // MARK: Rows

    private func table(_ graph: ActionGraph, _ store: Store) throws -> ResultTable {
        let known = try KnownActions(graph, store)
        guard let runs else {
            return try joined(graph) { known.facts(of: $0) }
        }
        var sources = ResultSources(
            common: common, setting: setting, lock: LockFile.path(of: graph.file),
            experiment: graph.experiment)
        var tables: [(name: String, table: ResultTable)] = []
        for name in TableCommand.parts(runs) {
            let list = try sources.list(name)
            tables.append((name, try joined(graph) { known.facts(of: $0, in: list) }))
        }
        return ResultTable(runs: tables)
    }

    /// The tables of the stages, side by side.
    private func joined(_ graph: ActionGraph, _ facts: ([Int]) -> [ActionFacts]) throws
        -> ResultTable
    {
        var order: [String] = []
        var actions: [String: [Int]] = [:]
        for index in try Targets(stages).actions(in: graph) {
            let stage = graph.stage(of: graph.actions[index]).name
            if actions[stage] == nil { order.append(stage) }
            actions[stage, default: []].append(index)
        }
        var table: ResultTable?
        for stage in order {
            let own = ResultTable(
                facts((actions[stage] ?? []).sorted()), showsParameters: parameters)
            table = table?.joined(own, (own: order[0], other: stage)) ?? own
        }
        return table ?? ResultTable(columns: [], rows: [])
    }

    private func shaped(_ table: ResultTable) throws -> ResultTable {
        var table = table
        for condition in conditions { table = try table.filtered(condition) }
        if let axes = mean ?? median {
            table = try table.averaged(over: TableCommand.parts(axes), byMedian: median != nil)
        }
        if let sort { table = try table.sorted(by: TableCommand.parts(sort)) }
        if let columns { return try table.selecting(TableCommand.parts(columns)) }
        table = table.withoutEmptyColumns
        // A person looks at parameters and intervals first; a file for programs has all.
        return !all && form.isForPeople ? table.withoutDetails : table
    }

    private static func parts(_ text: String) -> [String] {
        text.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    // MARK: Output

    private var form: ResultTableFormat { format ?? (common.json ? .json : .text) }

    private func print(_ table: ResultTable) throws {
        let bytes = form.bytes(table)
        if let to {
            try writeWholeFile(bytes, to: to, .none)
            // Where a program reads, nothing but documents is printed.
            if common.json { Output.error("\(to)\n") } else if !common.quiet { Output.line(to) }
        } else if form == .text {
            try Pager.show(String(decoding: bytes, as: UTF8.self))
        } else {
            if form == .npy && isatty(1) == 1 {
                throw UsageError(
                    text: "--format npy: bytes that are no text for a terminal\n"
                        + "  fix: write them into a file, --to FILE.npy")
            }
            unsafe bytes.withUnsafeBytes { unsafe Output.write($0) }
        }
        if common.quiet || form == .json { return }
        Output.error(counted(table.rows.count, "row") + "\n")
        for remark in table.remarks { Output.error("  \(remark)\n") }
        if form.isForPeople {
            Output.error("  numbers have five digits here; --format csv has all\n")
        }
    }
}

extension ResultTableFormat: ExpressibleByArgument {}
