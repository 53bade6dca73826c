package import Canon
package import Experiment
package import LocalStore

/// An output that was made twice with different bits, and what its stage says of that.
package struct OutputDifference: Sendable {
    /// What a stage says of an output with other bits.
    package enum Standing: Sendable, Equatable {
        /// Its numbers are within what `compare` allows.
        case within
        /// `deterministic: false`: they may be any.
        case stated
        /// Nothing allows it.
        case refused
    }

    /// The output.
    package let output: String
    /// The bits that it had; `nil` where there was none.
    package let first: Digest?
    /// The bits that it has now; `nil` where there is none.
    package let second: Digest?
    /// How they differ, where both could be read.
    package let comparison: TypedComparison?
    /// What its stage allows numbers of this output.
    package let tolerance: Tolerance?
    /// What its stage says of it.
    package let standing: Standing
}

extension OutputDifference {
    /// The outputs with other bits in the second of two results of a stage, both of whose bytes a store has.
    package static func list(
        _ stage: ResolvedStage, _ first: ActionResult, _ second: ActionResult, in store: Store,
        formats: (any OutputFormats)?
    ) -> [OutputDifference] {
        let names = Set((first.outputs + second.outputs).map { $0.name })
        let promise = stage.rules.promise
        return names.sorted().compactMap { name in
            let (old, new) = (first.output(name), second.output(name))
            if old?.digest == new?.digest { return nil }
            let tolerance = promise.tolerances[name]
            var comparison: TypedComparison?
            if let old, let new, let formats {
                comparison = formats.compare(
                    StoredOutput(old.digest, isTree: old.isTree, in: store),
                    StoredOutput(new.digest, isTree: new.isTree, in: store),
                    fileName: stage.kind.outputs.first { $0.name == name }?.fileName ?? "",
                    tolerance: tolerance)
            }
            let isWithin = tolerance != nil && comparison?.isWithin == true
            let isStated = promise.isFree(name) && old != nil && new != nil
            return OutputDifference(
                output: name, first: old?.digest, second: new?.digest, comparison: comparison,
                tolerance: tolerance, standing: isWithin ? .within : isStated ? .stated : .refused)
        }
    }
}
