import BitlawProgram
import Experiment
import Numerics
import Testing
import Workbench

/// What a stage is given by the program beside its inputs.
@Suite struct ServiceTests {
    private func context(usesProfile: Bool, _ services: StageServices) -> StageContext {
        let kind = Kind(
            name: "test.kind", version: 1, summary: "A test.", source: "ours", outputs: [],
            usesProfile: usesProfile)
        return StageContext(
            kind: kind, parameters: Parameters(checked: [:]), seed: 0, folder: "/nonexistent",
            inputs: [:], services: services)
    }

    @Test func `a stage computes with the arithmetic whose profile is in its key`() throws {
        for name in ["portable", "blas"] {
            let kinds = shippedKinds(numerics: ArithmeticChoice(name))
            guard let profile = try? kinds.profile() else {
                print("SKIPPED: no OpenBLAS, so the profile blas was not tried")
                continue
            }
            #expect(profile.hasPrefix("\(name)/"))
            let context = context(usesProfile: true, kinds.services)
            #expect(try context.arithmetic.profile == profile)
        }
    }

    @Test func `an arithmetic that is not in the key, or that nobody chose, is refused`() {
        let services = StageServices().adding(ArithmeticChoice())
        #expect(
            failure { _ = try context(usesProfile: false, services).arithmetic }
                == "test.kind: its key does not name the arithmetic that it asks for\n"
                + "  fix: declare the kind with usesProfile: true, or take Arithmetic.portable(), "
                + "whose bits are the same everywhere")
        #expect(
            failure { _ = try context(usesProfile: true, StageServices()).arithmetic }
                == "test.kind: this program gives its stages no arithmetic\n"
                + "  fix: add an ArithmeticChoice to the services of its KindRegistry")
        #expect(
            failure { _ = try ArithmeticChoice("fast").arithmetic() }
                == "BITLAW_NUMERICS: expected portable or blas, found \"fast\"\n"
                + "  fix: unset BITLAW_NUMERICS for portable, whose bits are the same everywhere")
    }

    @Test func `services are found by type, the last of a type counts`() {
        let services = StageServices().adding(1).adding("one").adding(2)
        #expect(services.find(Int.self) == 2 && services.find(String.self) == "one")
        #expect(services.find(Double.self) == nil)
    }
}
