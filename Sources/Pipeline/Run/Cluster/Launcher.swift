package import System

/// Where a pilot stands, as its launcher tells.
package enum PilotState: Sendable, Equatable {
    /// It has not begun, for this reason.
    case waiting(String)
    /// It runs.
    case running
    /// Its machine was taken away or broke: no fault of what it executed.
    case taken(String)
    /// It ended, in the launcher's own words.
    case ended(String)
    /// It will never begin, in the launcher's own words.
    case stuck(String)

    /// Whether it may still execute something.
    var isLive: Bool {
        switch self {
        case .waiting, .running: true
        case .ended, .taken, .stuck: false
        }
    }
}

/// How pilots are cancelled.
package enum PilotCancellation: Sendable {
    /// Those that have not begun; others go on.
    case waiting
    /// All; the programs of those that run have their time to end by themselves.
    case kindly
    /// All, at once.
    case atOnce
}

/// What pilots of one class are started with.
package struct PilotOrder: Sendable {
    /// What their actions need.
    package let need: NeedClass
    /// The words of a pilot.
    package internal(set) var words: [String]
    /// How many processors each gets.
    package let cpus: Int
    /// How many bytes of memory each gets; `nil` for what is usual there.
    package let memory: Int?
    /// How many seconds each has.
    package let seconds: Int
    /// What the paths of their logs begin with, on their machines.
    package let logs: String
}

/// Starts pilots, asks how they are and cancels them.
///
/// It decides nothing. Each call of a client has a time limit; what is asked often is asked for all pilots
/// at once.
package protocol Launcher: Sendable {
    /// Finds out, before anything is submitted, what cannot work.
    ///
    /// - Throws: ``LauncherError``.
    func check() throws

    /// Starts pilots.
    ///
    /// - Returns: their names, as their files of events have them.
    /// - Throws: ``LauncherError`` with the launcher's own words.
    func submit(_ order: PilotOrder, count: Int, of run: ClusterFolder) throws -> [String]

    /// Begins to ask how pilots are.
    func ask(about pilots: [String], of run: ClusterFolder) throws -> [TimedProgram]

    /// Reads the answers to a question, in its order; `nil` where there is none.
    ///
    /// Pilots that no answer tells of are gone.
    func states(
        of pilots: [String], in run: ClusterFolder, _ answers: [TimedProgram.Answer]
    ) -> [String: PilotState]?

    /// Lets pilots end.
    ///
    /// - Throws: ``LauncherError``.
    func cancel(_ pilots: [String], of run: ClusterFolder, _ how: PilotCancellation) throws

    /// Where short programs can be started, each by its name: hosts, or whatever node there is.
    var places: [String] { get }

    /// Starts a short program at one of the places.
    ///
    /// - Throws: ``LauncherError``.
    func begin(_ words: [String], at place: String, seconds: Double) throws -> TimedProgram
}

/// What a launcher said that does not do as it is asked.
package struct LauncherError: Error, CustomStringConvertible {
    /// What was done, and the launcher's own words.
    package let message: String
    /// What to do.
    package let remedy: String
    /// Whether the same may work a moment later.
    package let isPassing: Bool

    /// The words and the remedy, as the command line prints them.
    package var description: String { "\(message)\n  fix: \(remedy)" }
}
