/// The variables that make well-known libraries compute the same on every x86-64 processor with AVX2.
///
/// numpy, OpenBLAS, MKL, PyTorch and XLA choose their code by the processor, and split sums by the number of
/// threads: another machine gives other bits. With `pin: true` a program gets these variables. Each library
/// reads its own and passes the others over. `docs/programs.md` says what each does, and what it costs.
package enum PinnedPaths {
    /// The variables, by their names.
    package static let variables: [(name: String, value: String)] = [
        ("ATEN_CPU_CAPABILITY", "avx2"),
        ("CUBLAS_WORKSPACE_CONFIG", ":4096:8"),
        ("DNNL_MAX_CPU_ISA", "AVX2"),
        ("MKL_CBWR", "COMPATIBLE"),
        ("MKL_NUM_THREADS", "1"),
        // The names of numpy 2.4 and of the versions before; what a numpy does not know it leaves alone.
        (
            "NPY_DISABLE_CPU_FEATURES",
            "X86_V4 AVX512F AVX512CD AVX512_KNL AVX512_KNM AVX512_SKX AVX512_CLX AVX512_CNL "
                + "AVX512_ICL AVX512_SPR"
        ),
        ("NUMEXPR_NUM_THREADS", "1"),
        ("OMP_NUM_THREADS", "1"),
        ("ONEDNN_MAX_CPU_ISA", "AVX2"),
        ("OPENBLAS_CORETYPE", "Haswell"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("PYTHONHASHSEED", "0"),
        (
            "XLA_FLAGS",
            "--xla_cpu_max_isa=AVX2 --xla_cpu_multi_thread_eigen=false "
                + "--xla_gpu_deterministic_ops=true"
        ),
    ]

    /// The variables that every program gets, pinned or not: none of them changes what is computed.
    package static let always: [(name: String, value: String)] = [
        // A module that was shown read-only has no place for its bytecode.
        ("PYTHONDONTWRITEBYTECODE", "1")
    ]

    /// The variables of a program; what a stage sets itself counts before them.
    ///
    /// - Parameters:
    ///   - isPinned: whether libraries take the pinned paths.
    ///   - own: the names that the stage sets or passes on.
    /// - Returns: `NAME=VALUE` each.
    package static func words(isPinned: Bool, besides own: Set<String>) -> [String] {
        ((isPinned ? variables : []) + always).filter { !own.contains($0.name) }
            .map { "\($0.name)=\($0.value)" }
    }
}
