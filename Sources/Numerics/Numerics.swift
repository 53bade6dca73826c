import COpenBLAS

/// What computes; replaced by the numerics work.
package enum Placeholder {}
