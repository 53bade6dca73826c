/// numpy's legacy generator (`RandomState`), as far as published bootstraps need it.
///
/// Source: Matsumoto & Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998): MT19937, seeded by their
/// `init_genrand`; integers by masking and rejecting, as `RandomState.randint` does.
struct LegacyTwister {
    private var state: [UInt32]
    private var place = 624

    init(seed: UInt32) {
        state = [seed]
        for index in 1..<624 {
            let last = state[index - 1]
            state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index))
        }
    }

    /// The next 32 bits.
    mutating func next() -> UInt32 {
        if place == 624 {
            for index in 0..<624 {
                let mixed =
                    (state[index] & 0x8000_0000) | (state[(index + 1) % 624] & 0x7fff_ffff)
                state[index] =
                    state[(index + 397) % 624] ^ (mixed >> 1)
                    ^ (mixed & 1 == 1 ? 0x9908_b0df : 0)
            }
            place = 0
        }
        var word = state[place]
        place += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9d2c_5680
        word ^= (word << 15) & 0xefc6_0000
        return word ^ (word >> 18)
    }

    /// `count` integers below `limit`, each as often as any other.
    mutating func integers(_ count: Int, below limit: Int) -> [Int] {
        let most = UInt32(limit - 1)
        let mask = most == 0 ? 0 : UInt32.max >> UInt32(most.leadingZeroBitCount)
        return (0..<count).map { _ in
            var word = next() & mask
            while word > most { word = next() & mask }
            return Int(word)
        }
    }
}
