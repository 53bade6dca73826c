/// A program that did not end well; its exit code may be declared worth another attempt.
package struct ProgramFailure: Error, CustomStringConvertible {
    /// The exit code, or minus the number of the signal that killed it.
    package let status: Int32
    /// The program.
    package let program: String

    /// Names how a program ended.
    package init(status: Int32, program: String) {
        self.status = status
        self.program = program
    }

    /// The exit code; for a program that a signal killed what a shell says: 128 and the signal's number.
    package var exitCode: Int { Retry.exitCode(ofStatus: status) }

    /// What happened, for people.
    package var description: String {
        status < 0
            ? "\(program) was killed by signal \(-status)"
            : "\(program) ended with exit code \(status)"
    }
}
