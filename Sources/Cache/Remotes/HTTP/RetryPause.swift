/// How long a request waits before its next attempt.
package enum RetryPause {
    /// The most seconds that a server may ask for: nobody waits longer for one request.
    package static let longest = 120

    /// The doubled pauses of our own, or what the server asks for in `Retry-After` where that is longer.
    package static func milliseconds(attempt: Int, backoff: Int, asked: Int?) -> Int {
        let own = backoff << min(max(attempt - 1, 0), 6)
        guard let asked, asked > 0 else { return own }
        return max(own, min(asked, longest) * 1000)
    }
}
