/// A record or a pin that cannot be read, and why.
struct UnreadableFile: Error {
    let reason: String
}
