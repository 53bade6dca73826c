/// The nonlinearity between dense layers.
package enum Activation: String, Sendable, CaseIterable {
    /// max(0, x).
    case relu
    /// tanh x.
    case tanh
    /// x Φ(x), with the error function: Hendrycks & Gimpel, arXiv 1606.08415.
    case gelu
    /// erf(x/√2): Saad & Solla, Phys. Rev. E 52 (1995).
    case erf
}
