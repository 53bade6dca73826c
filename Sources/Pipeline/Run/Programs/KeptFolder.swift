import Glibc
import System

/// A folder that a program finds in its work folder, and that is kept between attempts.
struct KeptFolder: Sendable {
    /// Where it is kept.
    let path: String
    /// Where it stands in the work folder.
    let place: String

    /// How a confined program gets it.
    var mount: SandboxMount {
        SandboxMount(path, at: "\(Sandbox.workFolder)/\(place)", isWritable: true)
    }

    /// Leads an unconfined program to it, from the work folder.
    func link(in folder: String) throws {
        let link = "\(folder)/\(place)"
        try makeFolder(ProjectFolder.folder(of: link))
        guard unsafe symlink(path, link) == 0 else {
            throw OperationalError.system("make a link", link)
        }
    }
}
