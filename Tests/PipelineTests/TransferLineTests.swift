import Remotes
import Run
import Testing

/// The line that is drawn while blobs move, from counts and a clock that are given.
@Suite struct TransferLineTests {
    private let start = ContinuousClock.now

    private func count(_ moved: Int, of expected: Int, results: Int = 0, blobs: Int = 0)
        -> TransferCount
    {
        var count = TransferCount()
        (count.moved, count.expected) = (moved, expected)
        (count.results, count.blobs) = (results, blobs)
        return count
    }

    @Test func `the line tells counts, bytes, rate and time left`() {
        var line = TransferLine("pushed", start: start)
        // 250 MB in 10 s are 25 MB/s; 1.25 GB less those take 40 s more.
        #expect(
            line.next(
                count(250_000_000, of: 1_250_000_000, results: 3, blobs: 7),
                at: start + .seconds(10))
                == "pushed 3 results, 7 blobs, 250 MB, 25 MB/s, 40 s left")
        #expect(
            line.next(count(625_000_000, of: 1_250_000_000), at: start + .seconds(5000))
                == "pushed 0 results, 0 blobs, 625 MB, 125 kB/s, 83 min 20 s left")
        #expect(
            line.next(
                count(1_250_000_000, of: 1_250_000_000, results: 9, blobs: 18),
                at: start + .seconds(5010))
                == "pushed 9 results, 18 blobs, 1.25 GB, 250 kB/s")
    }

    @Test func `before the first byte, and beyond what was declared, no time left is made up`() {
        var line = TransferLine("pulled", start: start)
        #expect(
            line.next(count(0, of: 1000), at: start)
                == "pulled 0 results, 0 blobs, 0 B, 0 B/s")
        // An attempt that failed counts too: more moved than is wanted.
        #expect(
            line.next(count(1500, of: 1000), at: start + .seconds(1))
                == "pulled 0 results, 0 blobs, 1.5 kB, 1.5 kB/s")
        #expect(line.seconds(at: start + .milliseconds(1500)) == 1.5)
    }

    @Test func `the line is drawn five times a second at most`() {
        var line = TransferLine("pulled", start: start)
        var drawn = 0
        for millisecond in 0..<1000
        where line.next(count(millisecond, of: 1000), at: start + .milliseconds(millisecond)) != nil
        {
            drawn += 1
        }
        #expect(drawn == 5)
    }
}
