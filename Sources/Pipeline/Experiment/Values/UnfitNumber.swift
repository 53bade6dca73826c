/// Why a text with the form of a number is none that can be held without a change.
package enum UnfitNumber: Sendable, Equatable {
    /// It has more digits than a double holds above 2⁵³.
    case tooManyDigits
    /// It is beyond the largest double.
    case tooLarge
    /// It is not 0, but closer to 0 than the smallest double.
    case tooSmall
    /// It is infinite or no number (`.inf`, `.nan`).
    case notFinite
    /// It begins with a 0 that readers of YAML 1.1 and 1.2 take for other things.
    case leadingZero
    /// It is hexadecimal or octal (`0x1f`, `0o17`).
    case otherBase

    /// What is wrong with it, after its text: "9007199254740993, which …".
    package var text: String {
        switch self {
        case .tooManyDigits: "which is beyond 2⁵³ and would be rounded"
        case .tooLarge: "which is beyond the largest number, about 1.8e308"
        case .tooSmall: "which is so small that it would become 0"
        case .notFinite: "which is not a finite number"
        case .leadingZero: "which begins with 0: some readers take it for octal"
        case .otherBase: "which is not a decimal number"
        }
    }

    /// What to do about it.
    package var advice: String {
        switch self {
        case .tooManyDigits:
            "quote it, or make it smaller: whole numbers reach 9007199254740992, powers of ten are written 1e18"
        case .tooLarge, .tooSmall, .notFinite:
            "quote it where a text is meant, or give a finite number"
        case .leadingZero: "quote it where a text is meant, or write it without the 0 in front"
        case .otherBase: "quote it where a text is meant, or write it in decimal"
        }
    }
}
