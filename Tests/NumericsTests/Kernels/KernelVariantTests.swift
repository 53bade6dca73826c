import CKernels
import Glibc
import Numerics
import TestSupport
import Testing

@Suite struct KernelVariantTests {
    @Test func `the software variant always runs and the best comes first`() throws {
        #expect(Kernels.available.last?.variant == .software)
        #expect(try Kernels.choose(nil).variant == Kernels.available[0].variant)
        #expect(try Kernels.choose("").variant == Kernels.available[0].variant)
        for kernels in Kernels.available {
            #expect(try Kernels.choose(kernels.variant.rawValue).variant == kernels.variant)
        }
    }

    @Test func `an unknown instruction set is refused with those there are`() {
        let error = #expect(throws: NumericsError.self) { try Kernels.choose("avx1024") }
        let names = Kernels.available.map { $0.variant.rawValue }.joined(separator: ", ")
        #expect(
            error?.description
                == "BITLAW_ISA: expected one of \(names), found \"avx1024\"\n"
                + "  fix: unset BITLAW_ISA; the best is then taken, and the bits are the same")
    }

    @Test func `an instruction set that the CPU lacks is refused`() {
        let has = Set(Kernels.available.map { $0.variant })
        for variant in KernelVariant.allCases where !has.contains(variant) && variant != .generic {
            let error = #expect(throws: NumericsError.self) {
                try Kernels.choose(variant.rawValue)
            }
            #expect(error?.description.contains("not supported by this CPU") == true)
        }
    }

    @Test func `a changed floating-point mode is refused`() {
        for (fault, text) in [
            (1, "another rounding"), (2, "results flushed"), (4, "operands taken as zero"),
        ] {
            bitlaw_set_float_mode(Int32(fault))
            let result = Result { () throws(NumericsError) in
                try Kernels.checkFloatingPointMode()
            }
            bitlaw_set_float_mode(0)
            #if arch(x86_64)
            let error = #expect(throws: NumericsError.self) { try result.get() }
            #expect(error?.description.contains(text) == true)
            #else
            _ = (result, text)
            #endif
        }
        #expect(throws: Never.self) { try Kernels.checkFloatingPointMode() }
    }

    /// Products and sums that round, cancel, overflow and end below the normal range.
    @Test func `the fused multiply-add of every variant is rounded once`() {
        var numbers = TestNumbers(21)
        for turn in 0..<trials(200_000) {
            var words = (0..<3).map { _ in numbers.bits() &* 0x9e37_79b9_7f4a_7c15 }
            if turn % 2 == 0 {
                // An addend near the product, so that bits cancel.
                let exponents = (words[0] >> 52 & 2047) + (words[1] >> 52 & 2047)
                let shift = words[2] & 127
                if exponents + shift > 1100 && exponents + shift < 3000 {
                    let exponent = exponents + shift - 1087
                    words[2] = words[2] & 0x800f_ffff_ffff_ffff | exponent << 52
                }
            }
            let d = words.map { Double(bitPattern: $0) }
            let f = words.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0 >> 20)) }
            for kernels in Kernels.available {
                let arithmetic = Arithmetic(portable: kernels)
                let double = arithmetic.fused(d[0], d[1], d[2])
                #expect(
                    isSame([double], [d[2].addingProduct(d[0], d[1])]), "\(kernels.variant) \(d)")
                let single = arithmetic.fused(f[0], f[1], f[2])
                #expect(
                    isSame([single], [f[2].addingProduct(f[0], f[1])]), "\(kernels.variant) \(f)")
            }
        }
    }
}
