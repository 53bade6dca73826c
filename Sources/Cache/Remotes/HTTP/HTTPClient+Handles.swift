import CCurl
import Glibc
import System

/// What a handle of libcurl is set up for once: requests of one shape differ in address, range and
/// bytes alone, and setting up is a third of what a small request costs.
struct HTTPShape: Hashable {
    let method: HTTPExchange.Method
    /// Whether the whole of it has to be over soon.
    let isBrief: Bool
    /// Whether it goes on where an earlier attempt stopped.
    let isRest: Bool
    /// Whether the body goes with the head in one piece.
    let isOnePiece: Bool
    /// Whether the server is to do it once at most.
    let isOnce: Bool
    /// Whether much may travel at once; libcurl allocates its buffers anew for each request.
    let isLarge: Bool

    /// Tells the shape of an exchange as it is now.
    init(_ exchange: HTTPExchange) {
        method = exchange.method
        isBrief = exchange.limit <= 1 << 20 && exchange.body == nil
        isRest = exchange.method == .get && exchange.received > 0
        isOnePiece = exchange.onePiece != nil
        isOnce = exchange.isOnce
        isLarge = max(exchange.limit, exchange.body?.size ?? 0) > 16 << 20
    }
}

extension HTTPExchange {
    /// The body, where it is in memory and small.
    var onePiece: [UInt8]? {
        guard let body = body as? HTTPBytes,
            method == .post || method == .put && body.size <= 60_000
        else {
            return nil
        }
        return body.bytes
    }
}

extension HTTPClient {
    /// Whether the person has a netrc file: libcurl would look for it at every request.
    static func mayHaveNetrc(_ person: EnvironmentVariables) -> Bool {
        if person["NETRC"] != nil { return true }
        guard let home = person["HOME"] else { return true }
        return unsafe access("\(home)/.netrc", F_OK) == 0
    }

    private func number(_ easy: CurlLibrary.Pointer, _ option: CInt, _ value: Int) {
        _ = unsafe bitlaw_curl_number(curl.variadic, easy, option, value)
    }

    private func text(_ easy: CurlLibrary.Pointer, _ option: CInt, _ value: String) {
        _ = unsafe bitlaw_curl_pointer(curl.variadic, easy, option, value)
    }

    /// Sets a new handle up for a shape.
    func prepare(_ easy: CurlLibrary.Pointer, _ shape: HTTPShape) {
        typealias Option = CurlLibrary.Option
        unsafe text(easy, Option.agent, "bitlaw")
        unsafe number(easy, Option.noSignal, 1)
        unsafe number(easy, Option.follow, 0)
        unsafe number(easy, Option.protocols, 3)  // http and https
        unsafe number(easy, Option.connectTimeout, 1000 * settings.patience)
        unsafe number(easy, Option.lowSpeedLimit, 1000)
        unsafe number(easy, Option.lowSpeedTime, settings.patience)
        unsafe number(easy, Option.bufferSize, shape.isLarge ? 512 << 10 : 16 << 10)
        unsafe number(easy, Option.uploadBufferSize, shape.isLarge ? 512 << 10 : 64 << 10)
        // What is small has to be there soon, however steadily it drips.
        if shape.isBrief { unsafe number(easy, Option.timeout, 4000 * settings.patience) }
        // libcurl by itself asks again where a connection that stayed open turns out to be closed.
        if shape.isOnce { unsafe number(easy, Option.freshConnection, 1) }
        switch settings.credentials {
        case .netrc:
            guard mayHaveNetrc else { break }
            unsafe number(easy, Option.netrc, 1)
            if let file = settings.person["NETRC"] {
                unsafe text(easy, Option.netrcFile, file)
            }
        case .bearer: break  // among the headers
        case .basic(let user, let password):
            unsafe number(easy, Option.authentication, 1)
            unsafe text(easy, Option.user, user)
            unsafe text(easy, Option.password, password)
        }
        // What stays on this machine goes past any proxy of the environment.
        if origin.isLoopback { unsafe text(easy, Option.noProxy, "*") }
        if let file = settings.person["SSL_CERT_FILE"] {
            unsafe text(easy, Option.authorities, file)
        }
        _ = unsafe bitlaw_curl_pointer(
            curl.variadic, easy, Option.httpHeader,
            shape.method == .put ? bodyLines : shape.method == .post ? jsonLines : lines)
        switch shape.method {
        case .get: break
        case .head: unsafe number(easy, Option.noBody, 1)
        case .makeCollection: unsafe text(easy, Option.customRequest, "MKCOL")
        case .post: unsafe number(easy, Option.post, 1)
        case .put:
            // libcurl sends what it knows as fields together with the head: one packet, not two.
            unsafe number(easy, shape.isOnePiece ? Option.post : Option.upload, 1)
            if shape.isOnePiece { unsafe text(easy, Option.customRequest, "PUT") }
        }
        unsafe setCallbacks(easy)
    }

    private func setCallbacks(_ easy: CurlLibrary.Pointer) {
        _ = unsafe bitlaw_curl_callback(
            curl.variadic, easy, CurlLibrary.Option.writeFunction
        ) { buffer, size, count, context in
            guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
            let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
            let piece = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
            return unsafe exchange.take(piece) ? size * count : 0
        }
        _ = unsafe bitlaw_curl_callback(
            curl.variadic, easy, CurlLibrary.Option.headerFunction
        ) { buffer, size, count, context in
            guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
            let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
            unsafe exchange.header(UnsafeRawBufferPointer(start: buffer, count: size * count))
            return exchange.refusal == nil ? size * count : 0
        }
        _ = unsafe bitlaw_curl_callback(
            curl.variadic, easy, CurlLibrary.Option.readFunction
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

    /// Gives a handle that is set up for its shape what this exchange is about.
    func configure(_ easy: CurlLibrary.Pointer, _ exchange: HTTPExchange) {
        typealias Option = CurlLibrary.Option
        unsafe text(easy, Option.url, exchange.url)
        if exchange.shape.isRest { unsafe text(easy, Option.range, "\(exchange.received)-") }
        if let bytes = exchange.onePiece {
            unsafe number(easy, Option.fieldsSize, bytes.count)
            _ = unsafe bitlaw_curl_pointer(curl.variadic, easy, Option.copiedFields, bytes)
        } else if exchange.method == .put {
            _ = unsafe bitlaw_curl_offset(
                curl.variadic, easy, Option.uploadSize, Int64(exchange.body?.size ?? 0))
        }
        let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        for option in [Option.writeData, Option.readData, Option.headerData] {
            _ = unsafe bitlaw_curl_pointer(curl.variadic, easy, option, context)
        }
    }
}
