import LocalStore
import System

/// Folders of checkpoints.
extension Worker {
    /// The folder that the action's program keeps; `nil` where its stage has none.
    ///
    /// Where nothing authenticates one, it is gone with the attempt.
    func checkpoints(for request: WorkerRequest, _ log: ActionLog) throws -> KeptCheckpoints? {
        guard let place = request.terms.checkpoints else { return nil }
        guard let key = request.stateKey else {
            let path = "\(request.folder)/kept"
            try makeEmptyFolder("kept", in: request.folder)
            return KeptCheckpoints(
                folder: KeptFolder(path: path, place: place), isResumed: false)
        }
        let found = try store.checkpointFolder(for: request.key, by: key)
        if let reason = found.refusal {
            tell(
                "checkpoints to go on from were set aside, for nothing proves that this account made them "
                    + "here (\(reason)); begun anew", request, log)
        }
        return KeptCheckpoints(
            folder: KeptFolder(path: found.path, place: place), isResumed: found.isResumed)
    }

    /// Tells the person something, in the log as well.
    func tell(_ text: String, _ request: WorkerRequest, _ log: ActionLog) {
        log.add(text)
        say(request.mark.on(WorkerReply.remark(text).json))
    }
}
