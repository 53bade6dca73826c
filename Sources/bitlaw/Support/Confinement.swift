import Synchronization
import System

/// Whether the programs of experiments can be confined on this machine.
enum Confinement {
    private static let found = Mutex<SandboxTrial?>(nil)

    /// What a trial start finds out, once a process.
    static var here: SandboxTrial {
        found.withLock { found in
            let trial = found ?? (ProgramKeeper.path == nil ? lonely : SandboxTrial.run(.person))
            found = trial
            return trial
        }
    }

    /// What is found where `bitlaw` was copied without its companion.
    private static let lonely = SandboxTrial.fails(
        reason: "\(ProgramKeeper.name), which starts confined programs, is not beside bitlaw",
        remedy: "put it there: both are built, and installed, together (make install)")

    /// The same, where it was tried already.
    static var tried: SandboxTrial? { found.withLock { $0 } }

    /// Why programs are not confined.
    static var reason: String {
        if case .fails(let reason, _)? = tried { return reason }
        return "your configuration says `programs: unconfined`"
    }

    /// What to do so that they are.
    static var remedy: String {
        if case .fails(_, let remedy)? = tried { return remedy }
        return "let your config.yaml say `programs: asked`"
    }

    /// Whether they can.
    static var works: Bool { if case .works = here { true } else { false } }
}
