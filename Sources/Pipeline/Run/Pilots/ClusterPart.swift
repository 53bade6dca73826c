/// The part that an engine has in a run on a cluster: pilots execute, the front end watches.
package struct ClusterPart: Sendable {
    /// The name of the run.
    package let run: String
    /// Where the engines of the run tell each other of failures; `nil` for a pilot with a store of its own.
    package let folder: ClusterFolder?
    /// The seconds that a pilot usually has.
    package let usualSeconds: Int
    /// What a pilot is there for; `nil` for the front end, which executes nothing.
    package let duty: PilotDuty?

    /// Names a part among engines that share a store.
    package init(folder: ClusterFolder, usualSeconds: Int, duty: PilotDuty? = nil) {
        run = folder.name
        self.folder = folder
        self.usualSeconds = usualSeconds
        self.duty = duty
    }

    /// Names the part of a pilot with a store of its own, by the name of its run.
    package init(run: String, duty: PilotDuty) {
        self.run = run
        folder = nil
        usualSeconds = 0
        self.duty = duty
    }
}
