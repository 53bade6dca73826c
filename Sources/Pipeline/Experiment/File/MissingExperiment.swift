import Canon
import Glibc
import System

/// Says what stands at a path where an experiment file was expected, and which file may be meant.
package enum MissingExperiment {
    /// How many files of a folder are looked into.
    private static let most = 200

    /// The mistake of naming this path.
    static func error(_ path: String) -> ExperimentError {
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        if isThere && status.st_mode & S_IFMT == S_IFDIR {
            let found = experiments(in: path)
            let named =
                found.isEmpty
                ? "there is none in it; `bitlaw init FOLDER` makes one"
                : "in it: \(found.prefix(10).joined(separator: ", "))"
            return ExperimentError.at(
                path, "it is a folder", ["expected: the path of an experiment file", named])
        }
        if isThere {
            return ExperimentError.at(
                path, "it is no plain file", ["expected: the path of an experiment file"])
        }
        return ExperimentError.noSuchFile(
            path, expected: "the path of an experiment file, such as pipelines/NAME.yaml")
    }

    /// The file that may be meant: the same name with its ending, in `pipelines`, or spelled alike.
    static func nearest(_ path: String) -> String? {
        let same = ["\(path).yaml", "\(path).yml", "pipelines/\(path)", "pipelines/\(path).yaml"]
        if let found = same.first(where: { sizeOfFile($0) != nil }) { return found }
        let lead = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let name = String(path.dropFirst(lead.count))
        let folder = lead.isEmpty ? "." : String(lead)
        let ending = name.lastIndex(of: ".").map { name[$0...] } ?? ".yaml"
        let beside = ((try? namesInFolder(folder)) ?? []).filter {
            isYAML($0) || $0.hasSuffix(ending)
        }
        if let near = nearestName(to: name, among: beside) { return lead + near }
        let stems = beside.map { String($0.prefix { $0 != "." }) }
        guard let near = nearestName(to: name, among: stems) else { return nil }
        // Beside spiral.yaml may be spiral.claims.yaml.
        let found = beside.filter { $0.hasPrefix("\(near).") }
        return found.min { $0.utf8.count < $1.utf8.count }.map { lead + $0 }
    }

    /// The experiment files of a folder and of its `pipelines`.
    package static func experiments(in folder: String) -> [String] {
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let lead = base == "." ? "" : base + "/"
        let names = ["", "pipelines/"].flatMap { part in
            ((try? namesInFolder("\(base)/\(part)")) ?? []).filter(isYAML).map { part + $0 }
        }
        return names.prefix(most).map { lead + $0 }.filter(isExperiment)
    }

    private static func isYAML(_ name: String) -> Bool {
        name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    /// Whether a line of the file gives an experiment its name, and none begins claims about one.
    private static func isExperiment(_ path: String) -> Bool {
        guard let file = try? PlainFile.open(path), let bytes = try? file.read(1 << 16) else {
            return false
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.contains { $0.hasPrefix("experiment:") }
            && !lines.contains { $0.hasPrefix("claims:") }
    }
}
