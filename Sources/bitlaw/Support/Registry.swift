import ComputeOptimal
import DynamicalModel
import EqualCompute
package import Experiment
import HiddenFactors
import Laws
import Numerics
import Run
import Spectra
import Spiral
import System
import Workbench

/// Every kind that ships with Bitlaw; each subject lists its own.
package let allKinds = KindRegistry(
    engineKinds + spiralKinds + lawsKinds + hiddenFactorsKinds + spectraKinds
        + computeOptimalKinds + dynamicalModelKinds + equalComputeKinds,
    machine: MachineFingerprint.ofMeasurements,
    profile: { try Arithmetic.shared().profile })

/// What an experiment of any subject may use: programs, downloads, tables.
private let engineKinds: [any Stage.Type] = [
    SourceFetch.self, CommandStage.self, TableImportStage.self,
]

/// The OpenBLAS that the profile `blas` would use: version and kernel family, read back.
///
/// - Throws: why it cannot be used here; the default profile does without.
package func openBLASProfile() throws -> String { try BLASRuntime.shared().profile }
