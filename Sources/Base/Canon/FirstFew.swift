/// The first of some names, and how many more there are: for messages that stay short.
package func firstFew(_ names: [String]) -> String {
    let more = names.count > 5 ? ", and \(names.count - 5) more" : ""
    return names.prefix(5).joined(separator: ", ") + more
}
