import Canon
import Glibc
import System

/// Texts that may be wider or longer than the terminal.
enum Pager {
    /// Prints a text; through the person's pager where standard output is a terminal that it does not fit.
    ///
    /// PAGER names the pager; without it that is `less`, which leaves lines whole (-S) and ends by itself
    /// where all fits (-F). Where there is no pager the text is printed.
    static func show(_ text: String) throws {
        guard isatty(1) == 1, isatty(0) == 1, let width = TerminalWidth.ofTerminal(1) else {
            return Output.write(text)
        }
        let isWide = text.split(separator: "\n").contains { $0.count > width }
        let isLong = text.split(separator: "\n").count > 200
        guard isWide || isLong else { return Output.write(text) }
        let pager = EnvironmentVariables.person["PAGER"] ?? "less -SRFX"
        guard let stream = unsafe popen(pager, "w") else { return Output.write(text) }
        let bytes = Array(shown(text).utf8)
        _ = unsafe bytes.withUnsafeBufferPointer {
            unsafe fwrite($0.baseAddress, 1, $0.count, stream)
        }
        if unsafe pclose(stream) == 127 << 8 { Output.write(text) }
    }
}
