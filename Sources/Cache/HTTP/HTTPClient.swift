import CCurl
import Glibc

/// Requests to one server, many at once on one thread, over connections that stay open.
@safe final class HTTPClient {
    private let curl: CurlLibrary
    private let multi: CurlLibrary.Pointer
    private let settings: HTTPSettings
    private let origin: HTTPOrigin
    private var idle: [CurlLibrary.Pointer] = unsafe []
    private var active: [(easy: CurlLibrary.Pointer, exchange: HTTPExchange)] = unsafe []
    private var delayed: [(due: ContinuousClock.Instant, exchange: HTTPExchange)] = []
    private var lines: CurlLibrary.Pointer?
    /// How many attempts were repeated.
    private(set) var repeated = 0

    /// Prepares to speak to the server of `base`.
    ///
    /// - Throws: ``StoreError`` `remote` where libcurl is missing or credentials would travel in
    ///   the open.
    init(base: String, settings: HTTPSettings) throws(StoreError) {
        guard let origin = HTTPOrigin(base) else {
            throw StoreError(
                code: .remote, message: "\(base): expected an address that begins with https://",
                remedy: "correct `url:` of the remote in bitlaw.yaml")
        }
        if settings.credentials != .netrc, base.lowercased().hasPrefix("http://"),
            !origin.isLoopback
        {
            throw StoreError(
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
        for header in settings.headers { unsafe lines = curl.appendLine(lines, header) }
    }

    deinit {
        unsafe active.forEach { unsafe curl.removeEasy($0.easy) }
        unsafe idle.forEach { unsafe curl.removeEasy($0) }
        _ = unsafe curl.removeMulti(multi)
        unsafe curl.removeLines(lines)
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
        while let (easy, _) = unsafe active.popLast() {
            _ = unsafe curl.remove(multi, easy)
            unsafe idle.append(easy)
        }
        delayed = []
    }

    private func start(_ exchange: HTTPExchange) throws {
        guard let easy = unsafe idle.popLast() ?? curl.makeEasy() else {
            preconditionFailure("libcurl: out of memory")
        }
        exchange.attempts += 1
        exchange.status = 0
        exchange.headerBytes = 0
        exchange.refusal = nil
        exchange.failure = nil
        exchange.hasBegun = false
        exchange.errorBody = []
        exchange.errorBodyBytes = 0
        try exchange.body?.rewind()
        unsafe curl.reset(easy)
        unsafe configure(easy, exchange)
        _ = unsafe curl.add(multi, easy)
        unsafe active.append((easy, exchange))
    }

    private func configure(_ easy: CurlLibrary.Pointer, _ exchange: HTTPExchange) {
        typealias Option = CurlLibrary.Option
        func number(_ option: CInt, _ value: Int) {
            _ = unsafe bitlaw_curl_number(curl.variadic, easy, option, value)
        }
        func text(_ option: CInt, _ value: String) {
            _ = unsafe bitlaw_curl_pointer(curl.variadic, easy, option, value)
        }
        text(Option.url, exchange.url)
        text(Option.agent, "bitlaw")
        number(Option.noSignal, 1)
        number(Option.follow, 0)
        number(Option.protocols, 3)  // http and https
        number(Option.connectTimeout, 1000 * settings.patience)
        number(Option.lowSpeedLimit, 1000)
        number(Option.lowSpeedTime, settings.patience)
        number(Option.bufferSize, 512 << 10)
        number(Option.uploadBufferSize, 512 << 10)
        if exchange.limit <= 1 << 20 && exchange.body == nil {
            // What is small has to be there soon, however steadily it drips.
            number(Option.timeout, 4000 * settings.patience)
        }
        switch settings.credentials {
        case .netrc:
            number(Option.netrc, 1)
            if let file = environment("NETRC") { text(Option.netrcFile, file) }
        case .bearer: break  // among the headers
        case .basic(let user, let password):
            number(Option.authentication, 1)
            text(Option.user, user)
            text(Option.password, password)
        }
        if let file = environment("SSL_CERT_FILE") { text(Option.authorities, file) }
        _ = unsafe bitlaw_curl_pointer(curl.variadic, easy, Option.httpHeader, lines)
        switch exchange.method {
        case .get:
            if exchange.received > 0 { text(Option.range, "\(exchange.received)-") }
        case .head: number(Option.noBody, 1)
        case .makeCollection: text(Option.customRequest, "MKCOL")
        case .put:
            number(Option.upload, 1)
            _ = unsafe bitlaw_curl_offset(
                curl.variadic, easy, Option.uploadSize, Int64(exchange.body?.size ?? 0))
        }
        let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        for option in [Option.writeData, Option.readData, Option.headerData] {
            _ = unsafe bitlaw_curl_pointer(curl.variadic, easy, option, context)
        }
        _ = unsafe bitlaw_curl_callback(
            curl.variadic, easy, Option.writeFunction
        ) { buffer, size, count, context in
            guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
            let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
            let piece = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
            return unsafe exchange.take(piece) ? size * count : 0
        }
        _ = unsafe bitlaw_curl_callback(
            curl.variadic, easy, Option.headerFunction
        ) { buffer, size, count, context in
            guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
            let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
            unsafe exchange.header(UnsafeRawBufferPointer(start: buffer, count: size * count))
            return exchange.refusal == nil ? size * count : 0
        }
        _ = unsafe bitlaw_curl_callback(
            curl.variadic, easy, Option.readFunction
        ) { buffer, size, count, context in
            guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
            let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
            do {
                let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
                return try unsafe exchange.body?.read(into: room) ?? 0
            } catch {
                exchange.thrown = error
                return 0x1000_0000  // CURL_READFUNC_ABORT
            }
        }
    }

    private func environment(_ name: String) -> String? {
        let value = unsafe getenv(name).map { unsafe String(cString: $0) }
        return value.flatMap { $0.isEmpty ? nil : $0 }
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
        unsafe idle.append(easy)
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
        guard case .transient(let reason) = exchange.failure else { return false }
        let isRedirect = reason == "redirected"
        guard isRedirect || exchange.attempts <= settings.retries else { return false }
        if !isRedirect { repeated += 1 }
        let wait = isRedirect ? 0 : settings.backoff << min(exchange.attempts - 1, 6)
        delayed.append((ContinuousClock.now + .milliseconds(wait), exchange))
        return true
    }
}
