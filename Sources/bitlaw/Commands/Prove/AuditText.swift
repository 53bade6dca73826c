import ArgumentParser
import Canon
import Evidence
import Run

/// Prints what audits found, and ends with their exit code.
enum AuditText {
    /// Prints one audit; throws its exit code where it is not 0.
    ///
    /// `fix` is what helps where actions have no result to be compared with.
    static func show(_ report: AuditReport, asJSON: Bool, fix: String) throws {
        if asJSON {
            Output.document(report.json, .audit)
        } else {
            for action in report.actions {
                for line in action.lines { Output.line(line) }
            }
            summary(report, fix)
        }
        let isDifferent = report.actions.contains { $0.verdict >= .different }
        if isDifferent { throw ExitCode(Code.difference) }
        let isIncomplete =
            report.actions.isEmpty
            || report.actions.contains { $0.verdict == .failed || $0.verdict == .missing }
        if isIncomplete { throw ExitCode(Code.failed) }
    }

    private static func summary(_ report: AuditReport, _ fix: String) {
        let compared = report.actions.filter {
            ![.failed, .missing, .planted].contains($0.verdict)
        }
        for line in programs(report) { Output.line(line) }
        if [.different, .stated, .within].contains(where: { !report.actions($0).isEmpty }) {
            for line in causes(report) { Output.line(line) }
        }
        for line in gaps(report, fix) { Output.line(line) }
        for name in report.frozen { Output.line("\(name): frozen: not repeated") }
        for name in report.leftOut {
            Output.line("\(name): no result, a partial input left it out")
        }
        if report.isSample {
            Output.line(
                "\(report.selection); with what they need, \(counted(compared.count, "action"))")
        }
        let renamed = compared.count { $0.verdict == .identical && $0.key != $0.foundKey }
        if renamed > 0 {
            Output.line(
                counted(
                    renamed, "action has the same bits under another key",
                    "actions have the same bits under other keys")
                    + " than \(report.against) says")
        }
        for line in planted(report) { Output.line(line) }
        Output.line(verdict(report, compared.count))
    }

    /// Where differences may come from: the environments, and the actions at which they enter.
    private static func causes(_ report: AuditReport) -> [String] {
        var lines: [String] = []
        let differences = report.environmentDifferences
        if report.recorded.isEmpty {
            lines.append("no run recorded the environment in which these results were made")
        } else if differences.isEmpty {
            lines.append("the environment is the one in which these results were made")
        } else {
            lines.append("the environments differ (recorded → here):")
            lines += differences.map { "  \($0)" }
            switch report.hasSameArithmetic {
            case true?:
                lines.append(
                    "the arithmetic is the same: the numeric battery gives the same bits there and "
                        + "here")
            case false?:
                lines.append(
                    "the arithmetic differs: the numeric battery gives other bits here; compare "
                        + "bitlaw doctor --numeric on both machines")
            case nil: break
            }
        }
        let origins = Set(report.actions(.different).flatMap { $0.entered })
        if !origins.isEmpty {
            lines.append("differences enter at: \(origins.sorted().joined(separator: ", "))")
        }
        let followers = report.actions(.stated).count { $0.entered != [$0.name] }
        if followers > 0 {
            lines.append(
                "\(counted(followers, "action reads", "actions read")) what may differ, and cannot be "
                    + "verified from the sources; --each-alone gives each its recorded inputs")
        }
        return lines
    }

    /// What could not be compared, and what helps.
    private static func gaps(_ report: AuditReport, _ fix: String) -> [String] {
        var lines: [String] = []
        let (missing, failed) = (report.actions(.missing).count, report.actions(.failed).count)
        if missing > 0 {
            lines.append(counted(missing, "action has", "actions have") + " no result to audit")
            lines.append("  fix: \(fix)")
        }
        if failed > 0 { lines.append("\(counted(failed, "action")) could not be made again") }
        return lines
    }

    /// What an audit is worth in whose store a program wrote.
    private static func planted(_ report: AuditReport) -> [String] {
        let planted = report.actions(.planted).count
        if planted == 0 { return [] }
        return [
            "a program of this experiment wrote \(counted(planted, "result")) into the store of this audit: "
                + "nothing is certified",
            "  fix: read what its `command` stages do; an honest program does not write there",
        ]
    }

    /// The last line.
    private static func verdict(_ report: AuditReport, _ compared: Int) -> String {
        if compared == 0 { return "nothing was compared" }
        let actions = counted(compared, "action")
        let counts = [AuditReport.Verdict.different, .within, .stated].map(report.countOutputs)
        if counts.allSatisfy({ $0 == 0 }) {
            let which = report.actions(.planted).isEmpty ? "output" : "output of these"
            return "\(actions) made again: every \(which) bit-identical"
        }
        var text = counted(counts[0], "output differs", "outputs differ") + " in \(actions)"
        if counts[1] > 0 {
            text += ", \(counted(counts[1], "more is", "more are")) within the tolerance"
        }
        if counts[2] > 0 {
            text += ", \(counted(counts[2], "more differs", "more differ")) as stages say"
        }
        return text
    }

    /// What an audit is worth whose programs could do what they wanted.
    private static func programs(_ report: AuditReport) -> [String] {
        if report.programs != .unconfined { return [] }
        return [
            "programs: not confined: what they changed on this machine, this audit cannot tell"
        ]
    }

    /// Prints what several signers say; throws exit code 4 where they do not agree.
    static func show(_ agreement: Agreement, atLeast: Int, asJSON: Bool) throws {
        let short = agreement.actions.filter {
            !$0.isUnanimous || ($0.groups.first?.signers.count ?? 0) < atLeast
        }
        if asJSON {
            Output.document(json(agreement, atLeast, short.count), .auditMerge)
        } else {
            for line in lines(agreement, atLeast, short.count) { Output.line(line) }
        }
        if !short.isEmpty || !agreement.forged.isEmpty { throw ExitCode(Code.difference) }
        if agreement.actions.isEmpty { throw ExitCode(Code.failed) }
    }

    private static func json(_ agreement: Agreement, _ atLeast: Int, _ short: Int) -> JSON {
        [
            "signers": .array(agreement.signers.map { .string($0.hex) }),
            "unsigned": .array(agreement.unsigned.map { .string($0) }),
            "forged": .array(agreement.forged.map { .string($0.text) }),
            "atLeast": .number(Double(atLeast)), "notAgreed": .number(Double(short)),
            "actions": .array(agreement.actions.map { $0.json }),
        ]
    }

    private static func lines(_ agreement: Agreement, _ atLeast: Int, _ short: Int) -> [String] {
        let (actions, signers) = (agreement.actions.count, agreement.signers.count)
        return agreement.actions.flatMap { $0.lines(total: signers) }
            + agreement.forged.map { $0.text }
            + agreement.unsigned.map { "not counted: \($0) is signed by none of the given keys" }
            + [
                "\(actions - short) of \(counted(actions, "action")): "
                    + "\(counted(signers, "signer")), at least \(atLeast) "
                    + "\(atLeast == 1 ? "agrees" : "agree") and none differ"
            ]
    }
}
