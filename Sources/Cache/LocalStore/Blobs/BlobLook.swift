/// What a look at the copies of a blob tells.
package enum BlobLook: Equatable, Sendable {
    /// The first layer that has a whole copy, as far as was looked.
    case whole(layer: Int)
    /// The blob is good, and has another size than was said.
    case otherSize(Int)
    /// No layer has a whole copy.
    case absent
}
