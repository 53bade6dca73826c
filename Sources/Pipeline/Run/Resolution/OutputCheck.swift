/// How closely the stored outputs of an action are looked at before it counts as cached.
package enum OutputCheck: Sendable {
    /// Each is there: for commands that read what they show.
    case presence
    /// Those that nobody reads are also whole, as far as the headers of their frames tell.
    case headers
    /// Each is read and hashed.
    case bytes
}
