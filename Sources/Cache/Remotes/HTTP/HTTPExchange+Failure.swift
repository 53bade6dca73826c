extension HTTPExchange {
    /// What an end without an answer means.
    static func failure(curlCode code: CInt, _ detail: String, _ settings: HTTPSettings) -> Failure
    {
        switch code {
        case 28:
            return .transient("no answer, or too slow a one, within \(settings.patience) s")
        case 60:
            return .final(
                "the encrypted connection was refused: the certificate has expired, is for another "
                    + "host, or comes from an authority that this machine does not know",
                fix: "check the address (curl -v tells which it is); for a private authority set "
                    + "SSL_CERT_FILE to its certificates")
        case 35, 51, 53, 54, 58, 59, 64, 66, 77, 80, 82, 83, 90, 91:
            return .final(
                "the encrypted connection was refused: \(detail)",
                fix: "check the address; for a private authority set SSL_CERT_FILE to its "
                    + "certificates")
        case 1, 3:
            return .final("no usable address: \(detail)", fix: "correct `url:` of the remote")
        default: return .transient(detail)
        }
    }

    /// What a status means; `nil` for an answer that the caller understands.
    static func failure(status: Int, words: String) -> Failure? {
        switch status {
        case 200..<300, 404, 409, 410: return nil
        case 401, 403, 407:
            return .final(
                "the server refuses access (\(status))\(words)",
                fix: "check the credentials of the remote (token, password or ~/.netrc; they are "
                    + "sent over https:// or to this machine alone), and that it may be written")
        case 405, 501:
            return .final(
                "the server takes no uploads (\(status))",
                fix: "turn WebDAV's PUT on there, or push to another remote")
        case 413:
            return .final(
                "the server takes no file of this size (413)",
                fix: "raise its limit (nginx: client_max_body_size), or push with --max-size")
        case 507:
            return .final("the server's disk is full (507)", fix: "free space there")
        case 408, 425, 429, 500, 502, 503, 504:
            return .transient("the server answers \(status)\(words)")
        default:
            return .final(
                "the server answers \(status)\(words)", fix: "check the address of the remote")
        }
    }
}
