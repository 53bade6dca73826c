import Canon

/// What is told where results were not signed, for nothing proves that they were made here.
enum NotSigned {
    static func lines(_ count: Int, of experiment: String) -> [String] {
        if count == 0 { return [] }
        return [
            counted(count, "result was", "results were") + " not made here, and not signed by you",
            "  fix: bitlaw sign \(experiment) --after spot-check signs what comes out the same here; if you "
                + "made the results yourself, elsewhere or before this version: bitlaw adopt",
        ]
    }
}
