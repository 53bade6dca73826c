package import Canon

/// What a check of the store found.
package struct VerifyReport: Sendable, Equatable {
    /// How many blobs were read.
    package var blobs = 0
    /// How many action results were read.
    package var results = 0
    /// Uncompressed bytes that were hashed.
    package var bytes = 0
    /// How many other files were read, by the folder that they are in.
    package var others: [String: Int] = [:]
    /// How many things were found damaged earlier, and wait in `quarantine/`.
    package var quarantined = 0
    /// What was damaged; set aside already where the store could be written.
    package var damage: [Damage] = []
    /// What stands in the store under a name that Bitlaw does not give: it is left there.
    package var strange: [String] = []
    /// The keys of the actions that runs record.
    package var recorded: Set<Digest> = []
    /// What is named and is nowhere.
    package var missing: [MissingPart] = []

    /// Results whose outputs are not all there: the next run makes them again.
    package var incomplete: [Digest] {
        var keys: [Digest] = []
        for part in missing {
            switch part.role {
            case .output(let result, _), .file(let result, _, _):
                if keys.last != result.key { keys.append(result.key) }
            default: continue
            }
        }
        return keys
    }
}
