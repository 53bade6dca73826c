package import Canon
import System

/// Every kind that this build of Bitlaw knows, by name.
package struct KindRegistry: Sendable {
    /// The stages by kind name.
    package let stages: [String: any Stage.Type]
    /// The arithmetic that kinds with `usesProfile` compute with; part of their keys.
    ///
    /// For example `portable/1`, or `blas/openblas-0.3.21/Haswell`.
    package let profile: @Sendable () throws -> String
    private let describeMachine: @Sendable () -> String
    /// What stages are given beside their inputs.
    package let services: StageServices

    /// Collects kinds; two of one name trap.
    package init(
        _ stages: [any Stage.Type],
        machine: @autoclosure @escaping @Sendable () -> String = MachineFingerprint.here,
        services: StageServices = StageServices(),
        profile: @escaping @Sendable () throws -> String
    ) {
        describeMachine = machine
        self.services = services
        self.stages = Dictionary(uniqueKeysWithValues: stages.map { ($0.kind.name, $0) })
        self.profile = profile
    }

    private init(
        _ other: KindRegistry, stages: [String: any Stage.Type]? = nil,
        services: StageServices? = nil
    ) {
        (profile, describeMachine) = (other.profile, other.describeMachine)
        self.stages = stages ?? other.stages
        self.services = services ?? other.services
    }

    /// The machine that measurements belong to; part of their keys.
    ///
    /// Found out where somebody asks.
    package var machine: String { describeMachine() }

    /// The same kinds, whose stages are given one more service.
    package func adding<Service: Sendable>(_ service: Service) -> KindRegistry {
        KindRegistry(self, services: services.adding(service))
    }

    /// These kinds and others; one whose name is taken traps.
    package func adding(kinds: [any Stage.Type]) -> KindRegistry {
        let others = kinds.map { ($0.kind.name, $0) }
        return KindRegistry(
            self, stages: stages.merging(others) { _, _ in preconditionFailure("one name twice") })
    }

    /// The kinds, ordered by name.
    package var kinds: [Kind] { stages.values.map { $0.kind }.sorted { $0.name < $1.name } }

    /// The kind of a name.
    package func kind(_ name: String) -> Kind? { stages[name]?.kind }

    /// The kind that runs the programs of kinds that a file of a project describes.
    private var programs: Kind? { stages.values.lazy.map { $0.kind }.first { $0.isOpen } }

    /// The kind whose stage executes actions of a kind: another one where a file describes the kind.
    package func executing(_ kind: Kind) -> String {
        if stages[kind.name] != nil || !kind.runsForeignProgram { return kind.name }
        return programs?.name ?? kind.name
    }

    /// The kind of an action, from the description of its key alone; `nil` where its stages are not known
    /// here, or not in this version.
    package func kind(
        _ name: String, version: Int, parameters: [String: JSON], inputs: some Sequence<String>
    ) -> Kind? {
        let isDescribed = stages[name] == nil && parameters[ProgramParameters.member] != nil
        guard let known = isDescribed ? programs : kind(name) else { return nil }
        guard isDescribed || known.version == version else { return nil }
        return known.fitted(parameters: ProgramParameters.of(parameters), inputs: inputs)?
            .named(name, version: version)
    }
}
