extension Expression {
    /// The axes and constants that the expression names, with their offsets in characters.
    package var names: [(name: String, offset: Int)] {
        switch self {
        case .literal: []
        case .path(let name, _, let offset): [(name, offset)]
        case .call(_, let arguments, _): arguments.flatMap { $0.names }
        case .unary(_, let operand, _): operand.names
        case .binary(_, let left, let right, _): left.names + right.names
        case .chain(let first, let links): first.names + links.flatMap { $0.operand.names }
        }
    }
}
