import CKernels

/// A formula and its derivatives as nodes, equal ones once.
///
/// Derivatives are made of nodes too, so they are differentiated by the same rules. A factor of 1 and a
/// summand of 0 leave no node behind.
struct FormulaGraph {
    /// What a node is.
    enum Node: Hashable {
        case number(Double)
        /// A part of the formula without parameters, by its step on the tape.
        case column(Int)
        /// A coordinate of the block, by its place there.
        case parameter(Int)
        /// What a kernel's step does with nodes; `c` is a whole number for powers.
        case step(Int32, a: Int, b: Int, c: Int)
    }

    private(set) var nodes: [Node] = []
    /// Whether a node is the same at all points of a block.
    private(set) var isUniform: [Bool] = []
    private var known: [Node: Int] = [:]
    private var slopes: [Pair: Int] = [:]

    private struct Pair: Hashable {
        let node: Int
        let parameter: Int
    }

    /// The node for something, known or new.
    mutating func add(_ node: Node) -> Int {
        if let place = known[node] { return place }
        nodes.append(node)
        known[node] = nodes.count - 1
        switch node {
        case .number, .parameter: isUniform.append(true)
        case .column: isUniform.append(false)
        case .step(let work, let a, let b, let c):
            let isSame = isUniform[a] && isUniform[b]
            isUniform.append(isSame && (work != chooses || isUniform[c]))
        }
        return nodes.count - 1
    }

    mutating func number(_ value: Double) -> Int { add(.number(value)) }

    private func value(_ node: Int) -> Double? {
        if case .number(let value) = nodes[node] { return value }
        return nil
    }

    private let chooses = Int32(BITLAW_STEP_CHOOSE)

    /// A step of one or two operands.
    mutating func step(_ work: Int, _ a: Int, _ b: Int? = nil, _ c: Int = 0) -> Int {
        add(.step(Int32(work), a: a, b: b ?? a, c: c))
    }

    mutating func sum(_ a: Int, _ b: Int) -> Int {
        if value(a) == 0 { return b }
        if value(b) == 0 { return a }
        return step(BITLAW_STEP_ADD, a, b)
    }

    mutating func difference(_ a: Int, _ b: Int) -> Int {
        if value(b) == 0 { return a }
        if value(a) == 0 { return negative(b) }
        return step(BITLAW_STEP_SUBTRACT, a, b)
    }

    mutating func negative(_ a: Int) -> Int {
        if let value = value(a) { return number(-value) }
        if case .step(Int32(BITLAW_STEP_NEGATE), let inner, _, _) = nodes[a] { return inner }
        return step(BITLAW_STEP_NEGATE, a)
    }

    /// The product of a derivative: where a factor is 0 it is 0.
    mutating func product(_ a: Int, _ b: Int) -> Int {
        if value(a) == 0 || value(b) == 0 { return number(0) }
        if let one = value(a), let other = value(b) { return number(one * other) }
        if value(a) == 1 { return b }
        if value(b) == 1 { return a }
        if value(a) == -1 { return negative(b) }
        if value(b) == -1 { return negative(a) }
        return step(BITLAW_STEP_PRODUCT, a, b)
    }

    mutating func raised(_ a: Int, to whole: Int) -> Int {
        if whole == 0 { return number(1) }
        return whole == 1 ? a : step(BITLAW_STEP_RAISE, a, nil, whole)
    }

    mutating func choice(_ condition: Int, _ yes: Int, _ no: Int) -> Int {
        yes == no ? yes : step(BITLAW_STEP_CHOOSE, condition, yes, no)
    }

    /// The derivative of a node by a parameter.
    mutating func slope(_ node: Int, by parameter: Int) -> Int {
        let pair = Pair(node: node, parameter: parameter)
        if let made = slopes[pair] { return made }
        let made: Int
        switch nodes[node] {
        case .number, .column: made = number(0)
        case .parameter(let own): made = number(own == parameter ? 1 : 0)
        case .step(let work, let a, let b, let c):
            made = slope(node, Int(work), a, b, c, by: parameter)
        }
        slopes[pair] = made
        return made
    }

    private mutating func slope(
        _ node: Int, _ work: Int, _ a: Int, _ b: Int, _ c: Int, by parameter: Int
    ) -> Int {
        let (first, other) = (slope(a, by: parameter), slope(b, by: parameter))
        switch work {
        case BITLAW_STEP_ADD: return sum(first, other)
        case BITLAW_STEP_SUBTRACT: return difference(first, other)
        case BITLAW_STEP_MULTIPLY, BITLAW_STEP_PRODUCT:
            let (left, right) = (product(first, b), product(a, other))
            return sum(left, right)
        case BITLAW_STEP_DIVIDE:
            return quotientSlope(node, first, by: b, other, parameter)
        case BITLAW_STEP_MIN: return choice(step(BITLAW_STEP_LESS_EQUAL, a, b), first, other)
        case BITLAW_STEP_MAX: return choice(step(BITLAW_STEP_LESS_EQUAL, b, a), first, other)
        case BITLAW_STEP_CHOOSE: return choice(a, other, slope(c, by: parameter))
        case BITLAW_STEP_NEGATE: return negative(first)
        default: return value(first) == 0 ? first : product(factor(node, work, a, c), first)
        }
    }

    /// The derivative of a quotient a/b; that of a/eˣ needs no derivative of eˣ.
    private mutating func quotientSlope(
        _ node: Int, _ first: Int, by b: Int, _ other: Int, _ parameter: Int
    ) -> Int {
        let inverse = step(BITLAW_STEP_INVERT, b)
        if case .step(Int32(BITLAW_STEP_EXP), let exponent, _, _) = nodes[b] {
            let rate = product(node, slope(exponent, by: parameter))
            return difference(product(first, inverse), rate)
        }
        let rest = difference(first, product(node, other))
        return product(rest, inverse)
    }

    /// The derivative of a function by its operand.
    private mutating func factor(_ node: Int, _ work: Int, _ a: Int, _ c: Int) -> Int {
        let one = number(1)
        switch work {
        case BITLAW_STEP_EXP: return node
        case BITLAW_STEP_LOG: return step(BITLAW_STEP_INVERT, a)
        case BITLAW_STEP_INVERT: return negative(product(node, node))
        case BITLAW_STEP_SQRT: return product(number(0.5), step(BITLAW_STEP_INVERT, node))
        case BITLAW_STEP_LOGISTIC: return product(node, difference(one, node))
        case BITLAW_STEP_TANH: return difference(one, product(node, node))
        case BITLAW_STEP_ABS: return step(BITLAW_STEP_SIGN, a)
        case BITLAW_STEP_RAISE: return product(number(Double(c)), raised(a, to: c - 1))
        default: return number(0)
        }
    }
}
