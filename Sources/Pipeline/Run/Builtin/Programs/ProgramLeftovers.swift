import Canon
import Experiment
import Glibc
import System

/// What a program left in its work folder that is none of its outputs.
struct ProgramLeftovers {
    /// The most entries that are looked at.
    private static let most = 10_000
    private static let shown = 5

    /// What was found; no size for what may not be looked at, or has a name that is no text.
    private var found: [(path: String, size: Int?)] = []
    private var isCutOff = false

    /// Looks through a work folder.
    ///
    /// `given` are the paths that were there before.
    init(in folder: String, given: Set<ExactText>, outputs: ProgramOutputs) {
        let kept = Set(outputs.list.map { ExactText($0.path) })
        var folders = [""]
        var looked = 0
        while let inner = folders.popLast() {
            guard let names = try? namesInFolder("\(folder)/\(inner)") else {
                found.append((inner, nil))
                continue
            }
            for name in names {
                looked += 1
                guard looked <= ProgramLeftovers.most, inner.utf8.count < 2048 else {
                    isCutOff = true
                    return
                }
                let path = inner + name
                if given.contains(ExactText(path)) || kept.contains(ExactText(path)) { continue }
                var status = stat()
                let isThere = unsafe lstat("\(folder)/\(path)", &status) == 0
                if isThere && status.st_mode & S_IFMT == S_IFDIR {
                    folders.append("\(path)/")
                } else {
                    found.append((path, isThere ? Int(status.st_size) : nil))
                }
            }
        }
    }

    /// Names and sizes for people; `nil` where nothing is left.
    var text: String? {
        if found.isEmpty { return nil }
        let first = found.prefix(ProgramLeftovers.shown).map { path, size in
            let told = size.map { ByteCount.text($0) } ?? "which cannot be looked at"
            return "\(visible(path)) (\(told))"
        }
        let more = found.count - first.count
        let rest =
            more > 0 ? ["\(more)\(isCutOff ? " or more" : "") others"] : isCutOff ? ["others"] : []
        return (first + rest).joined(separator: ", ")
    }
}
