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
        version: "0.1.0",
        subcommands: [
            Run.self, PlanCommand.self, WhyCommand.self, Status.self, Show.self, Export.self,
            Report.self, Graph.self, AddCommand.self, PredictCommand.self, AuditCommand.self,
            LockCommand.self, DiffCommand.self, ClaimsCommand.self, BundleCommand.self,
            Push.self, PullCommand.self, KeysCommand.self, Verify.self, CollectGarbage.self,
            Kinds.self, Schema.self, Doctor.self, WorkerCommand.self,
            TransferCommand.self,
        ])

    static func main() {
        _ = allKinds  // what the person chose counts before anything is computed
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Failure.exit(with: error)
        }
    }
}
