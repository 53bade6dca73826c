import Canon
import System

/// What a project asks for, by its files, and only its reader can give.
package enum Power: Sendable, Equatable {
    /// To make a project of its folder, and to be believed at all, though it is another account's.
    case mark(String, ofAccount: UInt32)
    /// To keep its results in a folder that is not the project's.
    case store(String)
    /// To read results from a folder that is not the project's, under a rule.
    case layer(String, TrustRule)
    /// To read from a remote, under a rule, and to be pushed there.
    case remote(name: String, RemoteConfiguration.Address, TrustRule)
    /// To use results that the reader's own rule would not let be used.
    case looserRule(TrustRule, than: TrustRule)
    /// To start the programs that stages of its experiments name.
    case programs
    /// To let programs of its experiments reach the network.
    case network
    /// To hand the value of a variable of the reader's to programs of its experiments.
    case variable(String)
    /// To read a place outside, to which a link of the project leads.
    case place(String)
    /// To write files for people into a place outside, to which a link of the project leads.
    case exports(into: String)
    /// To send requests of downloads to a server of this machine or its network.
    case requests(to: String)

    /// What is asked for, as people approve it; the same text means the same power.
    package var text: String {
        switch self {
        case .mark(let name, let account):
            "follow \(name), which belongs to account \(account) and not to you"
        case .store(let path):
            "keep its results outside the project, in \(printable(ProjectFolder.real(path)))"
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
        case .programs:
            "run the programs of its experiments, with all that you may do (they cannot be confined "
                + "here)"
        case .network:
            "let programs of its experiments reach the network, this machine's servers among it"
        case .variable(let name):
            Power.variableLead + name + Power.variableTail
        case .place(let root): "read files in \(printable(root))"
        case .exports(let root): "write its exports and pages into \(printable(root))"
        case .requests(let origin):
            Power.requestsLead + printable(origin) + Power.requestsTail
        }
    }

    /// The option of `bitlaw trust` that names it; `nil` where that command finds it by itself, and for
    /// ``programs``, for which it depends on what the machine can do.
    package var option: String? {
        switch self {
        case .place(let root): "--read '\(printable(root))'"
        case .exports(let root): "--write '\(printable(root))'"
        case .network: "--network"
        case .variable(let name): "--pass \(name)"
        case .requests(let origin): "--address '\(printable(origin))'"
        default: nil
        }
    }

    /// What the folder of a project itself asks for; `nil` where it is the person's own.
    package static func folder(_ project: String) -> Power? {
        ProjectFolder.owner(of: project).map { .mark("the folder itself", ofAccount: $0) }
    }

    private static let variableLead = "give programs of its experiments the value of your variable "
    private static let variableTail = ", which they can write into their outputs"

    /// The variable of a power in words, where these are of ``variable(_:)``.
    static func variable(inText text: String) -> String? {
        guard text.hasPrefix(variableLead), text.hasSuffix(variableTail) else { return nil }
        return String(text.dropFirst(variableLead.count).dropLast(variableTail.count))
    }

    private static let requestsLead = "send requests to "
    private static let requestsTail = ", of this machine or its network"

    /// The server of a power in words, where these are of ``requests(to:)``.
    static func server(inText text: String) -> String? {
        guard text.hasPrefix(requestsLead), text.hasSuffix(requestsTail) else { return nil }
        return String(text.dropFirst(requestsLead.count).dropLast(requestsTail.count))
    }
}
