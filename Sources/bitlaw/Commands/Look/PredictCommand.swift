import ArgumentParser
import Canon
import Laws
import System
import Workbench

/// Evaluates a fitted law.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract:
            "What a law.json predicts, with an interval and how far beyond its points that is.",
        discussion: """
            The interval is that of the law itself over its bootstrap samples, not of a new run.

            EXAMPLE
              bitlaw predict out/chinchilla/huber.law.json N=70e9 D=1.4e12
            """)

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    @Argument(help: "A law.json.", completion: .file(extensions: ["json"]))
    var law: String

    @Argument(help: "A value for each input, by role or column, such as samples=1e6.")
    var values: [String]

    func run() throws {
        guard let bytes = try readWholeFile(ProjectFolder.absolute(law)) else {
            throw UsageError(text: "\(law): no such file")
        }
        let file: LawFile
        do {
            file = try LawFile(JSON(parsing: bytes))
        } catch { throw UsageError(text: "\(law): \(error)") }
        let result = file.predict(try point(of: file))
        if json {
            Output.line(
                JSON.object([
                    "value": .number(result.value),
                    "low": result.interval.map { .number($0.low) } ?? .null,
                    "high": result.interval.map { .number($0.high) } ?? .null,
                    "confidence": .number(file.confidence),
                    "extrapolationFactor": .number(result.extrapolation),
                ]).canonicalText)
            return
        }
        var text = Markup.significant(result.value, 6)
        if let interval = result.interval {
            text +=
                " [\(Markup.significant(interval.low, 4)), \(Markup.significant(interval.high, 4))] "
                + "(\(Markup.significant(file.confidence * 100, 2)) %, the law's own uncertainty)"
        } else {
            text += " (no interval: the law was fitted without bootstrap samples)"
        }
        Output.line(text)
        if result.extrapolation > 1 {
            Output.line(
                "\(Markup.significant(result.extrapolation)) times beyond the largest fitted point")
        }
    }

    /// The values of the command line, in the order of the law's inputs.
    private func point(of file: LawFile) throws -> [Double] {
        var given: [String: Double] = [:]
        for text in values {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Double(parts[1]), number > 0, number.isFinite
            else {
                throw UsageError(text: "\(text): expected NAME=VALUE with a positive number")
            }
            given[parts[0]] = number
        }
        var point: [Double] = []
        for (place, role) in file.roles.enumerated() {
            let column = file.columns.indices.contains(place) ? file.columns[place] : role
            guard let value = given.removeValue(forKey: role) ?? given.removeValue(forKey: column)
            else {
                throw UsageError(
                    text: "expected a value of \(column): bitlaw predict \(law) \(column)=VALUE")
            }
            point.append(value)
        }
        if let surplus = given.keys.sorted().first {
            let known = file.columns.joined(separator: ", ")
            throw UsageError(text: "no input `\(surplus)`\n  expected: \(known)")
        }
        return point
    }
}
