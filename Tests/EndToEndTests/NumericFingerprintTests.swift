import BitlawProgram
import System
import Testing

@Suite struct NumericFingerprintTests {
    /// Recorded on an x86-64 with AVX-512; emulated CPUs without AVX give it too (`make portability`).
    ///
    /// A change here is a change of `Arithmetic.portableVersion`.
    @Test func `every instruction set gives the recorded fingerprint of the portable profile`()
        throws
    {
        let found = try NumericFingerprint.all(shippedKinds())
        #expect(found[0].profile == "portable/1")
        for one in found {
            #expect(
                one.digest == "dfe8fa9a96dd279c00cc720f6e98f063f340bfebe2fe5142969aa092f9fc82d7",
                "\(one.variant): \(one.parts)")
        }
        #expect(found.map { $0.variant } == NumericFingerprint.variants)
    }
}
