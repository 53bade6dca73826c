/// A request that makes no sense.
struct UsageError: Error {
    let text: String
}
