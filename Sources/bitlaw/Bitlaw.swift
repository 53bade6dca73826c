import ArgumentParser
import Glibc

@main struct Bitlaw: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bitlaw",
        abstract: "Scaling-law experiments that anyone can re-run bit for bit.",
        discussion: """
            EXAMPLE
              bitlaw run pipelines/spiral.yaml

            EXIT CODES
              0 done   1 an action failed   2 bad usage or experiment file
              3 the store is damaged or cannot be used   4 an audit found a difference
              130 interrupted
            """,
        version: BitlawVersion.number,
        subcommands: [
            RunCommand.self, PlanCommand.self, WhyCommand.self, StatusCommand.self,
            ShowCommand.self, ExportCommand.self, ReportCommand.self, GraphCommand.self,
            AddCommand.self, PredictCommand.self, AuditCommand.self, LockCommand.self,
            DiffCommand.self, ClaimsCommand.self, BundleCommand.self, PushCommand.self,
            PullCommand.self, KeysCommand.self, VerifyCommand.self, CollectGarbageCommand.self,
            KindsCommand.self, SchemaCommand.self, DoctorCommand.self, WorkerCommand.self,
            TransferCommand.self,
        ])

    static func main() {
        _ = allKinds  // what the person chose counts before anything is computed
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Failure.exit(with: error, of: Bitlaw.self)
        }
    }
}
