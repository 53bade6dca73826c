package import Canon

extension OperationalError {
    /// The failure for another process of ours: code, message and remedy.
    package var json: JSON { [.string(code.rawValue), .string(message), .string(remedy)] }

    /// Reads what ``json`` wrote; `nil` for anything else.
    package init?(json: JSON?) {
        guard let parts = json?.elements, parts.count == 3,
            let code = parts[0].text.flatMap(Code.init(rawValue:))
        else { return nil }
        self.init(code: code, message: parts[1].text ?? "", remedy: parts[2].text ?? "")
    }
}
