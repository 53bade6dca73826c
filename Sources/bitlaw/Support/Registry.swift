import ComputeOptimal
import DynamicalModel
import EqualCompute
package import Experiment
import HiddenFactors
import Laws
package import Numerics
package import Run
import Spectra
import Spiral
package import System
import Workbench

/// Every kind that ships with Bitlaw; each subject lists its own.
///
/// The profile in keys and the arithmetic that stages get are one choice.
package func shippedKinds(
    numerics: ArithmeticChoice = ArithmeticChoice(),
    programs: ProgramVariables = ProgramVariables(EnvironmentVariables())
) -> KindRegistry {
    KindRegistry(
        engineKinds + spiralKinds + lawsKinds + hiddenFactorsKinds + spectraKinds
            + computeOptimalKinds + dynamicalModelKinds + equalComputeKinds,
        machine: MachineFingerprint.ofMeasurements,
        services: StageServices().adding(numerics).adding(programs),
        profile: { try numerics.arithmetic().profile })
}

/// The kinds of a program that was started with these variables: `BITLAW_NUMERICS` chooses the arithmetic,
/// `BITLAW_ISA` the instruction set, which a program does once and first.
package func shippedKinds(for person: EnvironmentVariables) -> KindRegistry {
    Kernels.prefer(person["BITLAW_ISA"])
    return shippedKinds(
        numerics: ArithmeticChoice(person["BITLAW_NUMERICS"]), programs: ProgramVariables(person))
}

/// What an experiment of any subject may use: programs, downloads, tables.
private let engineKinds: [any Stage.Type] = [
    SourceFetch.self, CommandStage.self, TableImportStage.self,
]

/// The OpenBLAS that the profile `blas` would use: version and kernel family, read back.
///
/// - Throws: why it cannot be used here; the default profile does without.
package func openBLASProfile() throws -> String { try BLASRuntime.shared().profile }
