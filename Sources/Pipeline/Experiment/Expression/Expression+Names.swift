extension Expression {
    /// The axes and constants that the expression names, with their offsets in characters.
    var names: [(name: String, offset: Int)] {
        switch self {
        case .literal: []
        case .name(let name, let offset): [(name, offset)]
        case .member(let base, _, _): base.names
        case .call(_, let arguments, _): arguments.flatMap { $0.names }
        case .unary(_, let operand, _): operand.names
        case .binary(_, let left, let right, _): left.names + right.names
        }
    }
}
