/// Puts texts into a script for a POSIX shell so that the shell reads each as the word that it is.
///
/// Where a place stands outside quotes the text is quoted; inside of double quotes what the shell would
/// read is escaped; inside of single quotes a single quote is. So no text becomes a part of the program.
/// A shell reads bytes, and so does this: a letter that joins a quote leaves it a quote.
package struct ShellText {
    /// Why a text cannot be put where it stands.
    package struct Unfit: Error, Equatable {
        /// What stands around the place.
        package let reason: String

        /// Names what stands there.
        package init(reason: String) { self.reason = reason }
    }

    private var reader = ShellReader()
    private var bytes: [UInt8] = []

    /// Begins with an empty script.
    package init() {}

    /// The script so far.
    package var script: String { String(decoding: bytes, as: UTF8.self) }

    /// Adds text of the script as it is written.
    package mutating func append(written: String) {
        for byte in written.utf8 { reader.read(byte) }
        bytes += written.utf8
    }

    /// Adds a text that the shell reads as a word, or a part of one.
    ///
    /// - Throws: ``Unfit`` where what stands around the place does not tell how the shell would read it.
    package mutating func append(value: String) throws(Unfit) {
        let isOrdinary = !value.isEmpty && value.utf8.allSatisfy(ShellText.isOrdinary)
        if let reason = reader.doubt ?? reader.doubtHere {
            guard isOrdinary, !reader.isName else { throw Unfit(reason: reason) }
            bytes += value.utf8
        } else {
            switch reader.context {
            case .plain: bytes += ShellText.quoted(value).utf8
            case .single: bytes += ShellText.escaped(value, "'", as: "'\\''")
            case .double:
                for byte in value.utf8 {
                    if "$`\"\\".utf8.contains(byte) { bytes.append(UInt8(ascii: "\\")) }
                    bytes.append(byte)
                }
            case .comment: bytes += ShellText.escaped(value, "\n", as: " ")
            case .arithmetic, .parameter: bytes += value.utf8
            }
        }
        reader.passValue()
    }

    /// A text in single quotes.
    package static func quoted(_ text: String) -> String {
        String(
            decoding: Array("'".utf8) + escaped(text, "'", as: "'\\''") + "'".utf8, as: UTF8.self)
    }

    private static func escaped(_ text: String, _ one: Unicode.Scalar, as other: String)
        -> [UInt8]
    {
        let wanted = UInt8(ascii: one)
        return text.utf8.flatMap { $0 == wanted ? Array(other.utf8) : [$0] }
    }

    /// Whether no shell reads anything but itself in a byte.
    private static func isOrdinary(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_-./:=,@%+".utf8.contains(byte)
        }
    }
}
