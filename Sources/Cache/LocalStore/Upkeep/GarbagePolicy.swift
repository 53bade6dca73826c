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
    /// Keep what was pushed into the store, though no run of it reaches that.
    package var keepsPushed: Bool

    /// Names a policy; with nothing given, all runs are kept, and all that was added or pushed.
    package init(
        runs: Int? = nil, age: Int? = nil, size: Int? = nil, keepsAdded: Bool = true,
        keepsPushed: Bool = true
    ) {
        self.keepsAdded = keepsAdded
        self.keepsPushed = keepsPushed
        self.runs = runs
        self.age = age
        self.size = size
    }

    /// Whether a pin of this name is kept.
    func keeps(pin name: String) -> Bool {
        (keepsAdded || !name.hasPrefix(Store.addedPrefix))
            && (keepsPushed || Store.pushedDigest(ofPin: name) == nil)
    }

    /// The runs that are kept and the others, both in the order in which they are given: newest first.
    func sort(_ runs: [RecordedRun], now: Int) -> (kept: [RecordedRun], dropped: [RecordedRun]) {
        var counts: [String: (all: Int, complete: Int)] = [:]
        var kept: [RecordedRun] = []
        var dropped: [RecordedRun] = []
        for run in runs {
            var count = counts[run.experiment] ?? (0, 0)
            count.all += 1
            if run.isComplete { count.complete += 1 }
            counts[run.experiment] = count
            let isRecent = age.map { now - (run.time ?? now) <= $0 }
            // A run of a part, or one that broke off, does not stand for the whole one before it.
            let isCounted = self.runs.map {
                count.all <= $0 || run.isComplete && count.complete <= $0
            }
            // Either rule alone keeps a run; with no rule every run is kept.
            let rules = [isRecent, isCounted].compactMap { $0 }
            if rules.isEmpty || rules.contains(true) {
                kept.append(run)
            } else {
                dropped.append(run)
            }
        }
        return (kept, dropped)
    }
}
