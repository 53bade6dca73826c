import Canon

/// Gives the bytes of a request's body, from the start as often as it is asked.
protocol HTTPBody: AnyObject {
    /// How many bytes there are in all.
    var size: Int { get }
    /// Goes back to the first byte.
    func rewind() throws
    /// Fills a buffer; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Takes the bytes of an answer's body.
protocol HTTPSink: AnyObject {
    /// Learns how many bytes the answer declares, before the first of them.
    ///
    /// - Returns: why they are not taken, if they are not.
    func begin(length: Int?) throws -> String?
    /// Forgets what came so far: the body begins anew.
    func restart() throws
    /// Takes the next bytes.
    func receive(_ piece: UnsafeRawBufferPointer) throws
}

/// Bytes in memory, as a body and as a sink.
final class HTTPBytes: HTTPBody, HTTPSink {
    private(set) var bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    var size: Int { bytes.count }
    func rewind() { at = 0 }
    func begin(length: Int?) -> String? { nil }
    func restart() { bytes = [] }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - at)
        unsafe buffer.copyBytes(from: bytes[at..<at + count])
        at += count
        return count
    }

    func receive(_ piece: UnsafeRawBufferPointer) { unsafe bytes.append(contentsOf: piece) }
}

/// One request and what came of it, over as many attempts as it takes.
final class HTTPExchange {
    enum Method { case get, head, put, post, makeCollection }

    /// How an exchange ended without a usable answer.
    enum Failure: Equatable {
        /// The network, or a server that is not well: worth another attempt.
        case transient(String)
        /// Anything that another attempt would meet again.
        case final(String, fix: String)
    }

    let method: Method
    /// The address; a redirect within the same host changes it.
    var url: String
    /// The largest body of an answer that is taken, and the largest one that does not say its length.
    let (limit, openLimit): (Int, Int)
    let body: (any HTTPBody)?
    let sink: (any HTTPSink)?
    /// What the caller knows the exchange by.
    let tag: Int

    /// Whether the server is to do it once at most, such as to make something new.
    var isOnce = false
    /// The answer's status; 0 before there is one.
    var status = 0
    /// The length that the answer declares.
    var declaredLength: Int?
    /// Bytes of the body that the sink has.
    var received = 0
    /// The bytes that there are once this answer is whole, as it declares them.
    var declaredEnd: Int?
    /// How many seconds the server asks for before the next attempt.
    var retryAfter: Int?
    /// Why there is no answer.
    var failure: Failure?

    /// What the handle was set up for that the current attempt uses.
    lazy var shape = HTTPShape(self)
    var attempts = 0
    var redirects = 0
    /// Set by a callback that refuses to go on.
    var refusal: Failure?
    /// What the sink or the body threw: not the remote's fault.
    var thrown: (any Error)?
    var headerBytes = 0
    var rangeStart: Int?
    var hasBegun = false
    var errorBody: [UInt8] = []
    /// How much of the body of an error is kept.
    private static let mostErrorBytes = 4096
    var errorBodyBytes = 0

    init(
        _ method: Method, _ url: String, tag: Int = 0, limit: Int = 0, openLimit: Int = .max,
        body: (any HTTPBody)? = nil, sink: (any HTTPSink)? = nil
    ) {
        self.method = method
        self.url = url
        self.tag = tag
        (self.limit, self.openLimit) = (limit, min(limit, openLimit))
        self.body = body
        self.sink = sink
    }

    /// Whether the body arrived.
    var isGood: Bool { failure == nil && (200..<300).contains(status) }
    /// Whether another attempt does no harm: what is done once may have been done though no answer came,
    /// unless the server says that it was too busy.
    var mayRepeat: Bool { !isOnce || status == 429 || status == 503 }

    /// Whether the server says that nothing is there.
    var isAbsent: Bool { failure == nil && (status == 404 || status == 410) }
}

