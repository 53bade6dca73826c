import System

/// Every kind that this build of Bitlaw knows, by name.
package struct KindRegistry: Sendable {
    /// The stages by kind name.
    package let stages: [String: any Stage.Type]
    /// The arithmetic that kinds with `usesProfile` compute with; part of their keys.
    ///
    /// For example `portable/1`, or `blas/openblas-0.3.21/Haswell`.
    package let profile: @Sendable () throws -> String
    /// The machine that measurements belong to; part of their keys.
    package let machine: String
    /// What stages are given beside their inputs.
    package let services: StageServices

    /// Collects kinds; two of one name trap.
    package init(
        _ stages: [any Stage.Type], machine: String = MachineFingerprint.here,
        services: StageServices = StageServices(),
        profile: @escaping @Sendable () throws -> String
    ) {
        self.machine = machine
        self.services = services
        self.stages = Dictionary(uniqueKeysWithValues: stages.map { ($0.kind.name, $0) })
        self.profile = profile
    }

    /// The same kinds, whose stages are given one more service.
    package func adding<Service: Sendable>(_ service: Service) -> KindRegistry {
        KindRegistry(
            Array(stages.values), machine: machine, services: services.adding(service),
            profile: profile)
    }

    /// The kinds, ordered by name.
    package var kinds: [Kind] { stages.values.map { $0.kind }.sorted { $0.name < $1.name } }

    /// The kind of a name.
    package func kind(_ name: String) -> Kind? { stages[name]?.kind }
}
