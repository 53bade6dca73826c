import ArgumentParser
import Canon
import Evidence

/// Prints what audits found, and ends with their exit code.
enum AuditText {
    /// Prints one audit; throws its exit code where it is not 0.
    ///
    /// `fix` is what helps where actions have no result to be compared with.
    static func show(_ report: AuditReport, asJSON: Bool, fix: String) throws {
        if asJSON {
            Output.line(report.json.canonicalText)
        } else {
            for action in report.actions {
                for line in action.lines { Output.line(line) }
            }
            summary(report, fix)
        }
        let isDifferent = report.actions.contains { $0.verdict == .different }
        if isDifferent { throw ExitCode(Code.difference) }
        let isIncomplete =
            report.actions.isEmpty
            || report.actions.contains { $0.verdict == .failed || $0.verdict == .missing }
        if isIncomplete { throw ExitCode(Code.failed) }
    }

    private static func summary(_ report: AuditReport, _ fix: String) {
        let compared = report.actions.filter { $0.verdict != .failed && $0.verdict != .missing }
        let failed = report.actions(.failed).count
        let missing = report.actions(.missing).count
        let differing = report.actions(.different)
        if !differing.isEmpty || !report.actions(.within).isEmpty {
            let lines = report.environmentDifferences
            if report.recorded.isEmpty {
                Output.line("no run recorded the environment in which these results were made")
            } else if lines.isEmpty {
                Output.line("the environment is the one in which these results were made")
            } else {
                Output.line("the environments differ (recorded → here):")
                for line in lines { Output.line("  \(line)") }
                if let isSame = report.hasSameArithmetic {
                    Output.line(
                        isSame
                            ? "the arithmetic is the same: the numeric battery gives the same bits there and here"
                            : "the arithmetic differs: the numeric battery gives other bits here; compare "
                                + "bitlaw doctor --numeric on both machines")
                }
            }
            let origins = Set(differing.flatMap { $0.entered })
            if !origins.isEmpty {
                Output.line("differences enter at: \(origins.sorted().joined(separator: ", "))")
            }
        }
        if missing > 0 {
            Output.line("\(missing) actions have no result to audit")
            Output.line("  fix: \(fix)")
        }
        if failed > 0 { Output.line("\(failed) actions could not be made again") }
        if report.isSample {
            Output.line("\(report.selection); with what they need, \(compared.count) actions")
        }
        let renamed = compared.count { $0.verdict == .identical && $0.key != $0.foundKey }
        if renamed > 0 {
            Output.line(
                "\(renamed) actions have the same bits under other keys than \(report.against) says"
            )
        }
        if compared.isEmpty {
            Output.line("nothing was compared")
            return
        }
        if report.differingOutputs == 0 {
            Output.line("\(compared.count) actions made again: every output bit-identical")
            return
        }
        let within = report.actions.reduce(0) { $0 + $1.outputs.count { $0.verdict == .within } }
        let different = report.differingOutputs - within
        let note = within > 0 ? ", \(within) more are within the tolerance" : ""
        Output.line("\(different) outputs differ in \(compared.count) actions\(note)")
    }

    /// Prints what several signers say; throws exit code 4 where they do not agree.
    static func show(_ agreement: Agreement, atLeast: Int, asJSON: Bool) throws {
        let short = agreement.actions.filter {
            !$0.isUnanimous || ($0.groups.first?.signers.count ?? 0) < atLeast
        }
        if asJSON {
            Output.line(
                JSON.object([
                    "signers": .array(agreement.signers.map { .string($0.hex) }),
                    "unsigned": .array(agreement.unsigned.map { .string($0) }),
                    "forged": .array(agreement.forged.map { .string($0.text) }),
                    "atLeast": .number(Double(atLeast)),
                    "notAgreed": .number(Double(short.count)),
                    "actions": .array(agreement.actions.map { $0.json }),
                ]).canonicalText)
        } else {
            for action in agreement.actions {
                for line in action.lines(total: agreement.signers.count) { Output.line(line) }
            }
            for one in agreement.forged { Output.line(one.text) }
            for path in agreement.unsigned {
                Output.line("not counted: \(path) is signed by none of the given keys")
            }
            Output.line(
                "\(agreement.actions.count - short.count) of \(agreement.actions.count) actions: "
                    + "\(agreement.signers.count) signers, at least \(atLeast) agree and none differ"
            )
        }
        if !short.isEmpty || !agreement.forged.isEmpty { throw ExitCode(Code.difference) }
        if agreement.actions.isEmpty { throw ExitCode(Code.failed) }
    }
}
