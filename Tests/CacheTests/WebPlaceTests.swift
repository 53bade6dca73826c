import Remotes
import Testing

/// Spellings of addresses: RFC 3986 (section 6) and what the system's own reader of numbers takes.
@Suite struct WebPlaceTests {
    @Test(arguments: [
        "http://LOCALHOST:18340/bitlaw", "HTTP://localhost:18340/bitlaw",
        "http://localhost:18340//bitlaw",
        "http://localhost:18340/./bitlaw", "http://localhost:18340/x/../bitlaw",
        "http://localhost:18340/%62itlaw", "http://127.0.0.1:18340/bitlaw/",
        "http://[::1]:18340/bitlaw",
        "http://127.1:18340/bitlaw", "http://0x7f000001:18340/bitlaw",
        "http://2130706433:18340/bitlaw",
        "http://localhost.:18340/bitlaw", "http://[::ffff:127.0.0.1]:18340/bitlaw",
        "http://127.0.0.1:018340/bitlaw", "http://%6cocalhost:18340/bitlaw",
    ])
    func `one place is one place, however its address is written`(spelling: String) {
        #expect(WebPlace(spelling) == WebPlace("http://localhost:18340/bitlaw"))
        #expect(WebPlace(spelling) != nil)
    }

    @Test(arguments: [
        "https://localhost:18340/bitlaw", "http://localhost/bitlaw",
        "http://localhost:18340/Bitlaw",
        "http://localhost:18340/bitlaw/x", "http://example.org:18340/bitlaw",
        "http://localhost:18340/bit%2Flaw",
    ])
    func `another scheme, port, host or path is another place`(other: String) {
        #expect(WebPlace(other) != WebPlace("http://localhost:18340/bitlaw"))
    }

    @Test func `the port that a scheme has by itself needs no mention`() {
        #expect(WebPlace("https://a.example:443/x") == WebPlace("https://A.example/x"))
        #expect(WebPlace("http://a.example:80") == WebPlace("http://a.example/"))
    }

    @Test(arguments: [
        ("http://127.0.0.1/x", true), ("http://10.1.2.3/", true), ("http://172.16.0.1/", true),
        ("http://172.32.0.1/", false), ("http://192.168.1.1/", true),
        ("http://169.254.169.254/", true),
        ("http://[fe80::1]/", true), ("http://[fd00::1]/", true), ("http://[2001:db8::1]/", false),
        ("http://8.8.8.8/", false), ("http://example.org/", false), ("http://printer.local/", true),
    ])
    func `addresses of this machine and its network are known`(url: String, isPrivate: Bool) {
        #expect(WebPlace(url)?.isPrivate == isPrivate)
    }

    @Test func `a server that asks for a pause gets it, within reason`() {
        #expect(RetryPause.milliseconds(attempt: 1, backoff: 500, asked: nil) == 500)
        #expect(RetryPause.milliseconds(attempt: 3, backoff: 500, asked: nil) == 2000)
        #expect(RetryPause.milliseconds(attempt: 1, backoff: 500, asked: 7) == 7000)
        #expect(RetryPause.milliseconds(attempt: 5, backoff: 500, asked: 1) == 8000)
        #expect(RetryPause.milliseconds(attempt: 1, backoff: 500, asked: 86400) == 120_000)
        #expect(RetryPause.milliseconds(attempt: 1, backoff: 500, asked: -5) == 500)
    }
}
