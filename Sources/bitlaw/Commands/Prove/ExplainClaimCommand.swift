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
            let found = try claims(of: open, written)
            if !found.isEmpty { return tell(found) }
            return try searchOutputs(open, written, file)
        }
        try common.enter()
        let files = try namesInFolder("pipelines").filter { $0.hasSuffix(".claims.yaml") }
        let found = try files.flatMap { name in
            try claims(of: OpenClaims("pipelines/\(name)", common), written)
        }
        if found.isEmpty && !common.json {
            Output.line(
                "no claim of \(counted(files.count, "file")) in pipelines/ says \(number); with a claims "
                    + "file the outputs of its experiment are searched too")
        } else {
            tell(found)
        }
        if found.isEmpty { throw ExitCode(Code.failed) }
    }

    /// A claim that says the number, and the chain of each action that it is read from.
    private struct Origin {
        let check: ClaimCheck
        let chains: [[String]]
    }

    /// Every claim of a file that says the number.
    private func claims(of open: OpenClaims, _ written: WrittenNumber?) throws -> [Origin] {
        try open.checks().filter { check in
            check.claim.name == number || check.claim.printed == number || check.found == number
                || written.map { written in check.number.map(written.isRounding) ?? false } ?? false
        }.map { check in
            let actions = check.actions.prefix(ExplainClaimCommand.mostChains)
            return Origin(
                check: check,
                chains: actions.map { Lineage(of: $0, in: open.graph).lines(open.now) })
        }
    }

    /// Prints claims with their chains.
    private func tell(_ found: [Origin]) {
        if common.json { return tell(claims: found, numbers: [], chain: []) }
        for origin in found {
            let check = origin.check
            for line in check.lines { Output.line(line) }
            if !check.claim.statement.isEmpty { Output.line("  \"\(check.claim.statement)\"") }
            for line in origin.chains.joined() { Output.line("  \(line)") }
            let left = check.actions.count - origin.chains.count
            if left > 0 { Output.line("  and from \(counted(left, "more action"))") }
        }
    }

    /// Prints for programs what was found.
    private func tell(claims: [Origin], numbers: [Place], chain: [String]) {
        func texts(_ lines: [String]) -> JSON { .array(lines.map { .string($0) }) }
        Output.document(
            [
                "number": .string(number),
                "claims": .array(
                    claims.map {
                        [
                            "claim": $0.check.json,
                            "statement": .string($0.check.claim.statement),
                            "chains": .array($0.chains.map(texts)),
                        ]
                    }),
                "numbers": .array(
                    numbers.map {
                        [
                            "action": .string($0.action), "output": .string($0.output),
                            "place": .string($0.place), "value": .number($0.value),
                        ]
                    }), "chain": texts(chain),
            ], .claimsOf)
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
        let found = try search(written, open)
        let chain = found.first.map { Lineage(of: $0.action, in: open.graph).lines(open.now) } ?? []
        if common.json {
            tell(claims: [], numbers: found, chain: chain)
        } else {
            Output.line(
                "no claim of \(file) says \(number); numbers of the experiment that round to it:")
            for place in found.prefix(20) { Output.line("  \(place.text)") }
            if found.count > 20 { Output.line("  and \(found.count - 20) more") }
            Output.line(found.isEmpty ? "  none" : "the first of them comes from:")
            for line in chain { Output.line("  \(line)") }
        }
        if found.isEmpty { throw ExitCode(Code.failed) }
    }

    /// A number of an output.
    private struct Place {
        let action, output, place: String
        let value: Double

        /// For people.
        var text: String { "\(action)/\(output): \(place) = \(value)" }
    }

    /// Numbers of any output that round to the written one, those of the last stages first.
    private func search(_ written: WrittenNumber, _ open: OpenClaims) throws -> [Place] {
        var found: [Place] = []
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
                        Place(
                            action: action.name, output: output.name, place: place, value: value))
                }
            }
        }
        return found
    }
}
