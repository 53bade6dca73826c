import TestSupport
import Testing

/// Published data sets, which stay outside of the repository; where they are absent the tests that
/// need them say so and pass nothing off as tested.
enum FitData {
    /// Their folder.
    static let folder = Repository.shared("data", else: "no published number is compared")

    /// The cells of a CSV file without quoted fields, by row; the header first.
    static func rows(_ name: String) throws -> [[Substring]] {
        let path = "\(try #require(folder))/\(name)"
        let bytes = try #require(bytesOfFile(path), "\(path) is absent")
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
