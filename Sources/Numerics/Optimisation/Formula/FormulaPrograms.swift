import Synchronization

/// The programs of a formula, one for each set of anchors; the last ones that were asked for are kept.
final class FormulaPrograms: Sendable {
    private let kept = Mutex<[(anchors: [Double], program: FormulaProgram)]>([])

    /// The program for anchors, made where it is not kept.
    func program(_ anchors: [Double], make: () -> FormulaProgram) -> FormulaProgram {
        let known = kept.withLock { kept in kept.first { $0.anchors == anchors }?.program }
        if let known { return known }
        let made = make()
        kept.withLock { kept in kept = kept.suffix(1) + [(anchors, made)] }
        return made
    }
}
