import Canon
import Experiment
import Numerics

/// A law that a chart draws, and the panel and the series that it is of.
struct ChartLaw {
    let line: LawLine
    /// Formula and parameters in one line.
    let summary: String
    /// The formula alone.
    let formula: String
    private let document: JSON
    private let input: StageInput

    /// Reads a law.
    ///
    /// - Throws: ``FormatError`` where it is none, or one of another column.
    init(_ input: StageInput, _ context: StageContext, _ request: ChartRequest) throws {
        self.input = input
        document = try JSON(parsing: input.bytes())
        guard let reader = context.service(LawReader.self) else {
            throw FormatError("laws: this program reads no laws; leave the input `laws` out")
        }
        do {
            line = try reader.read(document)
        } catch let error as FormatError {
            throw FormatError("\(input.producer): \(error.description)")
        }
        guard line.column == request.x else {
            throw FormatError(
                "\(input.producer): expected a law over x: \(request.x), found one over \(line.column); "
                    + "draw it in a chart of its own")
        }
        let text = LawSummary.text(document)
        summary = text
        formula = text.firstRange(of: "   ").map { String(text[..<$0.lowerBound]) } ?? text
    }

    /// Its coordinate on an axis; `nil` where it is of all values.
    func coordinate(_ axis: String?) -> JSON? {
        axis.flatMap { name in input.coordinates.first { $0.axis == name }?.value }
    }

    /// The column that it is a law of.
    var y: String? { document["y"]?.text }

    /// The law over values of its input.
    func draw(from low: Double, to high: Double, isLog: Bool) -> (
        line: [(x: Double, y: Double)], band: [(x: Double, low: Double, high: Double)]
    ) {
        let grid = (0...60).map { step -> Double in
            let t = Double(step) / 60
            if !isLog { return low + t * (high - low) }
            return Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
        }
        let values = grid.enumerated().map { ($0, $1, line.value($1).value) }
        let band = stride(from: 0, to: grid.count, by: 4).compactMap { place in
            line.value(grid[place]).ends.map { (x: grid[place], low: $0.low, high: $0.high) }
        }
        return (values.filter { $0.2.isFinite }.map { ($0.1, $0.2) }, band)
    }

    /// The law for those who read what a figure shows.
    var json: JSON {
        let parameters = (document["parameters"]?.members ?? [:]).mapValues { parameter -> JSON in
            .object(
                (parameter.members ?? [:]).filter { ["value", "low", "high"].contains($0.key) })
        }
        return [
            "action": .string(input.producer), "digest": .string(input.digest.hex),
            "text": .string(summary), "parameters": .object(parameters),
        ]
    }
}
