/// The part that an engine has in a run on a cluster: pilots execute, the front end watches.
package struct ClusterPart: Sendable {
    /// Where the engines of the run tell each other of failures.
    package let folder: ClusterFolder
    /// The seconds that a pilot usually has.
    package let usualSeconds: Int
    /// What a pilot is there for; `nil` for the front end, which executes nothing.
    package let duty: PilotDuty?

    /// Names a part.
    package init(folder: ClusterFolder, usualSeconds: Int, duty: PilotDuty? = nil) {
        self.folder = folder
        self.usualSeconds = usualSeconds
        self.duty = duty
    }
}
