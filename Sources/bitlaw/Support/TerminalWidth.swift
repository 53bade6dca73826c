import Glibc
import System

/// How many columns a text may have, and texts that keep to it.
enum TerminalWidth {
    /// The columns of a stream: what the person says with COLUMNS, else what the terminal has; `nil` where
    /// the stream is no terminal.
    static func of(_ descriptor: CInt) -> Int? {
        if let columns = EnvironmentVariables.person["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
            return columns
        }
        return ofTerminal(descriptor)
    }

    /// The columns of a terminal; `nil` where the stream is none.
    static func ofTerminal(_ descriptor: CInt) -> Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// A line broken at blanks, so that it fits; what follows the first break begins in the column `hanging`.
    ///
    /// A word that is too long for a line of its own stays whole.
    static func wrapped(_ line: String, hanging: Int, to width: Int?) -> String {
        guard let width, line.count > width else { return line }
        let lead = line.prefix { $0 == " " }
        let margin = String(repeating: " ", count: hanging < width / 2 ? hanging : 2)
        var lines: [String] = []
        var current = String(lead)
        var isEmpty = true
        for word in line.dropFirst(lead.count).split(
            separator: " ", omittingEmptySubsequences: false)
        {
            if !isEmpty && current.count + 1 + word.count > width {
                while current.hasSuffix(" ") { current.removeLast() }
                lines.append(current)
                if word.isEmpty { continue }
                current = margin + word
            } else {
                current += isEmpty ? String(word) : " \(word)"
            }
            isEmpty = false
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// A text whose lines are broken so that they fit; each goes on below its beginning.
    static func wrapped(_ text: String, to width: Int?) -> String {
        guard let width else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            wrapped(String(line), hanging: line.prefix { $0 == " " }.count + 2, to: width)
        }.joined(separator: "\n")
    }
}
