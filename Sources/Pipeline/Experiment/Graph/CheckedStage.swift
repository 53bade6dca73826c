/// A stage whose kind looks at what is written before anything runs: formulas, expressions, pages.
///
/// What it finds is told like every other mistake of the experiment file, and nothing starts. A key never
/// hangs on it.
package protocol CheckedStage: Stage {
    /// Notes what could never run; of stages that are read only names are known.
    static func check(_ draft: StageDraft)
}
