import ArgumentParser
import Experiment
import Glibc
import Run
import System

/// The exit codes of design section 9.
enum Code {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let store: Int32 = 3
    static let difference: Int32 = 4
    static let interrupted: Int32 = 130
}

/// Turns any error into its text and exit code; the only place that does.
enum Failure {
    static func exit(with error: any Error) -> Never {
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        switch error {
        case let error as ExperimentError: stop("\(error)", Code.usage)
        case let error as TargetError: stop("error: \(error)", Code.usage)
        case let error as MissingResults: stop("error: \(error)", Code.failed)
        case let error as UsageError: stop("error: \(error.text)", Code.usage)
        case let error as OperationalError: stop("error: \(error)", Code.store)
        default: break
        }
        let text = Bitlaw.fullMessage(for: error)
        if Bitlaw.exitCode(for: error) == .success {
            Output.write(text + "\n")
            Glibc.exit(Code.done)
        }
        stop(text, Code.usage)
    }

    private static func stop(_ text: String, _ code: Int32) -> Never {
        Output.error(text + "\n")
        Glibc.exit(code)
    }
}

/// A request that makes no sense.
struct UsageError: Error {
    let text: String
}

/// Writing to the two streams; a reader that went away ends the program quietly.
enum Output {
    static func write(_ text: String) { write(text, to: 1) }

    static func line(_ text: String) { write(text + "\n", to: 1) }

    static func error(_ text: String) { write(text, to: 2) }

    private static func write(_ text: String, to descriptor: CInt) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(
                    descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            if count <= 0 { Glibc.exit(errno == EPIPE ? Code.done : Code.store) }
            offset += count
        }
    }
}
