package import Canon

/// Something that the store names and does not have.
package struct MissingPart: Sendable, Equatable {
    /// What it is to the store.
    package enum Role: Sendable, Equatable {
        /// An output of a result, by its name.
        case output(ActionResult, String)
        /// A file of an output that is a folder, by the output's name and the path in it.
        case file(ActionResult, String, path: String)
        /// The log of a result: it is as good without.
        case log(ActionResult)
        /// The description of a result's key: the result is as good without.
        case keyDocument(ActionResult)
        /// The result of an action that a run records.
        case result(run: String)
        /// A file that a person added.
        case added
        /// A result or a blob that a pin keeps, by the pin's name.
        case pinned(String)
    }

    /// The blob, or the key of the result.
    package let digest: Digest
    /// What it is to the store.
    package let role: Role
}
