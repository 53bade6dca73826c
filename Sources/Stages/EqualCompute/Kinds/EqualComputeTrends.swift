import Canon
import Experiment
import Numerics
import Workbench

/// Perplexities by architecture and compute class, straight lines through their logarithms, and the
/// compute at which the lines meet.
struct EqualComputeTrends {
    /// A trained network.
    private struct Score {
        let architecture: String
        let hours, perplexity, parameters: Double
        let replicate: JSON
        let input: StageInput
    }

    private let scores: [Score]
    private let architectures: [String]
    private let seed: UInt64
    private let samples: Int

    init(_ inputs: [StageInput], seed: UInt64, samples: Int) throws {
        self.seed = seed
        self.samples = samples
        scores = try inputs.map { input in
            let json = try JSON(parsing: input.bytes())
            guard let architecture = json["architecture"]?.text, let hours = json["hours"]?.double,
                let perplexity = json["perplexity"]?.double
            else { throw FormatError("\(input.producer): expected score.json of compute.train") }
            return Score(
                architecture: architecture, hours: hours, perplexity: perplexity,
                parameters: json["parameters"]?.double ?? 0,
                replicate: input.coordinates.first { $0.axis == "replicate" }?.value ?? .null,
                input: input)
        }
        architectures = Set(scores.map { $0.architecture }).sorted()
    }

    private var hours: [Double] { Set(scores.map { $0.hours }).sorted() }

    private func values(_ architecture: String, _ hours: Double) -> [Double] {
        scores.filter { $0.architecture == architecture && $0.hours == hours }.map { $0.perplexity }
    }

    /// The line log perplexity = intercept + slope·log hours of chosen replicates.
    private func line(_ architecture: String, _ choose: ([Double]) -> [Double]) -> StraightLine? {
        var (x, y) = ([Double](), [Double]())
        for hour in hours {
            let own = choose(values(architecture, hour))
            guard !own.isEmpty else { continue }
            x.append(Elementary.log(hour))
            y.append(own.reduce(0) { $0 + Elementary.log($1) } / Double(own.count))
        }
        return StraightLine(x, y)
    }

    /// The hours at which two lines meet.
    private func crossing(_ first: StraightLine, _ second: StraightLine) -> Double? {
        let gap = first.slope - second.slope
        guard gap != 0 else { return nil }
        let log = (second.intercept - first.intercept) / gap
        return log.magnitude < 300 ? Elementary.exp(log) : nil
    }

    /// Slopes and crossing of samples of replicates with replacement, class by class.
    private var resampled: (slopes: [String: [Double]], crossings: [Double], without: Int) {
        var slopes: [String: [Double]] = [:]
        var (crossings, without) = ([Double](), 0)
        guard architectures.count == 2 else { return (slopes, crossings, 0) }
        for sample in 0..<samples {
            var stream = RandomStream(seed: seed, purpose: "bootstrap", index: UInt64(sample))
            let lines = architectures.compactMap { name in
                line(name) { own in own.map { _ in own[stream.integer(below: own.count)] } }
            }
            guard lines.count == 2 else { continue }
            for (name, line) in zip(architectures, lines) {
                slopes[name, default: []].append(line.slope)
            }
            if let meeting = crossing(lines[0], lines[1]) {
                crossings.append(meeting)
            } else {
                without += 1
            }
        }
        return (slopes, crossings, without)
    }

    private func interval(_ value: Double?, _ samples: [Double]) -> JSON {
        let ends = BootstrapInterval.percentile(samples, 0.95)
        return ["value": .finite(value), "low": .finite(ends?.low), "high": .finite(ends?.high)]
    }

    var json: JSON {
        let (slopes, crossings, without) = resampled
        let lines = architectures.map { line($0) { $0 } }
        var document: [String: JSON] = [:]
        for (name, line) in zip(architectures, lines) {
            document[name] = ["slope": interval(line?.slope, slopes[name] ?? [])]
        }
        if lines.count == 2, let first = lines[0], let second = lines[1] {
            document["crossing"] = interval(crossing(first, second), crossings)
            document["parallel_samples"] = .number(Double(without))
        }
        return .object(document)
    }

    private var inputs: [StageInput] { scores.map { $0.input } }

    /// Ours: which architecture is better in each class, and where the trends meet.
    var claims: [CheckedClaim] {
        let claim =
            "At equal virtual time one architecture can lead while the other's trend is steeper"
        let (basis, expected) = (
            """
            sourced for GPT and qLSTM on their hardware (crossing near 50,000 h); ours are other \
            networks, text and hardware
            """,
            "reported, not judged"
        )
        guard architectures.count == 2, hours.count > 1 else {
            return [.lacking("trend", claim, basis: basis, expected: expected)]
        }
        let json = json
        let slopes = architectures.map { "\($0) \(Told.interval(json[$0]?["slope"]))" }
        let seconds = ["value", "low", "high"].map {
            Told.number((json["crossing"]?[$0]?.double).map { $0 * 3600 })
        }
        return [
            CheckedClaim(
                id: "trend", claim: claim, basis: basis, expected: expected,
                measured:
                    "d ln perplexity/d ln hours: \(slopes.joined(separator: ", ")); the lines meet at "
                    + "\(seconds[0]) virtual seconds [\(seconds[1]), \(seconds[2])]",
                verdict: .told,
                inputs: inputs)
        ]
    }

    /// Table and picture.
    func describe(_ page: inout ReportPage) {
        guard !scores.isEmpty else { return }
        page.heading("Normalised perplexity by compute class")
        page.table(
            ["virtual seconds"] + architectures.map(Markup.escape),
            hours.map { hour in
                [Told.number(hour * 3600)]
                    + architectures.map { name in
                        let own = scores.filter { $0.architecture == name && $0.hours == hour }
                        let values = own.map { $0.perplexity }
                        guard !values.isEmpty else { return "–" }
                        let mean = values.reduce(0, +) / Double(values.count)
                        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                        let error = (spread / Double(max(1, values.count - 1) * values.count))
                            .squareRoot()
                        return page.number(
                            Told.withError(mean, error, 4), from: own.map { $0.input })
                    }
            })
        var chart = Chart(
            title: "Perplexity at equal compute", xLabel: "virtual seconds on the measured machine",
            yLabel: "normalised perplexity")
        for name in architectures {
            var series = Chart.Series(name: name)
            series.points = scores.filter { $0.architecture == name }.map {
                (x: $0.hours * 3600, y: $0.perplexity)
            }
            if let line = line(name, { $0 }) {
                series.line = hours.map { hour in
                    (x: hour * 3600, y: Elementary.exp(line.value(Elementary.log(hour))))
                }
            }
            chart.series.append(series)
        }
        page.figures([
            (
                chart.svg(),
                "Points: runs; lines: least squares through logarithms, class by class. "
                    + page.number("scores", from: inputs)
            )
        ])
    }
}
