import CSystem
import Glibc

/// The first process of a sandbox, which starts the program there and says how it ended.
///
/// It is a program of its own beside `bitlaw`; of a program that a signal killed, and of one that ended with
/// the code that a shell gives to that, bubblewrap says the same.
package enum ProgramKeeper {
    /// The file's name.
    package static let name = "bitlaw-keeper"
    /// Where the sandbox shows it.
    package static let place = "/.keeper"

    /// The path of the one beside this process's own program; `nil` where it is missing.
    package static let path: String? = {
        guard let own = linkTarget("/proc/self/exe") else { return nil }
        let path = "\(ProjectFolder.folder(of: own))/\(name)"
        return ChildProcess.isProgram(path) ? path : nil
    }()

    /// How a program ended, as its keeper says it: the exit code, or minus the signal.
    ///
    /// - Parameter descriptor: the end of the pipe that nobody writes into any more.
    /// - Returns: `nil` where the keeper was killed itself, or never began.
    package static func end(in descriptor: CInt) -> CInt? {
        var room = [UInt8](repeating: 0, count: 64)
        var count = -1
        repeat {
            count = unsafe read(descriptor, &room, room.count)
        } while count < 0 && errno == EINTR
        let line = room.prefix(max(0, count)).prefix { $0 != 10 }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 2, let number = CInt(words[1]), 0...255 ~= number else { return nil }
        switch words[0] {
        case "exit": return number
        case "signal": return number == 0 ? nil : -number
        default: return nil
        }
    }
}
