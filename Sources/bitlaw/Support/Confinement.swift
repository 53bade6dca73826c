import Synchronization
import System

/// Whether the programs of experiments can be confined on this machine.
enum Confinement {
    private static let found = Mutex<SandboxTrial?>(nil)

    /// What a trial start finds out, once a process.
    static var here: SandboxTrial {
        found.withLock { found in
            let trial = found ?? SandboxTrial.run(.person)
            found = trial
            return trial
        }
    }

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
