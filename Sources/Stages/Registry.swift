package import Cache
package import Pipeline

/// Every kind that ships with Bitlaw.
package let allKinds = KindRegistry([SourceFetch.self, CommandStage.self], profile: { "none" })

/// A fitted law in one line.
package enum LawSummary {
    /// The line that `run` prints.
    package static func text(_ law: JSON) -> String { law["formula"]?.text ?? "" }
}
