import System

/// A program that did not end well; its end may be declared worth another attempt.
package struct ProgramFailure: Error, CustomStringConvertible {
    /// The exit code, or minus the number of the signal that killed it.
    package let status: Int32
    /// The program.
    package let program: String
    /// Whether the kernel killed processes for want of memory while it ran.
    package let isMemoryShort: Bool

    /// Names how a program ended.
    package init(status: Int32, program: String, isMemoryShort: Bool = false) {
        self.status = status
        self.program = program
        self.isMemoryShort = isMemoryShort
    }

    /// How the attempt ended with it.
    package var end: AttemptEnd { AttemptEnd(status: status, isMemoryShort: isMemoryShort) }

    /// What happened, for people.
    package var description: String {
        if status >= 0 { return "\(program) ended with exit code \(status)" }
        let text = "\(program) was killed by \(SignalName.text(-status))"
        return end == .outOfMemory
            ? text + ": the kernel kills programs when the machine has no memory left" : text
    }
}
