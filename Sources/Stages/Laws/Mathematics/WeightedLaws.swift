import Canon
import Numerics
import Workbench

/// A sum of fitted laws of the same inputs, each with a weight.
struct WeightedLaws {
    let laws: [LawFile]
    let weights: [Double]
    /// The columns of the inputs, which all laws share.
    let columns: [String]
    /// The range in which each input was fitted, in every law.
    let fitted: [(low: Double, high: Double)]

    /// Reads laws.
    ///
    /// - Throws: ``FormatError`` where they do not belong together.
    init(_ documents: [(producer: String, json: JSON)], weights: [Double]?) throws {
        laws = try documents.map { producer, json in
            do { return try LawFile(json) } catch { throw FormatError("\(producer): \(error)") }
        }
        self.weights = weights ?? laws.map { _ in 1 }
        guard self.weights.count == laws.count else {
            throw FormatError(
                "weights: expected one for each of \(laws.count) laws "
                    + "(\(documents.map { $0.producer }.joined(separator: ", "))), found "
                    + "\(self.weights.count)")
        }
        columns = laws[0].columns
        for (law, document) in zip(laws, documents) {
            guard law.columns == columns else {
                throw FormatError(
                    "\(document.producer): expected a law of \(columns.joined(separator: ", ")), as "
                        + "\(documents[0].producer) is, found one of "
                        + law.columns.joined(separator: ", "))
            }
            guard !law.columns.contains(where: { $0.hasSuffix(UserFormula.groupMark) }) else {
                throw FormatError(
                    "\(document.producer): expected a law without `per`, whose groups no input is; fit "
                        + "each group by itself")
            }
        }
        fitted = try columns.indices.map { place in
            let ranges = try documents.map { producer, json in
                guard let low = json["inputs"]?.elements?[place]["low"]?.double,
                    let high = json["inputs"]?.elements?[place]["high"]?.double
                else { throw FormatError("\(producer): inputs: expected low and high") }
                return (low, high)
            }
            return (ranges.map { $0.0 }.max() ?? 0, ranges.map { $0.1 }.min() ?? 0)
        }
    }

    /// The samples that all laws have.
    var samples: [[[Double]]] {
        let count = laws.map { $0.samples.count }.min() ?? 0
        return (0..<count).map { sample in laws.map { $0.samples[sample] } }
    }

    /// The sum at many points, for the parameters of each law.
    func values(_ natural: [[Double]], _ points: [[Double]]) -> [Double] {
        let x = columns.indices.map { place in points.map { $0[place] } }
        var sum = points.map { _ in 0.0 }
        for (place, law) in laws.enumerated() {
            let values = law.form.predict(natural[place], x, law.scale)
            for i in values.indices { sum[i] += weights[place] * values[i] }
        }
        return sum
    }

    /// The least value on a region from several starts, and how many of them end there.
    func minimum(
        _ region: InputRegion, _ natural: [[Double]], starts: [[Double]]
    ) -> (best: RegionMinimum, agreeing: Int) {
        let ends = starts.map { start in
            RegionMinimum.find(in: region, from: start) { values(natural, $0) }
        }
        var best = ends[0]
        for end in ends where end.value < best.value { best = end }
        let near = 1e-8 * max(best.value.magnitude, 1e-12)
        return (best, ends.count { $0.value - best.value <= near })
    }
}
