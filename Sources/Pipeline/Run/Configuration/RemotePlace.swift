import Glibc
import Remotes
import System

extension RemoteConfiguration.Address {
    /// Whether two addresses mean one place, however they are written.
    package func isSamePlace(as other: RemoteConfiguration.Address) -> Bool {
        switch (self, other) {
        case (.folder(let one), .folder(let two)):
            ProjectFolder.real(one) == ProjectFolder.real(two)
        case (.url(let one), .url(let two)):
            one == two || WebPlace(one).map { $0 == WebPlace(two) } ?? false
        case (.rclone(let one), .rclone(let two)): Self.bare(one) == Self.bare(two)
        default: false
        }
    }

    /// A path of rclone without what does not change its meaning.
    private static func bare(_ text: String) -> String {
        let name = text.prefix { $0 != ":" }
        let path = text.dropFirst(name.count)
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return "\(name)\(path.hasPrefix(":/") || path.hasPrefix("/") ? "/" : "")\(parts)"
    }
}

/// Whether an address is of this machine or of its own network: loopback, RFC 1918, link-local and their
/// like of IPv6.
func isPrivateAddress(_ url: String) -> Bool { WebPlace(url)?.isPrivate ?? false }
