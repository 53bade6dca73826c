package import Canon
import Glibc
import System

/// The packages of the system below all programs: what `system: strict` takes into the key.
package struct SystemPackages: Sendable, Equatable {
    /// The digest of names and versions, in order.
    package let digest: Digest
    /// Whose list it is, and how long, for people: `dpkg, 512 packages`.
    package let text: String

    /// This system's, looked at once a process; `nil` where no list of packages is found.
    package static let here = SystemPackages(of: "")

    /// Those of the system whose files stand below a folder.
    package init?(of root: String) {
        if let list = SystemPackages.dpkg("\(root)/var/lib/dpkg/status") {
            self.init("dpkg", list)
        } else if let list = SystemPackages.apk("\(root)/lib/apk/db/installed") {
            self.init("apk", list)
        } else if let list = SystemPackages.pacman("\(root)/var/lib/pacman/local") {
            self.init("pacman", list)
        } else if let digest = SystemPackages.rpm(root) {
            self.init(digest: digest, text: "rpm")
        } else {
            return nil
        }
    }

    private init(digest: Digest, text: String) {
        self.digest = digest
        self.text = text
    }

    private init(_ manager: String, _ packages: [String]) {
        let sorted = packages.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.init(
            digest: Digest(of: Array((sorted.joined(separator: "\n") + "\n").utf8).span),
            text: "\(manager), \(counted(packages.count, "package"))")
    }

    /// The digest of rpm's database, which is no text: it tells two installations apart that have the same
    /// packages.
    private static func rpm(_ root: String) -> Digest? {
        for folder in ["var/lib/rpm", "usr/lib/sysimage/rpm"] {
            for name in ["rpmdb.sqlite", "Packages.db", "Packages"] {
                if let digest = try? Digest(ofFileAt: "\(root)/\(folder)/\(name)") { return digest }
            }
        }
        return nil
    }

    /// What is installed by a file of paragraphs, as Debian keeps it.
    private static func dpkg(_ path: String) -> [String]? {
        paragraphs(of: path)?.compactMap { fields in
            guard let name = fields["Package"], let version = fields["Version"],
                fields["Status"]?.hasSuffix(" installed") ?? false
            else { return nil }
            return "\(name):\(fields["Architecture"] ?? "") \(version)"
        }
    }

    /// What is installed by a file of paragraphs with short names, as Alpine keeps it.
    private static func apk(_ path: String) -> [String]? {
        paragraphs(of: path)?.compactMap { fields in
            guard let name = fields["P"], let version = fields["V"] else { return nil }
            return "\(name):\(fields["A"] ?? "") \(version)"
        }
    }

    /// Names and versions are names of folders, as Arch keeps them.
    private static func pacman(_ path: String) -> [String]? {
        guard ProjectFolder.isFolder(path), let names = try? namesInFolder(path) else { return nil }
        return names.filter { $0 != "ALPM_DB_VERSION" }
    }

    private static func paragraphs(of path: String) -> [[Substring: Substring]]? {
        guard let bytes = try? readWholeFile(path) else { return nil }
        var paragraphs: [[Substring: Substring]] = [[:]]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                paragraphs.append([:])
            } else if line.first != " ", let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                paragraphs[paragraphs.count - 1][line[..<colon]] = value
            }
        }
        return paragraphs
    }
}
