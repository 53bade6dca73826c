import ArgumentParser
import Experiment
import Glibc
import Run
import System

/// Turns any error into its text and exit code; the only place that does.
enum Failure {
    /// Ends the program; what the parser of arguments threw, the root command puts into words.
    static func exit(with error: any Error, of root: any ParsableCommand.Type) -> Never {
        if let code = error as? ExitCode { end(code.rawValue) }
        switch error {
        case let error as ExperimentError: stop("\(error)", Code.usage)
        case let error as TargetError: stop("error: \(error)", Code.usage)
        case let error as MissingInputs: stop("error: \(error)", Code.failed)
        case let error as MissingResults: stop("error: \(error)", Code.failed)
        case let error as LauncherError: stop("error: \(error)", Code.failed)
        case let error as UsageError: stop("error: \(error.text)", Code.usage)
        case let error as ExportRefusal: stop("error: \(error.text)", Code.usage)
        case let error as OperationalError: stop("error: \(error)", Code.store)
        default: break
        }
        let isAsked = root.exitCode(for: error) == .success
        let width = TerminalWidth.of(isAsked ? 1 : 2) ?? 80
        let isNarrow = isAsked && width < NarrowHelp.limit
        let message = root.fullMessage(
            for: error, columns: isNarrow ? NarrowHelp.unbroken : nil)
        let said = UsageLine.fitted(
            isNarrow ? NarrowHelp.laid(message, to: width) : message, to: width)
        if isAsked {
            Output.write(said + "\n")
            end(Code.done)
        }
        stop(ParserWords.ours(said), Code.usage)
    }

    private static func stop(_ text: String, _ code: Int32) -> Never {
        Output.error(text + "\n")
        end(code)
    }

    /// Ends the program; that something could not be written counts before all else.
    static func end(_ code: Int32) -> Never {
        OpenStores.tellDamage()
        Glibc.exit(Output.failure ?? code)
    }
}
