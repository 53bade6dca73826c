import Canon
import LocalStore
import System

extension OperationalError {
    /// An output whose copies turned out to be damaged; they are set aside by now.
    static func lost(_ digest: Digest, in store: Store) -> OperationalError {
        OperationalError(
            code: .missing,
            message: "\(store.path): expected a good copy of \(digest), found none "
                + "(a damaged one is kept under quarantine/)",
            remedy: "bitlaw run makes it again")
    }
}
