import Experiment
import Run
import TestSupport
import Testing

/// The variables that let libraries of others compute the same everywhere.
@Suite struct PinnedPathTests {
    /// A change of this list changes the keys of all pinned commands.
    @Test func `a pinned program gets these variables`() {
        #expect(
            PinnedPaths.words(isPinned: true, besides: []) == [
                "ATEN_CPU_CAPABILITY=avx2", "CUBLAS_WORKSPACE_CONFIG=:4096:8",
                "DNNL_MAX_CPU_ISA=AVX2",
                "MKL_CBWR=COMPATIBLE", "MKL_NUM_THREADS=1",
                "NPY_DISABLE_CPU_FEATURES=X86_V4 AVX512F AVX512CD AVX512_KNL AVX512_KNM AVX512_SKX "
                    + "AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
                "NUMEXPR_NUM_THREADS=1", "OMP_NUM_THREADS=1", "ONEDNN_MAX_CPU_ISA=AVX2",
                "OPENBLAS_CORETYPE=Haswell", "OPENBLAS_NUM_THREADS=1", "PYTHONHASHSEED=0",
                "XLA_FLAGS=--xla_cpu_max_isa=AVX2 --xla_cpu_multi_thread_eigen=false "
                    + "--xla_gpu_deterministic_ops=true", "PYTHONDONTWRITEBYTECODE=1",
            ])
        #expect(
            PinnedPaths.words(isPinned: false, besides: []) == ["PYTHONDONTWRITEBYTECODE=1"])
    }

    @Test func `what a stage sets itself counts`() {
        let words = PinnedPaths.words(
            isPinned: true, besides: ["OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"])
        #expect(words.count == PinnedPaths.variables.count - 1)
        #expect(!words.contains { $0.hasPrefix("OMP_") || $0.hasPrefix("PYTHONDONT") })
    }

    @Test func `the documentation of the kind names every one of them`() throws {
        let said = ProgramParameters.list.map { $0.summary }.joined(separator: " ")
        let words = said.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        for (name, _) in PinnedPaths.variables + PinnedPaths.always {
            #expect(words.contains(name), "\(name)")
        }
    }

    @Test func `the page on programs names every one of them with its value`() throws {
        let page = try #require(Repository.text("docs/programs.md"))
        for (name, value) in PinnedPaths.variables + PinnedPaths.always {
            #expect(page.contains("`\(name)=\(value)`"), "\(name)=\(value)")
        }
    }
}
