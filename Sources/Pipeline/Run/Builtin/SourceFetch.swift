import Canon
package import Experiment
import Glibc
import Remotes
import System

/// Downloads a file whose digest is known in advance.
package enum SourceFetch: Stage {
    /// The contract; experiment files write `{url, sha256}` instead of naming it.
    package static let kind = Kind.download

    /// The most redirects that are followed.
    private static let mostRedirects = 10

    /// Runs `curl`, a request at a time, and checks the digest.
    package static func run(_ context: StageContext) throws {
        let url = context.parameters.text("url")
        let path = context.path(forOutput: "file")
        if let name = SourceAddress.addedName(url) {
            throw ActionFailure(
                description:
                    "\(name): expected a file with SHA-256 \(context.parameters.text("sha256")) in "
                    + "the store, found none; no address has this file: make it as the experiment file says, "
                    + "then bitlaw add \(name)")
        }
        // What names a password would stand in messages and in the list of processes.
        guard !SourceAddress.hasCredentials(url) else {
            throw ActionFailure(
                description: "the address of the download has a name or password in it; name the "
                    + "file without them, or get it by other means, then bitlaw add FILE")
        }
        let variables = context.programVariables
        let approved = context.service(PrivateServers.self) ?? PrivateServers([])
        var (next, redirects) = (url, 0)
        while true {
            let step = try DownloadStep(
                next, start: url, approved: approved, hasProxy: variables.hasProxy(for: next))
            guard let target = try request(step, start: url, into: path, context) else { break }
            redirects += 1
            guard redirects <= mostRedirects else {
                throw ActionFailure(
                    description: "\(url): expected at most \(mostRedirects) redirects, found more")
            }
            next = target
        }
        if sizeOfFile(path) == nil { try writeWholeFile([], to: path, .none) }
        // The worker hashes the file again as it stores it; here the error can name the URL.
        let expected = context.parameters.text("sha256")
        let found = try Digest(ofFileAt: path).hex
        guard found == expected else {
            throw ActionFailure(
                description: "\(url): expected SHA-256 \(expected), found \(found); "
                    + "the file at the source has changed, or the digest is mistyped. If you have "
                    + "the file that was meant: bitlaw add FILE")
        }
    }

    /// Makes one request.
    ///
    /// - Returns: where the server sends us instead.
    private static func request(
        _ step: DownloadStep, start: String, into path: String, _ context: StageContext
    ) throws -> String? {
        let answer = "\(context.folder)/.redirect"
        _ = unsafe unlink(path)
        let child = try ChildProcess(
            [
                "curl", "--fail", "--silent", "--show-error", "--globoff",
                "--proto", "=http,https",
                "--connect-timeout", "60", "--speed-limit", "100", "--speed-time", "120",
                "--max-time", "86400", "--max-filesize", String(largestWholeFile),
                "--retry", "2", "--write-out", "%{redirect_url}", "--output", path,
            ] + step.words + ["--", step.url],
            environment: context.programVariables.download(home: context.folder),
            folder: context.folder, streams: .file(answer))
        while true {
            if let status = child.poll() {
                guard status == 0 else {
                    throw ActionFailure(
                        description: "\(start): the download failed (curl ended with \(status)); "
                            + "its words are in the log. Where there is no network: get the file by "
                            + "other means, then bitlaw add FILE")
                }
                break
            }
            let size = sizeOfFile(path) ?? 0
            context.progress(size, of: 0, note: "\(size / 1024) KiB")
            usleep(100_000)
        }
        let target = try readWholeFile(answer, limit: 1 << 20, followingLinks: false) ?? []
        return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
    }
}
