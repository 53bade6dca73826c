import Canon
import Glibc
import System

/// What `pyvenv.cfg` says of a virtual environment (PEP 405).
struct PythonSettings {
    /// The version of the interpreter that it was made from, such as `3.11.7`.
    let version: String
    /// The folders with packages of that interpreter, where the environment sees them.
    let sharedPackages: [String]

    /// Reads the file of an environment.
    init(ofEnvironment root: String) throws {
        let bytes = try readRequiredFile("\(root)/pyvenv.cfg", limit: 1 << 20)
        var settings: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map(PythonSettings.trimmed)
            if parts.count == 2 { settings[parts[0].lowercased()] = parts[1] }
        }
        let folder = PythonSettings.libraryFolder(of: root)
        let written = settings["version_info"] ?? settings["version"]
        version =
            written.map { $0.split(separator: ".").prefix(3).joined(separator: ".") }
            ?? folder.map { String($0.dropFirst("python".count)) } ?? "unknown"
        guard settings["include-system-site-packages"]?.lowercased() == "true",
            let home = settings["home"], let folder
        else {
            sharedPackages = []
            return
        }
        let prefix = ProjectFolder.folder(of: home)
        let candidates =
            ["\(prefix)/lib/\(folder)/site-packages"]
            + (prefix == "/usr"
                ? ["/usr/local/lib/\(folder)/dist-packages", "/usr/lib/python3/dist-packages"] : [])
        sharedPackages = candidates.filter(ProjectFolder.isFolder)
    }

    /// The name of the folder that holds the packages, such as `python3.11`.
    private static func libraryFolder(of root: String) -> String? {
        guard let names = try? namesInFolder("\(root)/lib") else { return nil }
        return names.first { $0.hasPrefix("python") }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
