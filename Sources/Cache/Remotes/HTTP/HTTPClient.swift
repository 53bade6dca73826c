import CCurl
import Glibc
import System

/// Requests to one server, many at once on one thread, over connections that stay open.
@safe final class HTTPClient {
    let curl: CurlLibrary
    private let multi: CurlLibrary.Pointer
    let settings: HTTPSettings
    let origin: HTTPOrigin
    private var idle: [HTTPShape: [CurlLibrary.Pointer]] = unsafe [:]
    private var active: [(easy: CurlLibrary.Pointer, exchange: HTTPExchange)] = unsafe []
    private var delayed: [(due: ContinuousClock.Instant, exchange: HTTPExchange)] = []
    /// Header lines of every request, and those with the type of a body.
    private(set) var lines: CurlLibrary.Pointer?
    private(set) var bodyLines: CurlLibrary.Pointer?
    private(set) var jsonLines: CurlLibrary.Pointer?
    /// Whether there may be a netrc file that may be used; libcurl would look for it at every request.
    let mayHaveNetrc: Bool
    /// How many attempts were repeated.
    private(set) var repeated = 0

    /// Prepares to speak to the server of `base`.
    ///
    /// - Throws: ``OperationalError`` `remote` where libcurl is missing or credentials would travel in
    ///   the open.
    init(base: String, settings: HTTPSettings) throws(OperationalError) {
        guard let origin = HTTPOrigin(base), !base.utf8.contains(where: { $0 <= 32 || $0 == 127 }),
            !base.contains(where: { "?#\\".contains($0) })
        else {
            throw OperationalError(
                code: .remote,
                message: "\(base): expected https://HOST/PATH, without a name or password in it",
                remedy:
                    "correct the address of the remote; credentials come from ~/.netrc, or from "
                    + "token: or password: in bitlaw.yaml")
        }
        if settings.credentials != .netrc, !origin.isPrivate {
            throw OperationalError(
                code: .remote,
                message: "\(base): a token or password would travel readable for everyone",
                remedy: "use https://, or take the credentials out")
        }
        let curl = try CurlLibrary()
        guard let multi = unsafe curl.makeMulti() else {
            preconditionFailure("libcurl: out of memory")
        }
        _ = unsafe bitlaw_curl_number(
            curl.variadicMulti, multi, CurlLibrary.Option.hostConnections, settings.parallel)
        self.curl = curl
        unsafe self.multi = multi
        self.settings = settings
        self.origin = origin
        mayHaveNetrc = origin.isPrivate && HTTPClient.mayHaveNetrc(settings.person)
        for header in settings.headers {
            unsafe lines = curl.appendLine(lines, header)
            unsafe bodyLines = curl.appendLine(bodyLines, header)
            unsafe jsonLines = curl.appendLine(jsonLines, header)
        }
        unsafe bodyLines = curl.appendLine(bodyLines, "Content-Type: application/octet-stream")
        unsafe jsonLines = curl.appendLine(jsonLines, "Content-Type: application/json")
        // Not every server answers the question whether it wants the body; libcurl would wait for that.
        unsafe jsonLines = curl.appendLine(jsonLines, "Expect:")
    }

    deinit {
        unsafe active.forEach { unsafe curl.removeEasy($0.easy) }
        unsafe idle.values.joined().forEach { unsafe curl.removeEasy($0) }
        _ = unsafe curl.removeMulti(multi)
        unsafe curl.removeLines(lines)
        unsafe curl.removeLines(bodyLines)
        unsafe curl.removeLines(jsonLines)
    }

    /// Runs exchanges until `next` gives no more and all have ended.
    ///
    /// `next` is asked whenever there is room; `done` gets each exchange when it has ended, well or
    /// not. Either may throw to end everything.
    func run(
        next: () throws -> HTTPExchange?, done: (HTTPExchange) throws -> Void
    ) throws {
        var isDry = false
        defer { abandon() }
        while true {
            let now = ContinuousClock.now
            while unsafe active.count < settings.parallel {
                if let place = delayed.firstIndex(where: { $0.due <= now }) {
                    try start(delayed.remove(at: place).exchange)
                } else if !isDry, let exchange = try next() {
                    try start(exchange)
                } else {
                    isDry = true
                    break
                }
            }
            if unsafe active.isEmpty && delayed.isEmpty && isDry { return }
            var running: CInt = 0
            _ = unsafe curl.perform(multi, &running)
            var left: CInt = 0
            var hasEnded = false
            while let message = unsafe curl.message(multi, &left) {
                guard unsafe message.pointee.kind == 1 else { continue }
                hasEnded = true
                let code = unsafe message.pointee.value.result
                let easy = unsafe message.pointee.easy
                guard let place = unsafe active.firstIndex(where: { unsafe $0.easy == easy }) else {
                    continue
                }
                let exchange = unsafe active[place].exchange
                try finish(at: place, code: code)
                // Where `done` lets the next begin, the answer of the last may already be there.
                if try !isRepeated(exchange) {
                    isDry = false
                    try done(exchange)
                }
            }
            if !hasEnded { _ = unsafe curl.poll(multi, nil, 0, delayed.isEmpty ? 1000 : 50, nil) }
        }
    }

