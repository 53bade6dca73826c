import CSystem
import Glibc

/// What a short program had to say.
package struct ProgramAnswer {
    /// The exit code, or minus the signal.
    package let status: CInt
    /// The first line of it that is not empty; `nil` where there is none.
    package let line: String?

    /// Runs a program that reads nothing; of what it prints the first 4 KiB are taken.
    ///
    /// With `errors`, what it complains of counts as printed.
    package init(of words: [String], environment: [String], errors: Bool) throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe bitlaw_pipe(&ends) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        defer { if ends[0] >= 0 { close(ends[0]) } }
        let child: ChildProcess
        do {
            defer { close(ends[1]) }
            child = try ChildProcess(
                words, environment: environment,
                streams: .into(output: ends[1], errors: errors ? ends[1] : 2))
        }
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while said.count < 4096 {
            let count = unsafe read(ends[0], &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            said += buffer.prefix(count)
        }
        // One that goes on beyond that has no reader any more.
        close(ends[0])
        ends[0] = -1
        status = child.wait()
        line = String(decoding: said, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
