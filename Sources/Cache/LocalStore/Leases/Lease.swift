/// The right to work on something, which its holder keeps by writing into a file from time to time.
///
/// It ends with this value. A holder that was away for long may have lost it: then two work on one thing, and
/// the store publishes one result.
package final class Lease: Sendable {
    let file: LeaseFile
    private let folder: LeaseFolder

    init(_ file: LeaseFile, in folder: LeaseFolder) {
        self.file = file
        self.folder = folder
    }

    deinit { folder.giveBack(file) }

    /// Whether somebody took it over, as far as its holder knows.
    package var isLost: Bool { file.isLost }

    /// Renews it now; whether it is held still.
    @discardableResult
    package func renew() -> Bool { file.renew() }
}
