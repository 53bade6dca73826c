import LocalStore
import Run
import System
import Trust

/// The secret of the account that runs this program: what proves later that something was made here.
enum Account {
    /// The secret, made on first need; where none can be had, that is said.
    static func secret() throws -> AccountSecret? {
        do {
            return try load(needed: true)
        } catch let error as NoAccountSecret {
            Output.error(
                "warning: no secret of your account can be read or made (\(error.reason)). Nothing will "
                    + "prove that you made what this makes: it is not signed, and an interrupted action "
                    + "begins anew\n  fix: name a file of 32 random bytes, mode 600, in "
                    + "BITLAW_ACCOUNT_SECRET\n")
            return nil
        }
    }

    /// The secret, where there is one: without it, nothing was made here.
    static func known() throws -> AccountSecret? {
        do {
            return try load(needed: false)
        } catch is NoAccountSecret { return nil }
    }

    private static func load(needed: Bool) throws -> AccountSecret {
        try AccountSecret.load(
            of: .person, named: ProjectConfiguration.accountSecret(of: .person), needed: needed)
    }
}