    /// Runs one exchange.
    func run(_ exchange: HTTPExchange) throws -> HTTPExchange {
        var waiting: HTTPExchange? = exchange
        try run {
            defer { waiting = nil }
            return waiting
        } done: { _ in
        }
        return exchange
    }

    /// Stops what is still running.
    private func abandon() {
        while let (easy, exchange) = unsafe active.popLast() {
            _ = unsafe curl.remove(multi, easy)
            unsafe idle[exchange.shape, default: []].append(easy)
        }
        delayed = []
    }

    private func start(_ exchange: HTTPExchange) throws {
        exchange.shape = HTTPShape(exchange)
        let easy: CurlLibrary.Pointer
        if let known = unsafe idle[exchange.shape]?.popLast() {
            unsafe easy = known
        } else if let made = unsafe curl.makeEasy() {
            unsafe easy = made
            unsafe prepare(easy, exchange.shape)
        } else {
            preconditionFailure("libcurl: out of memory")
        }
        exchange.attempts += 1
        exchange.status = 0
        exchange.headerBytes = 0
        exchange.refusal = nil
        exchange.failure = nil
        exchange.hasBegun = false
        exchange.declaredEnd = nil
        exchange.retryAfter = nil
        exchange.errorBody = []
        exchange.errorBodyBytes = 0
        try exchange.body?.rewind()
        unsafe configure(easy, exchange)
        _ = unsafe curl.add(multi, easy)
        unsafe active.append((easy, exchange))
    }

    /// Takes an ended exchange out and says what its end means.
    private func finish(at place: Int, code: CInt) throws {
        let (easy, exchange) = unsafe active.remove(at: place)
        let detail = unsafe curl.text(code).map { unsafe String(cString: $0) } ?? "\(code)"
        var redirect: String?
        if (300..<400).contains(exchange.status) {
            var target: UnsafePointer<CChar>?
            _ = unsafe withUnsafeMutablePointer(to: &target) {
                unsafe bitlaw_curl_get(curl.information, easy, CurlLibrary.Option.redirect, $0)
            }
            redirect = unsafe target.map { unsafe String(cString: $0) }
        }
        _ = unsafe curl.remove(multi, easy)
        unsafe idle[exchange.shape, default: []].append(easy)
        if let error = exchange.thrown { throw error }
        if let refusal = exchange.refusal {
            exchange.failure = refusal
        } else if exchange.errorBodyBytes > 65536 {
            exchange.failure = HTTPExchange.failure(status: exchange.status, words: "")
        } else if code != 0 {
            exchange.failure = HTTPExchange.failure(curlCode: code, detail, settings)
        } else if (300..<400).contains(exchange.status) {
            exchange.failure = follow(redirect, exchange)
        } else if exchange.status == 416 && exchange.received > 0 {
            // Nothing follows what is there, or the file is another by now: from the start.
            try exchange.sink?.restart()
            exchange.received = 0
            exchange.failure = .transient("the server has no such range (416)")
        } else {
            exchange.failure = HTTPExchange.failure(
                status: exchange.status, words: exchange.serverWords)
            if exchange.isGood, let declared = exchange.declaredEnd, exchange.received < declared {
                exchange.failure = .transient(
                    "expected the \(declared) bytes that it declares, found \(exchange.received)")
            }
        }
    }

    /// Follows a redirect within the same server; anywhere else is refused.
    private func follow(_ target: String?, _ exchange: HTTPExchange) -> HTTPExchange.Failure? {
        guard let target, exchange.method == .get, HTTPOrigin(target) == origin else {
            let place = target.flatMap { HTTPOrigin($0)?.text } ?? "nowhere"
            return .final(
                "redirects to another server, \(place); what is secret is not sent there",
                fix: "if that server is the right one, name it in `url:` of the remote")
        }
        guard exchange.redirects < 5 else {
            return .final("redirects in a circle", fix: "check the address of the remote")
        }
        exchange.redirects += 1
        exchange.url = target
        exchange.attempts -= 1
        return .transient("redirected")
    }

    /// Lets a failed exchange wait for its next attempt, where it has one.
    private func isRepeated(_ exchange: HTTPExchange) throws -> Bool {
        guard case .transient(let reason) = exchange.failure, exchange.mayRepeat else {
            return false
        }
        let isRedirect = reason == "redirected"
        guard isRedirect || exchange.attempts <= settings.retries else { return false }
        if !isRedirect { repeated += 1 }
        let wait =
            isRedirect
            ? 0
            : RetryPause.milliseconds(
                attempt: exchange.attempts, backoff: settings.backoff, asked: exchange.retryAfter)
        delayed.append((ContinuousClock.now + .milliseconds(wait), exchange))
        return true
    }
}
