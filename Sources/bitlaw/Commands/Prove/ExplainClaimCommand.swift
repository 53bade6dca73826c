import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import Run
import System
import Workbench

/// Says where a number comes from.
struct ExplainClaimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "of",
        abstract: "Say where a number comes from: the chain back to the sources.",
        discussion: """
            Looks among the claims first, then among every number of every JSON document and table \
            that the experiment gave. Without a file it looks among the claims of every \
            pipelines/*.claims.yaml; those whose experiment has no results yet are passed over.

            EXAMPLE
              bitlaw claims of 0.347
              bitlaw claims of 0.347 pipelines/spiral-small.claims.yaml
            """)

    @Argument(help: "The number as it is printed, or a claim's name.")
    var number: String

    @Argument(
        help: "The claims file (default: every pipelines/*.claims.yaml).",
        completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @OptionGroup var common: StoreOptions

    func run() throws {
        let written = WrittenNumber(number)
        if let file {
            let open = try OpenClaims(file, common)
            if try explain(open, written) { return }
            return try searchOutputs(open, written, file)
        }
        try common.enter()
        let files = try namesInFolder("pipelines").filter { $0.hasSuffix(".claims.yaml") }
        var isFound = false
        for name in files {
            let open = try OpenClaims("pipelines/\(name)", common)
            if try explain(open, written) { isFound = true }
        }
        if isFound { return }
        Output.line(
            "no claim of \(counted(files.count, "file")) in pipelines/ says \(number); with a claims "
                + "file the outputs of its experiment are searched too")
        throw ExitCode(Code.failed)
    }

    /// Prints every claim that says the number, with its chain; whether there was one.
    private func explain(_ open: OpenClaims, _ written: WrittenNumber?) throws -> Bool {
        var isFound = false
        for check in try open.checks() {
            let isValue =
                check.claim.name == number || check.claim.printed == number
                || check.found == number
                || written.map { written in check.number.map(written.isRounding) ?? false } ?? false
            guard isValue else { continue }
            isFound = true
            for line in check.lines { Output.line(line) }
            if !check.claim.statement.isEmpty { Output.line("  \"\(check.claim.statement)\"") }
            for action in check.actions.prefix(ExplainClaimCommand.mostChains) {
                for line in Lineage(of: action, in: open.graph).lines(open.now) {
                    Output.line("  \(line)")
                }
            }
            let left = check.actions.count - ExplainClaimCommand.mostChains
            if left > 0 { Output.line("  and from \(counted(left, "more action"))") }
        }
        return isFound
    }

    /// The most actions whose chains are printed for one claim.
    private static let mostChains = 4

    private func searchOutputs(_ open: OpenClaims, _ written: WrittenNumber?, _ file: String)
        throws
    {
        guard let written else {
            throw UsageError(
                text: "\(number): expected a claim's name or a number, found neither in \(file)")
        }
        Output.line(
            "no claim of \(file) says \(number); numbers of the experiment that round to it:")
        let found = try search(written, open)
        for place in found.prefix(20) { Output.line("  \(place.text)") }
        guard let first = found.first else {
            Output.line("  none")
            throw ExitCode(Code.failed)
        }
        if found.count > 20 { Output.line("  and \(found.count - 20) more") }
        Output.line("the first of them comes from:")
        for line in Lineage(of: first.action, in: open.graph).lines(open.now) {
            Output.line("  \(line)")
        }
    }

    /// Numbers of any output that round to the written one, those of the last stages first.
    private func search(
        _ written: WrittenNumber, _ open: OpenClaims
    ) throws -> [(action: String, text: String)] {
        var found: [(action: String, text: String)] = []
        let formats = StandardFormats()
        for action in open.graph.actions.reversed() {
            let kind = open.graph.stage(of: action).kind
            for output in open.now[action.name]?.outputs ?? [] {
                let fileName = kind.outputs.first { $0.name == output.name }?.fileName ?? ""
                guard fileName.hasSuffix(".json") || fileName.hasSuffix(".csv"),
                    let bytes = try open.store.bytes(of: output.digest)
                else { continue }
                for (place, value) in formats.numbers(in: bytes, fileName: fileName)
                where written.isRounding(of: value) {
                    found.append(
                        (action.name, "\(action.name)/\(output.name): \(place) = \(value)"))
                }
            }
        }
        return found
    }
}
