import Canon
package import Experiment
import Glibc
import System

/// Downloads a file whose digest is known in advance.
package enum SourceFetch: Stage {
    /// The contract; experiment files write `{url, sha256}` instead of naming it.
    package static let kind = Kind.download

    /// Runs `curl` and checks the digest.
    package static func run(_ context: StageContext) throws {
        let url = context.parameters.text("url")
        let path = context.path(forOutput: "file")
        // What names a password would stand in messages and in the list of processes.
        guard !SourceAddress.hasCredentials(url) else {
            throw ActionFailure(
                description: "the address of the download has a name or password in it; name the "
                    + "file without them, or get it by other means, then bitlaw add FILE")
        }
        let child = try ChildProcess(
            [
                "curl", "--fail", "--silent", "--show-error", "--location", "--globoff",
                "--proto", "=http,https", "--proto-redir", "=http,https", "--max-redirs", "10",
                "--connect-timeout", "60", "--speed-limit", "100", "--speed-time", "120",
                "--max-time", "86400", "--max-filesize", String(largestWholeFile),
                "--retry", "2", "--output", path, "--", url,
            ],
            environment: context.programVariables.download(home: context.folder),
            folder: context.folder, streams: .log)
        while true {
            if let status = child.poll() {
                guard status == 0 else {
                    throw ActionFailure(
                        description: "\(url): the download failed (curl ended with \(status)); "
                            + "its words are in the log. Where there is no network: get the file by "
                            + "other means, then bitlaw add FILE")
                }
                break
            }
            let size = sizeOfFile(path) ?? 0
            context.progress(size, of: 0, note: "\(size / 1024) KiB")
            usleep(100_000)
        }
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
}
