public import Experiment

/// The command line of Bitlaw, for a program that adds kinds of its own.
///
/// ```swift
/// import BitlawProgram
///
/// Program.main(adding: [RandomWalk.self])
/// ```
///
/// Such a program is a whole `bitlaw`: it plans, runs, audits and documents the added kinds like those that
/// ship.
public enum Program {
    /// Runs the command that this process was started with; a failure ends the process with its exit code.
    ///
    /// It is the whole `main.swift` of a program. Workers are this same program once more, so they know the
    /// kinds too. A kind whose name is taken, or that no experiment file could use, is a mistake: a message
    /// says which, and the exit code is 2.
    ///
    /// The key of an action holds the name and the version of its kind, and not the digest of the program:
    /// raise the version whenever the same key would give other bits.
    ///
    /// - Parameter kinds: the kinds that are added to those that ship.
    public static func main(adding kinds: [any Stage.Type] = []) {
        Bitlaw.start(adding: kinds)
    }
}
