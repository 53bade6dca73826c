/// Actions that have no result where one is needed.
package struct MissingResults: Error, CustomStringConvertible {
    let file: String
    let actions: [String]

    /// How many, which first, and what to do.
    package var description: String {
        "\(file): expected a result of every action, found none of \(actions.count), such as "
            + "\(actions.first ?? "")\n  fix: bitlaw run \(file)"
    }
}
