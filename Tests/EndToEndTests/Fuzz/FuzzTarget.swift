/// A format that strangers may write, with the parsers that read it.
struct FuzzTarget {
    /// The format's name.
    let name: String
    /// Valid inputs.
    let samples: [[UInt8]]
    /// Reads an input in this process; what it throws is a refusal, and as good as an answer.
    let read: ([UInt8]) throws -> Void
    /// Where the input stands for the real program, relative to the project.
    let file: String
    /// What the real program is asked for, with the input in its place.
    let commands: [String]
    /// Makes a damaged input whole in what else would be refused first, such as checksums.
    var mend: ([UInt8]) -> [UInt8] = { $0 }
}
