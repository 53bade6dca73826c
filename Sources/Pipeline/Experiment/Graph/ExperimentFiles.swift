import Canon
import Glibc
import System

/// What an experiment file may count on: the files of its project, and how large it may become.
package struct ExperimentFiles {
    /// How many points the axes of all stages may have; those that `when` leaves out count.
    package static let mostPoints = 10_000_000

    let names: Set<String>?
    private let contents: [String: [UInt8]]
    let mostPoints: Int
    /// Whether the reader of the project approved a place outside of it, to which a link leads.
    let isApproved: (_ root: String) -> Bool

    /// The files of a folder; or, where `names` are given, these alone, whatever the folder has, with the
    /// `contents` of those among them that an experiment file may include.
    package init(
        names: Set<String>? = nil, contents: [String: [UInt8]] = [:],
        mostPoints: Int = ExperimentFiles.mostPoints,
        isApproved: @escaping (_ root: String) -> Bool = { _ in false }
    ) {
        self.names = names
        self.contents = contents
        self.mostPoints = mostPoints
        self.isApproved = isApproved
    }

    /// Whether they are those of a folder, and not of a list alone.
    var isOnDisk: Bool { names == nil }

    /// What stands where no tool can be; `nil` where one may be: a file or a folder.
    func problemOfTool(at path: String) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            return linkTarget(path).map { "a link to \(visible($0)), where nothing stands" }
                ?? "nothing there"
        }
        return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) ? nil : status.kindInWords
    }

    /// The file in the same folder whose name is spelled alike; `nil` where there is none.
    func nearest(_ path: String, _ project: String) -> String? {
        guard names == nil else { return nil }
        let lead = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let beside = (try? namesInFolder("\(project)/\(lead)")) ?? []
        return nearestName(to: String(path.dropFirst(lead.count)), among: beside).map { lead + $0 }
    }

    /// Why a file of the project cannot be read; `nil` where it can.
    func problem(_ path: String, _ project: String) -> String? {
        if let names { return names.contains(path) ? nil : "it is not there" }
        var status = stat()
        guard unsafe stat("\(project)/\(path)", &status) == 0,
            unsafe access("\(project)/\(path)", R_OK) == 0
        else { return unsafe String(cString: strerror(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR: return "it is a folder"
        case S_IFIFO: return "it is a pipe"
        default: return "it is no plain file"
        }
    }

    /// The place outside the project that a link leads a path to; `nil` where it stays within.
    func root(_ path: String, _ project: String) -> String? {
        names == nil ? ProjectReach(project: project).root(of: path) : nil
    }

    /// The bytes of a file that the experiment is made of; `nil` where there is none of that path.
    ///
    /// - Throws: why one that is there cannot be read.
    func bytesIfAny(_ path: String, _ project: String) throws -> [UInt8]? {
        guard let problem = problem(path, project) else { return try bytes(path, project) }
        var status = stat()
        guard names == nil, unsafe lstat("\(project)/\(path)", &status) == 0 else { return nil }
        throw OperationalError(
            code: .malformed, message: "\(path): \(problem)", remedy: "put a plain file there")
    }

    /// The bytes of an included file; one that a link leads to outside the project is refused.
    func bytes(_ path: String, _ project: String) throws -> [UInt8] {
        if names != nil {
            guard let bytes = contents[path] else {
                throw OperationalError(
                    code: .missing, message: "\(path): it is not there",
                    remedy: "name a file that is there")
            }
            return bytes
        }
        let place = "\(project)/\(path)"
        if let root = root(path, project), sizeOfFile(place) != nil {
            throw OperationalError(
                code: .malformed, message: "\(path): a link leads out of the project, to \(root)",
                remedy: "put the file itself there")
        }
        if let size = sizeOfFile(place) { try YAMLReader.checkSize(size, path: path) }
        return try readRequiredFile(place)
    }
}
