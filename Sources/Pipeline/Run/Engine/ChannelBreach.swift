import Canon

/// A sign that something other than the engine and a worker spoke in the channel between them.
enum ChannelBreach: Error, Equatable {
    /// Another process wrote.
    case writer(CInt)
    /// A line is no answer.
    case form
    /// An answer is about another action than the one that was asked for.
    case key(Digest)
    /// An answer lacks the number of the request.
    case number
    /// An answer came where nothing was asked, or after the answer.
    case unasked

    /// What happened, for people.
    func text(stage: String) -> String {
        "something other than bitlaw and the worker of stage `\(stage)` wrote into the channel between them: "
            + "expected a request and its answers, found \(found). The worker was ended, and nothing of this "
            + "attempt is kept\n  fix: read what the programs of this experiment do before you run them "
            + "again; an honest program does not write there"
    }

    private var found: String {
        switch self {
        case .writer(let process): "bytes from process \(process)"
        case .form: "a line that is no answer"
        case .key(let key): "an answer under another key, \(key.short)"
        case .number: "an answer without the number of the request"
        case .unasked: "an answer that nothing was asked for"
        }
    }
}
