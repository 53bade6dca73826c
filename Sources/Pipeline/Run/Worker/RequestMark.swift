import Canon

/// What ties an answer to its request: the action's key, and a number that only this request had.
struct RequestMark: Equatable {
    /// The key of the action that is asked for.
    let key: Digest
    /// 128 random bits as digits.
    let number: String

    /// Marks a new request.
    init(key: Digest) {
        self.key = key
        let halves = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
        number = String(halves.0, radix: 16) + "-" + String(halves.1, radix: 16)
    }

    /// Reads the mark of a request or of an answer.
    init?(json: JSON) {
        guard let key = json["key"]?.text.flatMap({ try? Digest(hex: $0) }),
            let number = json["number"]?.text, !number.isEmpty
        else { return nil }
        self.key = key
        self.number = number
    }

    /// A message with this mark.
    func on(_ message: JSON) -> JSON {
        var members = message.members ?? [:]
        members["key"] = .string(key.hex)
        members["number"] = .string(number)
        return .object(members)
    }
}
