/// What `gc` keeps.
package struct GarbagePolicy: Sendable, Equatable {
    /// Keep this many of the newest runs of each experiment, and as many of its newest complete ones.
    package var runs: Int?
    /// Keep runs that are younger, in seconds.
    package var age: Int?
    /// Drop the oldest kept runs until what they reach fits into so many bytes on disk.
    package var size: Int?
    /// Keep the files that ``Store/pinAdded(_:)`` pinned, though no run read them.
    package var keepsAdded: Bool

    /// Names a policy; with nothing given, every run and every added file is kept.
    package init(runs: Int? = nil, age: Int? = nil, size: Int? = nil, keepsAdded: Bool = true) {
        self.keepsAdded = keepsAdded
        self.runs = runs
        self.age = age
        self.size = size
    }
}
