import Canon
import Experiment
import Glibc
import System

/// What stands where a program was to write one of its outputs.
///
/// Links are followed only to what the program wrote itself. Outside of its sandbox a link leads elsewhere
/// than within, to files of this machine that it may not see; and where a file was mounted for it, an empty
/// one stands.
enum WrittenOutput {
    /// Nothing.
    case nothing
    /// What the program wrote: its path, without links.
    case own(String)
    /// Links lead to this place, which is none of what it wrote.
    case elsewhere(String)

    /// Looks for an output in a work folder; `given` are the paths in it that were there before.
    init(_ output: ProgramOutputs.Output, in folder: String, given: Set<ExactText>) {
        let path = "\(folder)/\(output.path)"
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            self = .nothing
            return
        }
        guard unsafe access(path, F_OK) == 0 || status.st_mode & S_IFMT != S_IFLNK else {
            self = .elsewhere(linkTarget(path) ?? path)
            return
        }
        let (root, real) = (ProjectFolder.real(folder), ProjectFolder.real(path))
        guard ProjectReach.contains(root, real) else {
            self = .elsewhere(real)
            return
        }
        let inner = String(decoding: real.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self)
        let isGiven = WrittenOutput.ways(to: inner).contains { given.contains(ExactText($0)) }
        let holdsGiven = given.contains { $0.text.utf8.starts(with: "\(inner)/".utf8) }
        self = isGiven || holdsGiven ? .elsewhere(inner) : .own(real)
    }

    /// A path and all folders above it.
    private static func ways(to path: String) -> [String] {
        var ways = [path]
        while let way = ways.last, way.utf8.contains(UInt8(ascii: "/")) {
            ways.append(ProjectFolder.folder(of: way))
        }
        return ways
    }
}
