import Glibc

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

    /// Why a file of the project cannot be read; `nil` where it can.
    func problem(_ path: String, _ project: String) -> String? {
        if let names { return names.contains(path) ? nil : "it is not there" }
        if unsafe access("\(project)/\(path)", R_OK) == 0 { return nil }
        return unsafe String(cString: strerror(errno))
    }
}
