import System
import TestSupport

/// What was tried, and what went wrong.
struct FuzzTally {
    /// The file with the input at work.
    private let path: String
    private(set) var inputs = 0
    private var programs = 0
    private var formats: [String: Int] = [:]
    private var current = ""
    private var input: [UInt8] = []
    private var slowest = (seconds: 0.0, what: "none")
    /// What crashed, hung, or ended as it should not; where its input is kept.
    private(set) var crashes: [String] = []

    /// Begins to count.
    init(path: String) { self.path = path }

    /// Keeps an input while it is tried.
    mutating func begin(_ format: String, _ seed: UInt64, _ input: [UInt8]) {
        inputs += 1
        formats[format, default: 0] += 1
        current = "BITLAW_FUZZ_SEED=\(seed) (\(format))"
        self.input = input
        try? writeWholeFile(Array("\(current)\n".utf8) + input, to: path, .none)
    }

    /// Notes how long a parser took.
    mutating func end(seconds: Double, limit: Double) {
        if seconds > slowest.seconds { slowest = (seconds, current) }
        if seconds > limit { keep("a parser took \(seconds) s") }
    }

    /// Notes how the real program ended; whatever is no exit code of ours counts as a crash.
    mutating func program(_ code: CInt, _ command: String) {
        programs += 1
        if !(0...4).contains(code) && code != 130 && code != 141 {
            keep("bitlaw \(command): \(code)")
        }
    }

    private mutating func keep(_ what: String) {
        let place = "\(path)-\(crashes.count)"
        try? writeWholeFile(input, to: place, .none)
        crashes.append("\(current): \(what); the input is kept in \(place)")
    }

    /// The figures, for people.
    var text: String {
        let each = formats.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return
            "fuzz: \(inputs) inputs of \(formats.count) formats, \(programs) of them through the program; "
            + "\(crashes.count) crashes; slowest parser \(slowest.seconds) s, \(slowest.what)\n  "
            + each.joined(separator: ", ")
    }
}
