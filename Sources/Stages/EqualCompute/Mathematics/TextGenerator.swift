import Numerics
import System

/// Text of our own: words of syllables, sentences by chains of words, paragraphs about a named person.
///
/// Characters are a to z, space, comma, full stop and new line. Statistics at three distances: letters
/// within a syllable and word, words that follow words, and a name that comes back throughout a
/// paragraph. Deterministic: the same seed gives the same text.
package struct TextGenerator {
    private let words: [[UInt8]]
    private let names: [[UInt8]]
    private let successors: [[Int]]
    private var stream: RandomStream

    /// Makes a language from a seed; texts of one seed and different indices are in one language.
    package init(words count: Int, branching: Int, seed: UInt64, index: UInt64) {
        var language = RandomStream(seed: seed, purpose: "language")
        let (starts, middles, ends) = (
            Array("bcdfghklmnprstvw".utf8), Array("aeiou".utf8), Array("lmnrst".utf8)
        )
        func pick(_ from: [UInt8]) -> UInt8 { from[language.integer(below: from.count)] }
        func word(_ syllables: Int) -> [UInt8] {
            (0..<syllables).flatMap { _ -> [UInt8] in
                var syllable = [pick(starts), pick(middles)]
                if language.uniform() < 0.35 { syllable.append(pick(ends)) }
                return syllable
            }
        }
        words = (0..<count).map { _ in word(1 + language.integer(below: 3)) }
        names = (0..<64).map { _ in word(3) }
        successors = (0..<count).map { _ in
            // Frequent words are frequent successors: a product of uniforms leans to low places.
            (0..<branching).map { _ in Int(Double(count) * language.uniform() * language.uniform())
            }
        }
        stream = RandomStream(seed: seed, purpose: "text", index: index)
    }

    /// The next paragraphs, together at least so many characters.
    package mutating func text(characters: Int) -> [UInt8] {
        var text: [UInt8] = []
        while text.count < characters {
            let name = names[stream.integer(below: names.count)]
            for _ in 0..<(3 + stream.integer(below: 4)) { sentence(about: name, into: &text) }
            text.append(10)
        }
        return text
    }

    private mutating func sentence(about name: [UInt8], into text: inout [UInt8]) {
        var word = stream.integer(below: words.count)
        let length = 4 + stream.integer(below: 9)
        for place in 0..<length {
            if place > 0 { text.append(32) }
            if stream.uniform() < 0.12 {
                text += name
            } else {
                text += words[word]
                let next = successors[word]
                // A fifth of the successors make most of the text.
                let u = stream.uniform()
                word = next[Int(Double(next.count) * u * u)]
            }
            if place > 1 && place < length - 2 && stream.uniform() < 0.08 { text.append(44) }
        }
        text += [46, 32]
    }
}
