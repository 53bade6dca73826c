package import Canon
package import System

/// A server that answers requests in JSON, whose errors are JSON too.
package final class JSONService {
    /// What a server says to one request.
    package struct Answer {
        /// The status, such as 200 or 404.
        package let status: Int
        /// What it says.
        package let document: JSON

        /// Whether the server did what was asked.
        package var isGood: Bool { (200..<300).contains(status) }
    }

    /// What the program sends to an address below that of the server.
    package struct Request {
        let path: String
        let document: JSON
        let isOnce: Bool

        /// Names a request; what is to be done `once` is not asked for again where no answer comes.
        package init(_ path: String, _ document: JSON, once: Bool = false) {
            self.path = path
            self.document = document
            isOnce = once
        }
    }

    /// What a person calls the kind of server, such as `MLflow`.
    private let name: String
    /// Its address, without a slash at its end.
    package let base: String
    private let client: HTTPClient

    /// The largest answer that is taken.
    private static let largest = 64 << 20

    /// Names a server; nothing is sent yet.
    ///
    /// - Throws: ``OperationalError`` `remote` where the address is none, or credentials would travel in the
    ///   open.
    package init(name: String, url: String, settings: HTTPSettings) throws(OperationalError) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        self.name = name
        base = url
        client = try HTTPClient(base: url, settings: settings)
    }

    /// Asks for what is at a path.
    package func get(_ path: String) throws -> Answer {
        try answer(
            client.run(
                HTTPExchange(
                    .get, "\(base)/\(path)", limit: JSONService.largest, sink: HTTPBytes())))
    }

    /// Posts one document.
    package func post(_ request: Request) throws -> Answer {
        try answer(client.run(exchange(request, 0)))
    }

    /// Posts documents, some of them at once.
    ///
    /// - Returns: the answers in the order of the requests.
    package func post(_ requests: [Request]) throws -> [Answer] {
        var answers = [Answer?](repeating: nil, count: requests.count)
        var place = 0
        try client.run {
            guard place < requests.count else { return nil }
            defer { place += 1 }
            return exchange(requests[place], place)
        } done: { exchange in
            answers[exchange.tag] = try answer(exchange)
        }
        return answers.compactMap { $0 }
    }

    /// Says what a server answered although it was asked for something else, in its own words.
    package func refusal(_ doing: String, _ answer: Answer, fix: String) -> OperationalError {
        let words = answer.document["message"]?.text ?? answer.document.canonicalText
        return failure(
            "cannot \(doing): the server answers \(answer.status): \(printable(String(words.prefix(1000))))",
            fix: fix)
    }

    private func exchange(_ request: Request, _ tag: Int) -> HTTPExchange {
        let exchange = HTTPExchange(
            .post, "\(base)/\(request.path)", tag: tag, limit: JSONService.largest,
            body: HTTPBytes(request.document.canonical()), sink: HTTPBytes())
        exchange.isOnce = request.isOnce
        return exchange
    }

    private func failure(_ what: String, fix: String) -> OperationalError {
        OperationalError(code: .remote, message: "\(name) at \(base): \(what)", remedy: fix)
    }

    /// What came of an exchange.
    ///
    /// - Throws: ``OperationalError`` where no answer came, or one that is no JSON object.
    private func answer(_ exchange: HTTPExchange) throws -> Answer {
        let again = exchange.attempts > 1 ? " (\(exchange.attempts) attempts)" : ""
        switch (exchange.status, exchange.failure) {
        case (0, .transient(let reason)), (200..<300, .transient(let reason)):
            throw failure(
                "\(reason)\(again)",
                fix: "check the address, and that the server runs and is reached from here")
        case (0, .final(let reason, _)), (200..<300, .final(let reason, _)):
            throw failure(reason, fix: "check the address")
        case (300..<400, _):
            throw failure(
                "answers \(exchange.status), a way to another address",
                fix: "name the address that it leads to")
        default: break
        }
        let isGood = (200..<300).contains(exchange.status)
        let bytes = isGood ? (exchange.sink as? HTTPBytes)?.bytes ?? [] : exchange.errorBody
        guard let document = try? JSON(parsing: bytes), document.members != nil else {
            let words = isGood ? "" : exchange.serverWords
            throw failure(
                "expected JSON from \(exchange.url.prefix { $0 != "?" }), found an answer "
                    + "\(exchange.status) of another kind\(words)\(again)",
                fix: "check that the address is that of \(name), and whether it asks for a password"
            )
        }
        return Answer(status: exchange.status, document: document)
    }
}
