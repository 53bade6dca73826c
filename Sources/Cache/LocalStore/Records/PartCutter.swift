/// Where a list is cut into parts: by what its items are, and not by their places, so that an item more, less
/// or other moves the cuts beside it and no others.
struct PartCutter {
    /// After so many items at least, on the average and at most.
    static let (least, mean, most) = (64, 256, 1024)
    private var count = 0

    /// Counts an item, which `name` tells from the others.
    ///
    /// - Returns: whether a part ends with it.
    mutating func ends(after name: some Sequence<UInt8>) -> Bool {
        count += 1
        // FNV-1a, and a mix after it: names that differ in their last digit alone are far apart.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 32) &* 0xd6e8_feb8_6659_fd93
        guard count >= Self.most || count >= Self.least && hash >> 40 % UInt64(Self.mean) == 0
        else { return false }
        count = 0
        return true
    }
}
