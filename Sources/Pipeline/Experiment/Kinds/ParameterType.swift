/// The values that a parameter takes.
public indirect enum ParameterType: Sendable {
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// A finite number in a range; a bound that is not itself allowed is marked open.
    case number(from: Double, to: Double, openLow: Bool = false, openHigh: Bool = false)
    /// `true` or `false`.
    case boolean
    /// Any text.
    case text
    /// One of the names.
    case choice([String])
    /// One of the names, or a text that is more than a word: what it is, in words.
    case choiceOrText([String], String)
    /// A list whose elements all have one type.
    case list(ParameterType, count: ClosedRange<Int>)
    /// The type, or `null`.
    case optional(ParameterType)
    /// A program's words, with places that are filled in when it starts.
    case words
    /// Variables of a program, by name; their values have places as words have.
    case environment
    /// Any JSON value; the kind checks it when it runs.
    case any
}

extension ParameterType {
    /// The names of a choice; `nil` for other types.
    var names: [String]? {
        switch self {
        case .choice(let names), .choiceOrText(let names, _): names
        default: nil
        }
    }
}
