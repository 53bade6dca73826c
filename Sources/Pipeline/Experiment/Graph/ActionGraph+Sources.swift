package import Canon
package import System

extension ActionGraph {
    /// What a program finds an input under; the files of `files` have their whole paths.
    package func name(of source: InputSource, in input: ActionInput) -> String {
        switch source {
        case .file(let path), .folder(let path, _):
            if input.port == InputPort.programFiles { return path }
            return ProjectFolder.name(of: path)
        case .replay(let copy): return copy.name
        case .action(let producer, let output): return fileName(of: output, producer)
        }
    }

    /// The folder of the project that a source is; `nil` for any other source.
    package func folder(of source: InputSource) -> SourceFolder? {
        guard case .folder(let path, let without) = source else { return nil }
        return SourceFolder(
            "\(project)/\(path)", filter: PathFilter(without), reach: reach)
    }

    /// The file name of an output; that of a download is the end of its address.
    package func fileName(of output: String, _ producer: Int) -> String {
        let kind = stage(of: actions[producer]).kind
        if kind.isDownload {
            let end = actions[producer].parameters["url"]?.text.flatMap(SourceAddress.fileName)
            if let end, isSafeName(end) { return end }
        }
        let name = kind.outputs.first { $0.name == output }?.fileName ?? output
        return name.hasSuffix("/") ? String(name.dropLast()) : name
    }

    /// The digest that a downloaded source has to have; `nil` for any other action.
    package func pinnedSource(of index: Int) -> Digest? {
        let action = actions[index]
        guard stage(of: action).kind.isDownload else { return nil }
        return action.parameters["sha256"]?.text.flatMap { try? Digest(hex: $0) }
    }
}
