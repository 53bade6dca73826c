/// Draws of tokens, sorted by token: each distinct token once, ascending, its draws in their order.
package struct TokenGroups {
    /// The distinct tokens.
    package let distinct: Buffer<Int32>
    /// Token i has the draws places[i] ..< places[i + 1].
    package let places: Buffer<Int32>
    /// The draws by token: their numbers as they were drawn.
    package let order: Buffer<Int32>
    /// Room for an output of each, in the same order.
    package let labels: Buffer<Int32>
    private let next: Buffer<Int32>

    /// Prepares for tokens below a bound and at most `capacity` draws.
    package init(tokens: Int, capacity: Int) {
        distinct = Buffer(count: min(tokens, capacity))
        places = Buffer(count: min(tokens, capacity) + 1)
        order = Buffer(count: capacity)
        labels = Buffer(count: capacity)
        next = Buffer(count: tokens + 1)
    }

    /// Sorts; returns how many tokens are distinct.
    ///
    /// - Complexity: O(tokens + draws).
    package func group(_ inputs: Buffer<Int32>, count: Int) -> Int {
        next.clear(0..<next.count)
        for draw in 0..<count { next[Int(inputs[draw]) + 1] += 1 }
        var size = 0
        places[0] = 0
        for token in 0..<(next.count - 1) {
            if next[token + 1] > 0 {
                distinct[size] = Int32(token)
                places[size + 1] = places[size] + next[token + 1]
                size += 1
            }
            next[token + 1] += next[token]
        }
        for draw in 0..<count {
            let token = Int(inputs[draw])
            order[Int(next[token])] = Int32(draw)
            next[token] += 1
        }
        return size
    }
}
