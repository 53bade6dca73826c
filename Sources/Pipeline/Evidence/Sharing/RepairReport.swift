package import Canon
import System

/// What became of blobs that were damaged or gone.
package struct RepairReport: Sendable, Equatable {
    /// Blobs that came from a remote or another layer.
    package var fetched: [Digest] = []
    /// Blobs that the recipe made again, with the action's kind.
    package var remade: [Digest] = []
    /// Descriptions of keys, and logs, that nobody has: the results are as good without them.
    package var accessories: [Digest] = []
    /// Blobs that nobody has and no recipe makes, each with why.
    package var lost: [(digest: Digest, reason: String)] = []

    /// Nothing was lost.
    package init() {}

    /// Compares all four lists.
    package static func == (left: RepairReport, right: RepairReport) -> Bool {
        left.fetched == right.fetched && left.remade == right.remade
            && left.accessories == right.accessories
            && left.lost.map { "\($0)" } == right.lost.map { "\($0)" }
    }
}
