import ComputationAware
import ComputeOptimal
import DynamicalModel
import EqualCompute
package import Experiment
import FeatureExtrapolation
import Foundations
import GaussianEquivalence
import HiddenFactors
import InContext
import Laws
package import Numerics
import PersianRug
import RandomisedInference
import RelativeGradient
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
        subjects.flatMap { $0.stages },
        machine: MachineFingerprint.ofMeasurements,
        services: StageServices().adding(numerics).adding(programs).adding(LawReader.forms),
        profile: { try numerics.arithmetic().profile })
}

/// The kinds that ship with Bitlaw by subject, each with its title, ordered by name.
package let kindSubjects: [(title: String, kinds: [Kind])] = subjects.map { title, stages in
    (title, stages.map { $0.kind }.sorted { $0.name < $1.name })
}

private let subjects: [(title: String, stages: [any Stage.Type])] = [
    ("Programs, downloads, tables, charts and pages", engineKinds),
    ("Scaling laws", lawsKinds),
    ("A toy problem: two classes along a spiral", spiralKinds),
    ("Data with hidden factors", hiddenFactorsKinds),
    ("One-pass learning on power-law data", spectraKinds),
    ("Compute-optimal students of random teachers", computeOptimalKinds),
    ("A solvable model of scaling: random features", dynamicalModelKinds),
    ("Two architectures at equal compute", equalComputeKinds),
    ("Superposition of sparse features: the Persian rug", persianRugKinds),
    ("Estimation and misspecification: information-theoretic foundations", foundationsKinds),
    ("In-context learning of linear models", inContextKinds),
    ("Gaussian processes that know what they did not compute", computationAwareKinds),
    ("Structured inference with randomisation", randomisedInferenceKinds),
    ("Embeddings of features that were never seen", featureExtrapolationKinds),
    ("Learning on the data of generative models", gaussianEquivalenceKinds),
    ("Flows that are trained without an inverse", relativeGradientKinds),
]

/// The kinds of a program that was started with these variables: `BITLAW_NUMERICS` chooses the arithmetic.
package func shippedKinds(for person: EnvironmentVariables) -> KindRegistry {
    let approval = ToolApproval { place, project in
        (try? ReaderConsent(of: person))?.isGiven(.place(place), to: project) ?? false
    }
    return shippedKinds(
        numerics: ArithmeticChoice(person["BITLAW_NUMERICS"]), programs: ProgramVariables(person)
    ).adding(approval)
}

/// What an experiment of any subject may use: programs, downloads, tables, charts, pages.
private let engineKinds: [any Stage.Type] = [
    SourceFetch.self, ProgramStage.self, TableImportStage.self, ChartStage.self, PlotStage.self,
    PageStage.self,
]

/// The OpenBLAS that the profile `blas` would use: version and kernel family, read back.
///
/// - Throws: why it cannot be used here; the default profile does without.
package func openBLASProfile() throws -> String { try BLASRuntime.shared().profile }
