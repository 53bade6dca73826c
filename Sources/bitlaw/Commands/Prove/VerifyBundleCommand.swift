import ArgumentParser
import Canon
import Evidence
import LocalStore
import Run
import System

/// Checks a bundle.
struct VerifyBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check every digest, the chain back to the sources, and signatures by known keys.",
        discussion: """
            Signatures are checked by the keys that you trust (bitlaw keys), and by --key. Exit code 4 \
            where anything is wrong, or where a result lacks signatures: those that --at-least asks for, \
            or those that the policy of the project's store asks for (`trust:` in bitlaw.yaml). \
            verify.py inside the bundle does the same alone.

            EXAMPLE
              bitlaw bundle verify spiral.tar.zst --key ann.pub --key bob.pub --at-least 2
            """)

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var common: StoreOptions

    @OptionGroup var trust: BundleTrust

    func run() throws {
        try common.enter()
        let project = try Consent.project(of: "./x")
        let checked = try CheckedBundle(file, trust, project: project)
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        let policy =
            configuration.trust == .any
            ? .any : try configuration.trust.policy(try KeyStore(), configuration.keys)
        let bundle = checked.bundle
        let short = bundle.results.values.filter { checked.refusal(of: $0) != nil }
        let untrusted = bundle.results.values.filter { !policy.accepts(bundle.signed($0)) }
        if common.json {
            Output.document(json(checked, short, untrusted), .bundleVerify)
        } else {
            let lines = lines(checked, policy, short: short.count, untrusted: untrusted.count)
            for line in lines { Output.line(line) }
        }
        if !bundle.problems.isEmpty || !short.isEmpty || !untrusted.isEmpty {
            throw ExitCode(Code.difference)
        }
    }

    private func lines(
        _ checked: CheckedBundle, _ policy: TrustPolicy, short: Int, untrusted: Int
    ) -> [String] {
        let (bundle, total) = (checked.bundle, checked.bundle.results.count)
        let results = counted(total, "result")
        var lines = bundle.problems
        lines += checked.signers().map { "signed by \($0.name): \($0.results) of \(results)" }
        if !checked.given.isEmpty {
            let attested = total - short
            lines.append(
                "\(attested) of \(results) \(attested == 1 ? "is" : "are") attested by at least "
                    + "\(trust.atLeast) of \(counted(checked.given.count, "signer"))")
        }
        if !policy.takesAny {
            let trusted = total - untrusted
            lines.append(
                "\(trusted) of \(results) \(trusted == 1 ? "has" : "have") what the store asks for, "
                    + policy.text)
        }
        lines += bundle.remarks.map { "note: \($0)" }
        let verdict =
            bundle.problems.isEmpty
            ? "every digest is right" : counted(bundle.problems.count, "problem")
        return lines + ["\(counted(bundle.files, "file")), \(results): \(verdict)"]
    }

    private func json(
        _ checked: CheckedBundle, _ short: [ActionResult], _ untrusted: [ActionResult]
    ) -> JSON {
        let bundle = checked.bundle
        return [
            "experiment": .string(bundle.experiment),
            "files": .number(Double(bundle.files)),
            "results": .number(Double(bundle.results.count)),
            "problems": .array(bundle.problems.map { .string($0) }),
            "commands": .array(bundle.programs.map { .string(printable($0)) }),
            "configuration": bundle.configuration.map { .string(printable($0)) } ?? .null,
            "remarks": .array(bundle.remarks.map { .string($0) }),
            "signers": .array(
                checked.signers().map {
                    [
                        "name": .string($0.name), "key": .string($0.id.hex),
                        "results": .number(Double($0.results)),
                    ]
                }),
            "notSignedByEnough": names(short, bundle), "notTrusted": names(untrusted, bundle),
        ]
    }

    private func names(_ results: [ActionResult], _ bundle: BundleReader) -> JSON {
        .array(results.map { bundle.names[$0.key] ?? $0.key.hex }.sorted().map { .string($0) })
    }
}
