/// Where the expression of a `${` ends: the place of the first `}` outside quotes; `nil` where there is none.
package func closingBrace(in characters: [Character], from start: Int) -> Int? {
    var quote: Character?
    for at in start..<characters.count {
        let character = characters[at]
        if let open = quote {
            if character == open { quote = nil }
        } else if character == "'" || character == "\"" {
            quote = character
        } else if character == "}" {
            return at
        }
    }
    return nil
}
