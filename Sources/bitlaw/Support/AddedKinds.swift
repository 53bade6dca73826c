import Canon
package import Experiment
import Synchronization

/// The kinds that a package of others adds to those that ship, when it starts the program.
package enum AddedKinds {
    private static let added = Mutex<[any Stage.Type]>([])

    /// The kinds that were added.
    static var all: [any Stage.Type] { added.withLock { $0 } }

    /// What `bitlaw kinds` lists them under; nothing where there are none.
    static var subjects: [(title: String, kinds: [Kind])] {
        let kinds = all.map { $0.kind }.sorted { $0.name < $1.name }
        return kinds.isEmpty ? [] : [("Added by this program", kinds)]
    }

    /// Notes the kinds of this process, before it looks any kind up.
    ///
    /// - Throws: ``UsageError`` for a kind that cannot be added.
    static func begin(with stages: [any Stage.Type]) throws {
        if stages.isEmpty { return }
        if let mistake = mistake(in: stages, beside: shippedKinds()) {
            throw UsageError(text: mistake)
        }
        added.withLock { $0 = stages }
    }

    /// Why stages cannot be added to the kinds of a registry, and what to do; `nil` where they can.
    package static func mistake(
        in stages: [any Stage.Type], beside known: KindRegistry
    ) -> String? {
        var owners: [String: any Stage.Type] = [:]
        for stage in stages {
            let (kind, type) = (stage.kind, String(reflecting: stage))
            if let flaw = kind.flaw { return "the kind of \(type): \(flaw)" }
            if known.kind(kind.name) != nil {
                return "the kind `\(kind.name)` comes with Bitlaw, and \(type) adds another"
                    + "\n  fix: give it a name of its own in its `kind`, such as `mylab.\(kind.name)`"
            }
            if let other = owners.updateValue(stage, forKey: kind.name) {
                return "two kinds are named `\(kind.name)`: those of \(String(reflecting: other)) "
                    + "and \(type)\n  fix: give each a name of its own in its `kind`"
            }
        }
        return nil
    }
}