extension HTTPExchange {
    /// Reads one line of the answer's head.
    func header(_ line: UnsafeRawBufferPointer) {
        headerBytes += line.count
        if headerBytes > 65536 {
            refusal = .final(
                "an answer with more than 64 KiB of headers",
                fix: "this is no server of results; check the address")
            return
        }
        if unsafe line.starts(with: "HTTP/".utf8) {
            // The head of the answer itself, after any interim one.
            declaredLength = nil
            rangeStart = nil
            retryAfter = nil
            let digits = unsafe line.drop { $0 != 32 }.dropFirst().prefix { $0 != 32 && $0 > 32 }
            status = Int(unsafe String(decoding: digits, as: UTF8.self)) ?? 0
        } else if let value = unsafe value(of: "content-length", line) {
            declaredLength = Int(value)
        } else if let value = unsafe value(of: "retry-after", line) {
            retryAfter = Int(value)
        } else if let value = unsafe value(of: "content-range", line), value.hasPrefix("bytes ") {
            rangeStart = Int(value.dropFirst(6).prefix { $0 != "-" })
        }
    }

    /// The value of a header line of this name, in any case; `nil` for another line.
    private func value(of name: StaticString, _ line: UnsafeRawBufferPointer) -> String? {
        let count = name.utf8CodeUnitCount
        guard line.count > count, unsafe line[count] == UInt8(ascii: ":") else { return nil }
        for place in 0..<count where unsafe line[place] | 32 != name.utf8Start[place] { return nil }
        let rest = unsafe line[(count + 1)...].drop { $0 <= 32 }
        let end = unsafe rest.lastIndex { $0 > 32 }.map { $0 + 1 } ?? rest.startIndex
        return unsafe String(decoding: rest[..<end], as: UTF8.self)
    }

    /// Takes bytes of the answer's body.
    ///
    /// - Returns: whether to go on.
    func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard (200..<300).contains(status) else {
            // A page about the error: its beginning is shown, its length is nobody's business.
            errorBodyBytes += piece.count
            let room = HTTPExchange.mostErrorBytes - errorBody.count
            if room > 0 { unsafe errorBody.append(contentsOf: piece.prefix(room)) }
            return errorBodyBytes <= 65536
        }
        guard let sink else { return true }
        do {
            if !hasBegun {
                hasBegun = true
                if status == 206 {
                    guard received > 0, rangeStart == received else {
                        refusal = .final(
                            "expected the bytes from \(received) on, found those from "
                                + "\(rangeStart ?? 0) on",
                            fix: "the server answers ranges wrongly; tell its owner")
                        return false
                    }
                } else {
                    if received > 0 { try sink.restart() }
                    received = 0
                }
                declaredEnd = declaredLength.map { received + min($0, limit) }
                if received == 0, declaredLength ?? 0 <= limit,
                    let reason = try sink.begin(length: declaredLength)
                {
                    refusal = .final(reason, fix: "free space, or lower max-blob of the remote")
                    return false
                }
            }
            let most = declaredLength == nil ? openLimit : limit
            guard piece.count <= most - received, (declaredLength ?? 0) <= limit else {
                refusal = .final(
                    "expected at most \(most) bytes, found "
                        + (declaredLength.map { "\($0) declared" } ?? "more"),
                    fix: "the remote serves something else under this name; tell its owner")
                return false
            }
            // A body in chunks may come with a length too, and libcurl then believes the chunks.
            if let declaredEnd, received + piece.count > declaredEnd {
                refusal = .final(
                    "expected the \(declaredEnd) bytes that it declares, found more",
                    fix: "the server's lengths are wrong; tell its owner")
                return false
            }
            try unsafe sink.receive(piece)
            received += piece.count
            return true
        } catch {
            thrown = error
            return false
        }
    }

    /// The beginning of the server's own words, on one line, without control characters.
    var serverWords: String {
        let words = String(decoding: errorBody.prefix(200), as: UTF8.self)
            .split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        return words.isEmpty || words.hasPrefix("<") ? "" : ": \(printable(words))"
    }
}
