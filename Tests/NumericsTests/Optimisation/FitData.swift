import Glibc
import Testing

/// Published data sets, which stay outside of the repository; where they are absent the tests that
/// need them say so and pass nothing off as tested.
enum FitData {
    /// The folder, beside the repository or beside the folder that holds it.
    static let folder: String? = {
        let here = "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
        for path in ["/\(here)/../shared", "/\(here)/../../shared"]
        where unsafe access(path, R_OK) == 0 { return path }
        print("SKIPPED: ../shared is absent, so no published number is compared here")
        return nil
    }()

    /// The cells of a CSV file without quoted fields, by row; the header first.
    static func rows(_ name: String) throws -> [[Substring]] {
        let path = "\(try #require(folder))/data/\(name)"
        let file = unsafe try #require(unsafe fopen(path, "r"), "\(path) is absent")
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = unsafe getc(file)
            if byte < 0 { break }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    /// Epoch AI's points: N, D = C/(6N), loss; in file order.
    static func epoch() throws -> (n: [Double], d: [Double], loss: [Double]) {
        var (n, d, loss): ([Double], [Double], [Double]) = ([], [], [])
        for row in try rows("chinchilla-epoch/svg_extracted_data.csv").dropFirst() {
            let size = try #require(Double(row[3]))
            let flop = try #require(Double(row[4]))
            n.append(size)
            d.append(flop / (6 * size))
            loss.append(try #require(Double(row[6])))
        }
        return (n, d, loss)
    }

    /// The 240 that remain without the five of the largest loss.
    static func epoch240() throws -> (n: [Double], d: [Double], loss: [Double]) {
        let all = try epoch()
        let limit = all.loss.sorted()[239]
        let kept = all.loss.indices.filter { all.loss[$0] <= limit }
        return (kept.map { all.n[$0] }, kept.map { all.d[$0] }, kept.map { all.loss[$0] })
    }
}
