import Canon
import Remotes

/// What push and pull print for programs.
enum SharingReport {
    static func json(_ count: TransferCount, remote: String, missing: Int, seconds: Double) -> JSON
    {
        [
            "remote": .string(remote), "results": .number(Double(count.results)),
            "blobs": .number(Double(count.blobs)), "bytes": .number(Double(count.bytes)),
            "present": .number(Double(count.present)), "refused": .number(Double(count.refused)),
            "conflicts": .number(Double(count.conflicts)), "missing": .number(Double(missing)),
            "unsigned": .number(Double(count.unsigned)),
            "seconds": .number((seconds * 1e3).rounded() / 1e3),
        ]
    }
}
