extension String {
    /// Whether two texts have the same bytes.
    ///
    /// Swift's `==` holds canonically equivalent texts for equal (é in one code point and in two); names of
    /// files, keys and digests do not.
    package func isSameText(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
