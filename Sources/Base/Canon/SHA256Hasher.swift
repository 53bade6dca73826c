import CCrypto

/// A digest in progress: it allocates nothing.
@safe package struct SHA256Hasher: ~Copyable {
    private var state = bitlaw_sha256()

    /// Starts an empty digest.
    package init() { unsafe bitlaw_sha256_begin(&state, bitlaw_sha256_best()) }

    /// Adds bytes to the message.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes {
            unsafe bitlaw_sha256_update(&state, $0.baseAddress, $0.count)
        }
    }

    /// Ends the message; a second use does not compile.
    package consuming func finalize() -> Digest {
        var words = SIMD4<UInt64>()
        unsafe withUnsafeMutableBytes(of: &words) { buffer in
            unsafe bitlaw_sha256_finish(
                &state, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
        return Digest(bigEndian: words)
    }
}

extension Digest {
    /// Hashes bytes that are already in memory.
    public init(of bytes: Span<UInt8>) {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        self = hasher.finalize()
    }
}
