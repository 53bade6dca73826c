import Numerics
package import Pipeline

/// Every kind that ships with Bitlaw.
package let allKinds = KindRegistry(
    [
        SourceFetch.self, CommandStage.self, SpiralManifoldStage.self, SpiralMixtureStage.self,
        SpiralSampleStage.self, SpiralTestStage.self, NetworkTrain.self, SpiralNetworkErrors.self,
        SpiralNeighbourErrors.self, LawFit.self, LawAllocate.self, LawIsoflop.self,
        LawEnvelope.self, LawCompare.self, LawCurves.self, LawWins.self, LawReport.self,
        LawSimulate.self, LawCoverage.self,
        TableImport.self, SpiralFieldFacts.self, SpiralPicture.self,
        SpiralReport.self, FactorsTask.self, FactorsFacts.self,
    ], profile: { try Arithmetic.shared().profile })

/// The OpenBLAS that the profile `blas` would use: version and kernel family, read back.
///
/// - Throws: why it cannot be used here; the default profile does without.
package func openBLASProfile() throws -> String { try BLASRuntime.shared().profile }
