import ArgumentParser
import LocalStore

/// What bounds a bundle from outside, and whose signatures count.
struct BundleTrust: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A public key (a file, 64 digits, or a name of `bitlaw keys`) whose signatures count.",
            discussion: "May be repeated."))
    var key: [String] = []

    @Option(help: "How many distinct signers of these every result needs.")
    var atLeast = 1

    @Option(help: "The most uncompressed bytes that are read.")
    var maxSize = 64 << 30

    var limits: ArchiveLimits { ArchiveLimits(bytes: maxSize) }

    func validate() throws {
        if maxSize < 1 || maxSize > 1 << 60 {
            throw ValidationError("--max-size \(maxSize): expected 1 to \(1 << 60)")
        }
        if atLeast < 1 { throw ValidationError("--at-least \(atLeast): expected 1 or more") }
    }
}
