/// What became of what a store holds, when an account took it over.
package struct AdoptionReport: Sendable, Equatable {
    /// Something that was not taken over.
    package struct Refused: Sendable, Equatable {
        /// What it is: a result with its key, a record with its name.
        package let what: String
        /// Why.
        package let reason: String
    }

    /// Results and records, counted apart.
    package struct Count: Sendable, Equatable {
        /// How many results.
        package var results = 0
        /// How many records of runs.
        package var records = 0
    }

    /// What the account has taken over, or would.
    package var adopted = Count()
    /// What was its own before.
    package var known = Count()
    /// What it did not take over.
    package var refused: [Refused] = []
    /// How many files are damaged: all of them are among the refused, or named by one of these.
    package var damaged = 0
    /// How many blobs were read and hashed.
    package var blobs = 0
}
