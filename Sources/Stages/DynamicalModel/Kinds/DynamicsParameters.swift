import Experiment

/// What the kinds of the solvable model have in common.
enum DynamicsParameters {
    /// The exponents of the target and of the eigenvalues.
    static let exponents = [
        Parameter(
            "a", .number(from: 1, to: 20, openLow: true), "Target energies fall as k^-a."),
        Parameter("b", .number(from: 1, to: 20, openLow: true), "Eigenvalues fall as k^-b."),
    ]

    /// Where the theory of one pass comes from.
    static let theorySource = """
        Bordelon, Atanasov & Pehlevan (2024), arXiv 2402.01092, by a published summary; the P \
        = ∞ equation in Laplace's space is ours (docs/COMPUTE-OPTIMAL.md)
        """
}
