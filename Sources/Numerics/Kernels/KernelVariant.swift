package import CKernels
import Glibc
import Synchronization

/// An instruction set that the kernels are compiled for.
///
/// All give the same bits.
package enum KernelVariant: String, CaseIterable, Sendable {
    /// 512-bit vectors: AVX-512 F, BW, DQ and VL.
    case avx512
    /// 256-bit vectors: AVX2 and FMA.
    case avx2
    /// 128-bit vectors of AArch64.
    case neon
    /// 128-bit vectors in plain C, with the CPU's fused multiply-add.
    case generic
    /// Plain C with a fused multiply-add in software: any CPU, slow.
    case software
}

/// The kernels of one instruction set.
///
/// Chosen once in a process: the best that the CPU has, or what `prefer(_:)` named before.
@safe public struct Kernels: Sendable {
    /// Which instruction set.
    package let variant: KernelVariant
    /// A table in the program's read-only data: it never changes and never goes away.
    package nonisolated(unsafe) let table: UnsafePointer<bitlaw_kernels>
    /// The kernels for arrays of floats, and of doubles.
    let single, double: ScalarKernels

    private init(_ variant: KernelVariant, _ table: UnsafePointer<bitlaw_kernels>) {
        self.variant = variant
        unsafe self.table = unsafe table
        single = unsafe ScalarKernels(table: table.pointee.f32)
        double = unsafe ScalarKernels(table: table.pointee.f64)
    }

    /// Those that this CPU and system can run, best first.
    package static let available: [Kernels] = {
        var found: [Kernels] = []
        for number in 0..<bitlaw_variant_count() where bitlaw_variant_supported(number) != 0 {
            let table = unsafe bitlaw_variant(number)
            let name = unsafe String(cString: table.pointee.name)
            if let variant = KernelVariant(rawValue: name) {
                unsafe found.append(Kernels(variant, table))
            }
        }
        return found
    }()

    /// What is wished for, until the choice is made.
    private enum Wish {
        case open(String?)
        case chosen
    }

    private static let wish = Mutex(Wish.open(nil))

    /// Names the instruction set of this process; it never changes a bit.
    ///
    /// The program does so, as `BITLAW_ISA` says, before it computes anything; later it traps.
    package static func prefer(_ name: String?) {
        wish.withLock { wish in
            guard case .open = wish else { preconditionFailure("kernels are in use already") }
            wish = .open(name)
        }
    }

    /// What the process computes with, or why it must not.
    private static let chosen = Result { () throws(NumericsError) in
        let name = wish.withLock { wish -> String? in
            defer { wish = .chosen }
            if case .open(let name) = wish { return name }
            return nil
        }
        try checkFloatingPointMode()
        return try choose(name)
    }

    /// The kernels that this process computes with.
    ///
    /// - Throws: ``NumericsError`` when `BITLAW_ISA` names an instruction set that does not exist or
    ///   that the CPU lacks, or when the process was started with another rounding mode than to
    ///   nearest, or with subnormal numbers flushed to zero.
    package static func shared() throws(NumericsError) -> Kernels { try chosen.get() }

    /// For single numbers, whose functions cannot fail: as ``shared()``, or the first that runs.
    package static let forNumbers = (try? chosen.get()) ?? available[available.count - 1]

    /// The kernels of a name, as `BITLAW_ISA` gives it; the best for `nil` or an empty name.
    package static func choose(_ name: String?) throws(NumericsError) -> Kernels {
        guard let name, !name.isEmpty else { return available[0] }
        let names = available.map { $0.variant.rawValue }.joined(separator: ", ")
        guard let variant = KernelVariant(rawValue: name) else {
            throw NumericsError(
                description: "BITLAW_ISA: expected one of \(names), found \"\(name)\"\n"
                    + "  fix: unset BITLAW_ISA; the best is then taken, and the bits are the same")
        }
        if let kernels = available.first(where: { $0.variant == variant }) { return kernels }
        // A CPU without a fused multiply-add runs plain C with the one in software.
        if variant == .generic { return available[available.count - 1] }
        throw NumericsError(
            description: "BITLAW_ISA: \(name) is not supported by this CPU, which has \(names)\n"
                + "  fix: unset BITLAW_ISA; the best is then taken, and the bits are the same")
    }

    /// Refuses a thread whose arithmetic is not that of IEEE 754 with rounding to nearest.
    package static func checkFloatingPointMode() throws(NumericsError) {
        let faults = bitlaw_float_mode()
        if faults == 0 { return }
        let found = [
            (1, "another rounding than to nearest"), (2, "subnormal results flushed to zero"),
            (4, "subnormal operands taken as zero"),
        ].filter { faults & $0.0 != 0 }.map { $0.1 }.joined(separator: ", ")
        throw NumericsError(
            description:
                "floating-point mode: expected rounding to nearest with subnormal numbers, "
                + "found \(found)\n  fix: start bitlaw from a program that does not change the mode "
                + "(-ffast-math libraries do when they are loaded)")
    }
}
