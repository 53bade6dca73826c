package import Experiment
package import LocalStore

extension Kind {
    /// Why a result is none of this kind, though its key says so; `nil` for one that is.
    ///
    /// Readers of an action take its outputs by their names, so nothing else may become known of it.
    package func mistake(of result: ActionResult) -> String? {
        guard result.kind == name, result.version == version else {
            return
                "expected a result of \(versionedName), found one of \(result.kind)/\(result.version)"
        }
        let (expected, found) = (outputs.map { $0.name }.sorted(), result.outputs.map { $0.name })
        if expected == found { return nil }
        return "expected the outputs \(list(expected)) of \(versionedName), found \(list(found))"
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
