import System

/// A text cut into equal streams that are read side by side: each batch goes on where the last one ended.
package struct TextStreams: Sendable {
    /// The characters as classes, `[streams, length]`.
    package let tokens: [Int32]
    /// Streams, and characters of each.
    package let streams, length: Int

    /// Cuts; the rest that fills no whole stream is left out.
    package init(_ tokens: [Int32], streams: Int) {
        precondition(streams > 0 && tokens.count >= 2 * streams, "\(tokens.count) characters")
        self.streams = streams
        length = tokens.count / streams
        self.tokens = Array(tokens.prefix(streams * length))
    }

    /// Chunks of so many characters before the text starts again: a chunk's last character needs its
    /// successor.
    package func chunks(of size: Int) -> Int { (length - 1) / size }

    /// The character at a place of a stream; class 0 before the text.
    func token(_ stream: Int, _ place: Int) -> Int32 {
        place < 0 ? 0 : tokens[stream * length + place]
    }
}
