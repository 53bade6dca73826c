import Canon
import Glibc
import System

/// What an experiment file may count on: the files of its project, and how large it may become.
package struct ExperimentFiles {
    /// How many points the axes of all stages may have; those that `when` leaves out count.
    package static let mostPoints = 10_000_000

    private let names: Set<String>?
    let mostPoints: Int

    /// The files of a folder; or, where `names` are given, these alone, whatever the folder has.
    package init(names: Set<String>? = nil, mostPoints: Int = ExperimentFiles.mostPoints) {
        self.names = names
        self.mostPoints = mostPoints
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
        case S_IFDIR: return "it is a folder; name its files one by one"
        case S_IFIFO: return "it is a pipe"
        default: return "it is no plain file"
        }
    }
}
