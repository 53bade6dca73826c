/// The folder of what the workers of a run share; it is gone with the run.
struct RunFolder: Sendable {
    let path: String
}
