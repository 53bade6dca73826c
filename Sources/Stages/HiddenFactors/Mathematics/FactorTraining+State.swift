extension FactorTraining {
    private static let signature: UInt64 = 0x3173_726f_7463_6166  // "factors1", little-endian

    /// Everything that a later process needs to go on: little-endian words, then floats.
    package var state: [UInt8] {
        let numbers = numbers
        var words = [Self.signature, UInt64(step), UInt64(curve.count), UInt64(numbers[0].count)]
        for record in curve {
            words.append(UInt64(record.step))
            words += [record.rate, record.train, record.test].map { $0.bitPattern }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * words.count + 12 * numbers[0].count)
        for word in words { append(word, 8, to: &bytes) }
        for value in numbers.joined() { append(UInt64(value.bitPattern), 4, to: &bytes) }
        return bytes
    }

    private func append(_ word: UInt64, _ size: Int, to bytes: inout [UInt8]) {
        for place in 0..<size {
            bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(place))))
        }
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        func word(_ place: Int, _ size: Int = 8) -> UInt64 {
            (0..<size).reduce(0) { $0 | UInt64(state[place + $1]) << (8 * UInt64($1)) }
        }
        let count = network.layout.count
        guard state.count >= 32, word(0) == Self.signature else { return false }
        let step = Int(truncatingIfNeeded: word(8))
        guard (0...plan.steps).contains(step), word(16) == UInt64(records(after: step)),
            word(24) == UInt64(count),
            state.count == 32 + 32 * records(after: step) + 12 * count
        else { return false }
        let curve = (0..<records(after: step)).map { row in
            let numbers = (1...3).map { Double(bitPattern: word(32 + 32 * row + 8 * $0)) }
            return Record(
                step: Int(truncatingIfNeeded: word(32 + 32 * row)), rate: numbers[0],
                train: numbers[1], test: numbers[2])
        }
        let lists = (0..<3).map { list in
            let start = 32 + 32 * curve.count + 4 * count * list
            return (0..<count).map { Float(bitPattern: UInt32(word(start + 4 * $0, 4))) }
        }
        take(step: step, curve: curve, values: lists[0], first: lists[1], second: lists[2])
        return true
    }
}
