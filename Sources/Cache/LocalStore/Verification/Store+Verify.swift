import Canon

extension Store {
    /// Reads everything in the store itself: blobs, or an evenly spread sample of them, and all that stands
    /// beside them.
    ///
    /// It never stops at what it finds: that is noted, and the rest is read. `sample` is how many blobs at
    /// most; `outputs` tells which outputs a kind of a version has, `nil` for one that nobody knows;
    /// `progress` is told how many of how many blobs were read.
    package func verify(
        sample: Int? = nil, outputs: @escaping (String, Int) -> [String]? = { _, _ in nil },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> VerifyReport {
        var inspection = StoreInspection(store: self, declared: outputs)
        inspection.readTop()
        inspection.listShards()
        inspection.readBlobs(sample: sample, progress: progress)
        inspection.readResults()
        inspection.readRuns()
        inspection.readPins()
        inspection.readSignatures()
        inspection.readNotes()
        return inspection.report()
    }
}
