/// Why a compressed file cannot be read.
package struct PackingError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with it, and at which byte.
    package let description: String

    static func cutShort(_ packing: Packing, at offset: Int) -> PackingError {
        PackingError(
            description:
                "the \(packing.rawValue) file is cut short: it ends at byte \(offset), inside "
                + "its stream; is the copy whole?")
    }

    static func damaged(_ packing: Packing, at offset: Int) -> PackingError {
        PackingError(
            description:
                "the \(packing.rawValue) file is damaged at byte \(offset + 1): what stands "
                + "there is no such stream, or its check sum differs; copy it again")
    }

    static func tooLong(_ packing: Packing, limit: Int) -> PackingError {
        PackingError(
            description:
                "the \(packing.rawValue) file gives more than the \(limit) bytes that are read "
                + "from one file")
    }
}
