import ArgumentParser
import Evidence

/// Prints the verifier that needs no bitlaw.
struct PrintVerifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifier",
        abstract: "Print verify.py, which checks bundles with Python and zstd alone.",
        discussion: """
            The one inside a bundle comes from whoever made the bundle; this one comes from here.

            EXAMPLE
              bitlaw bundle verifier > verify.py
              python3 verify.py spiral.bundle.tar.zst ann.key.pub
            """)

    func run() { Output.write(BundleVerifierScript.text) }
}
