import Numerics
package import System

extension MachineFingerprint {
    /// What measurements belong to: the CPU, and the kernels that the process computes with.
    package static let ofMeasurements = "\(here); kernels \(Kernels.forNumbers.variant.rawValue)"
}
