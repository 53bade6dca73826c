package import Trust

/// Who made a result, as its `made` proves.
extension ActionResult {
    /// Whether the account made it; nothing was made by an account without a secret.
    package func isMade(by account: AccountSecret?) -> Bool {
        guard let account, !made.isEmpty else { return false }
        return made.contains(account.code(.result, digest))
    }

    /// The same result, with what the account writes on what it made.
    package func claimed(by account: AccountSecret?) -> ActionResult {
        guard let account, !isMade(by: account) else { return self }
        // Its own code stays, however many codes of others there are.
        return marked([account.code(.result, digest)] + made.prefix(ActionResult.mostMakers - 1))
    }
}
