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
        let hours, perplexity: Double
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
            return Score(architecture: architecture, hours: hours, perplexity: perplexity)
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

    /// Slopes and crossing with their intervals.
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
}
