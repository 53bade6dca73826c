package import Canon
import System

/// What an action made: output names and digests, under its key.
package struct ActionResult: Equatable, Sendable {
    /// One named output.
    package struct Output: Equatable, Sendable {
        /// The name that the kind declares.
        package let name: String
        /// The digest of the bytes: of a folder, those of its manifest.
        package let digest: Digest
        /// How many bytes these are.
        package let size: Int
        /// Whether it is a folder: a tree, whose files are blobs of their own.
        package let isTree: Bool

        /// Names an output.
        package init(name: String, digest: Digest, size: Int, isTree: Bool = false) {
            self.name = name
            self.digest = digest
            self.size = size
            self.isTree = isTree
        }
    }

    /// The action key.
    package let key: Digest
    /// The kind and its version.
    package let kind: String
    /// The kind's version.
    package let version: Int
    /// The outputs, ordered by name.
    package let outputs: [Output]
    /// The log's blob, where the action wrote one.
    package let log: Digest?
    /// How long it took, in seconds of a monotonic clock.
    package let seconds: Double
    /// When, as ISO 8601 in UTC: for people, never compared.
    package let madeAt: String
    /// How it was executed.
    package let execution: Execution
    /// What the accounts that made it wrote over its digest, in order.
    package let made: [AuthenticationCode]

    /// The most accounts that may have made one result.
    package static let mostMakers = 64

    /// Names a result.
    package init(
        key: Digest, kind: String, version: Int, outputs: [Output], log: Digest?,
        seconds: Double, madeAt: String, execution: Execution = Execution(),
        made: [AuthenticationCode] = []
    ) {
        self.key = key
        self.kind = kind
        self.version = version
        self.outputs = outputs.sorted { $0.name < $1.name }
        self.log = log
        self.seconds = seconds
        self.madeAt = madeAt
        self.execution = execution
        self.made = Array(made.sorted().prefix(ActionResult.mostMakers))
    }

    /// The same result with what these accounts wrote over it.
    package func marked(_ made: [AuthenticationCode]) -> ActionResult {
        ActionResult(
            key: key, kind: kind, version: version, outputs: outputs, log: log, seconds: seconds,
            madeAt: madeAt, execution: execution, made: made)
    }

    /// Why this cannot be a result of its key, where `made` is one; `nil` where it only has other bits.
    ///
    /// A key tells the kind, and so the names of the outputs; and equal bytes have one size.
    func contradiction(to made: ActionResult) -> String? {
        func text(_ result: ActionResult) -> String {
            "\(result.kind) version \(result.version) with the outputs "
                + result.outputs.map { $0.name }.joined(separator: ", ")
        }
        guard kind == made.kind, version == made.version,
            outputs.map({ $0.name }) == made.outputs.map({ $0.name })
        else {
            return "expected a result of \(text(made)), found one of \(text(self))"
        }
        for (output, other) in zip(outputs, made.outputs) where output.isTree != other.isTree {
            return
                "expected a \(other.isTree ? "folder" : "file") as output \(output.name), found a "
                + (output.isTree ? "folder" : "file")
        }
        for (output, other) in zip(outputs, made.outputs)
        where output.digest == other.digest && output.size != other.size {
            return "expected \(other.size) bytes of output \(output.name), found \(output.size)"
        }
        return nil
    }

    /// The output of a name.
    package func output(_ name: String) -> Output? { outputs.first { $0.name == name } }
}

extension ActionResult {
    /// Whether what is shown to people, and computed with, is what it should be: results come from
    /// anywhere, and a terminal obeys some texts.
    static func isPlausible(kind: String, seconds: Double, madeAt: String) -> Bool {
        isSafeName(kind) && seconds >= 0 && seconds.isFinite && madeAt.utf8.count <= 40
            && madeAt.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "-:.+TZ".utf8.contains(byte)
            }
    }
}

/// Why a file is not an action result.
package struct ResultFormatError: Error, Equatable {
    /// What is wrong.
    package let reason: String

    /// Names what is wrong.
    package init(reason: String) { self.reason = reason }
}
