import COpenBLAS
import Glibc
import Synchronization

/// OpenBLAS with one thread and a pinned kernel family; opened once in a process.
@safe package struct BLASRuntime: Sendable {
    /// The kernel family, as the library tells it.
    package let kernel: String
    /// The library's version.
    package let version: String
    let sgemm: bitlaw_sgemm
    let dgemm: bitlaw_dgemm
    let dsyevd: bitlaw_dsyevd
    let dpotrf: bitlaw_dpotrf
    let dgels: bitlaw_dgels

    /// The family that results are defined with: every x86-64 CPU with AVX2 and FMA has it.
    package static let defaultKernel = "Haswell"

    /// What enters the keys of actions that multiply matrices.
    package var profile: String { "blas/openblas-\(version)/\(kernel)" }

    private static let opened = Mutex<Result<BLASRuntime, NumericsError>?>(nil)

    /// The library, opened on first use.
    ///
    /// - Throws: ``NumericsError`` when the library is missing, or its family is not the pinned one
    ///   (an unknown name is silently replaced by the library).
    package static func shared() throws(NumericsError) -> BLASRuntime {
        let result = opened.withLock { state in
            if let state { return state }
            let made = Result { () throws(NumericsError) in try open(kernel: defaultKernel) }
            state = made
            return made
        }
        return try result.get()
    }

    /// Opens the library with a kernel family; only the first family of a process can be had.
    package static func open(kernel: String) throws(NumericsError) -> BLASRuntime {
        #if arch(x86_64)
        // A family that the CPU lacks is not refused by the library: it dies of an illegal instruction.
        guard Kernels.available.contains(where: { $0.variant == .avx2 }) else {
            throw NumericsError(
                description:
                    "OpenBLAS: the kernel family \(kernel) needs AVX2 and FMA, which this CPU "
                    + "lacks\n  fix: unset BITLAW_NUMERICS; the portable profile runs on every CPU")
        }
        #endif
        let wasLoaded = unsafe dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD) != nil
        unsafe setenv("OPENBLAS_CORETYPE", kernel, 1)
        unsafe setenv("OPENBLAS_NUM_THREADS", "1", 1)
        guard let library = unsafe dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) else {
            let reason = unsafe String(cString: dlerror())
            throw NumericsError(
                description: "libopenblas.so.0 cannot be opened: \(reason)\n"
                    + "  fix: apt-get install libopenblas0-pthread")
        }
        guard let sgemm = unsafe dlsym(library, "cblas_sgemm"),
            let dgemm = unsafe dlsym(library, "cblas_dgemm"),
            let dsyevd = unsafe dlsym(library, "dsyevd_"),
            let dpotrf = unsafe dlsym(library, "dpotrf_"),
            let dgels = unsafe dlsym(library, "dgels_"),
            let corename = unsafe dlsym(library, "openblas_get_corename"),
            let config = unsafe dlsym(library, "openblas_get_config"),
            let threads = unsafe dlsym(library, "openblas_set_num_threads")
        else {
            throw NumericsError(
                description: "libopenblas.so.0 lacks a function that OpenBLAS has\n"
                    + "  fix: apt-get install libopenblas0-pthread")
        }
        unsafe unsafeBitCast(threads, to: bitlaw_set_threads.self)(1)
        let found = unsafe text(unsafeBitCast(corename, to: bitlaw_text.self))
        let words = unsafe text(unsafeBitCast(config, to: bitlaw_text.self)).split(separator: " ")
        guard found == kernel else {
            throw NumericsError(
                description: "OpenBLAS: expected the kernel family \(kernel), found \(found)"
                    + (wasLoaded
                        ? ", which was loaded before Bitlaw could pin it\n  fix: unset LD_PRELOAD, or "
                            + "set OPENBLAS_CORETYPE=\(kernel) before the program starts"
                        : "\n  fix: run on a CPU with AVX2 and FMA, with a libopenblas that was built "
                            + "for several families (DYNAMIC_ARCH)"))
        }
        return unsafe BLASRuntime(
            kernel: found, version: words.count > 1 ? String(words[1]) : "unknown",
            sgemm: unsafeBitCast(sgemm, to: bitlaw_sgemm.self),
            dgemm: unsafeBitCast(dgemm, to: bitlaw_dgemm.self),
            dsyevd: unsafeBitCast(dsyevd, to: bitlaw_dsyevd.self),
            dpotrf: unsafeBitCast(dpotrf, to: bitlaw_dpotrf.self),
            dgels: unsafeBitCast(dgels, to: bitlaw_dgels.self))
    }

    private static func text(_ function: bitlaw_text) -> String {
        guard let text = unsafe function() else { return "" }
        return unsafe String(cString: text)
    }
}
