import Canon
import System

/// What a project's file asks for, and only its reader can give.
package enum Power: Sendable, Equatable {
    /// To be believed at all, though another account wrote it.
    case file(ofAccount: UInt32)
    /// To keep its results in a folder that is not the project's.
    case store(String)
    /// To read results from a folder that is not the project's, under a rule.
    case layer(String, TrustRule)
    /// To read from a remote, under a rule, and to be pushed there.
    case remote(name: String, RemoteConfiguration.Address, TrustRule)
    /// To use results that the reader's own rule would not let be used.
    case looserRule(TrustRule, than: TrustRule)

    /// What is asked for, as people approve it; the same text means the same power.
    package var text: String {
        switch self {
        case .file(let account):
            "follow bitlaw.yaml, which belongs to account \(account) and not to you"
        case .store(let path): "keep its results outside the project, in \(printable(path))"
        case .layer(let path, let rule):
            "read \(rule.text) from outside the project, in \(printable(path))"
        case .remote(let name, .folder(let path), let rule):
            "use the remote \(name), the folder \(printable(path)), and take \(rule.text) from it"
        case .remote(let name, .url(let url), let rule):
            "send requests to the remote \(name), \(printable(url))"
                + (isPrivateAddress(url) ? " (an address of this machine or its network)" : "")
                + ", and take \(rule.text) from it"
        case .remote(let name, .rclone(let path), let rule):
            "start rclone for the remote \(name), \(printable(path)), and take \(rule.text) from it"
        case .looserRule(let rule, let own):
            "use \(rule.text) in its store, where your own rule asks for \(own.text)"
        }
    }
}
