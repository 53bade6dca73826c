/// What the program hands to its stages beside their inputs, one value of each type.
///
/// A stage can ask for a type that this module need not know, such as an arithmetic. What a service could
/// change in an output has to be in the action's key.
package struct StageServices: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    /// No services.
    package init() {}

    /// These and one more, in place of another of its type.
    package func adding<Service: Sendable>(_ service: Service) -> StageServices {
        var all = self
        all.values[ObjectIdentifier(Service.self)] = service
        return all
    }

    /// The service of a type; `nil` where the program has none.
    package func find<Service: Sendable>(_ type: Service.Type) -> Service? {
        values[ObjectIdentifier(type)] as? Service
    }
}
