import Canon
import Experiment
import Remotes

/// One request of a download: an address, and the numbers of its host that may be asked.
struct DownloadStep {
    /// The address.
    let url: String
    /// Words for `curl` that hold it to the numbers that were looked at.
    let words: [String]

    /// Looks at an address before anything is sent to it.
    ///
    /// A host that has a number of this machine or its network, whatever it is called, has to be `approved`.
    /// Behind a proxy the proxy looks names up that are not known here.
    ///
    /// - Throws: ``ActionFailure``; it names where the way began, if that was elsewhere.
    init(_ url: String, start: String, approved: PrivateServers, hasProxy: Bool) throws {
        let what = url == start ? start : "\(start): redirects to \(printable(url))"
        guard let place = WebPlace(url) else {
            throw ActionFailure(
                description: "\(what): expected an address http://HOST/PATH or https://HOST/PATH, "
                    + "without a name and a password")
        }
        let addresses = place.addresses
        let own = addresses.first { $0.isPrivate }
        guard !place.isPrivate && own == nil || approved.allow(url) else {
            throw ActionFailure(
                description:
                    "\(what): \(own.map { "\($0.text) is" } ?? "this is") a server of this "
                    + "machine or its network, and you did not approve requests to it\n"
                    + "  fix: look at it, then bitlaw trust FOLDER --address \(place.origin), and run "
                    + "again")
        }
        guard !addresses.isEmpty || hasProxy else {
            throw ActionFailure(
                description:
                    "\(what): the network knows no such host. Where there is no network: get "
                    + "the file by other means, then bitlaw add FILE")
        }
        self.url = url
        // What was not found here is the proxy's to find, and nobody else's.
        words =
            addresses.isEmpty
            ? ["--noproxy", ""] : place.resolutions(addresses).flatMap { ["--resolve", $0] }
    }
}
