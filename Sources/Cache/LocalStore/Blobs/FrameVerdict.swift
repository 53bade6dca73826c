/// What a frame turned out to be.
enum FrameVerdict: Equatable {
    /// It is the blob, of so many bytes.
    case good(Int)
    /// Nothing is there.
    case absent
    /// It is something else.
    case damaged(String)
    /// The file is larger than what was asked for.
    case large
}
