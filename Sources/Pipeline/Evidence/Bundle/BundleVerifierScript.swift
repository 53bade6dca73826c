/// The independent verifier that travels in every bundle: Python's standard library and `zstd`.
package enum BundleVerifierScript {
    /// The program, as every bundle has it: the file `verify.py` beside this one.
    package static let text = String(decoding: PackageResources.verify_py, as: UTF8.self)
}
