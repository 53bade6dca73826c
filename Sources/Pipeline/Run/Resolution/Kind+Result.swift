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
        if expected == found { return misfit(result) }
        return "expected the outputs \(list(expected)) of \(versionedName), found \(list(found))"
    }

    /// Where a result has a folder for a file, or a file for a folder.
    private func misfit(_ result: ActionResult) -> String? {
        for port in outputs {
            guard let output = result.output(port.name), output.isTree != port.isTree else {
                continue
            }
            return "expected a \(port.isTree ? "folder" : "file") as the output \(port.name) of "
                + "\(versionedName), found a \(output.isTree ? "folder" : "file")"
        }
        return nil
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
