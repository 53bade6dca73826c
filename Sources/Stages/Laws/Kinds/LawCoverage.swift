import Canon
import Experiment
import Numerics
import Workbench

/// One simulation after the other: how often each kind of interval held what it is of.
struct LawCoverage {
    /// What an interval is of, and how it is named in the table.
    private enum Subject {
        case parameter(Int)
        case law(place: Int)
        case newRun(place: Int)
    }

    private let world: LawWorld
    private let fitter: LawFitter
    private let rules: [LawIntervals.Rule]
    private let places: [[Double]]
    private let placeNoise: [Double]
    private let placeWeights: [Double]
    private let weights: [Double]
    private let groups: [[Int]]?
    private let level: Double
    private let samples: Int
    private let subjects: [(name: String, subject: Subject)]
    private var hits: [[(held: Int, made: Int)]]
    private var refused = 0

    init(_ parameters: Parameters) throws {
        let world = try LawWorld(parameters)
        self.world = world
        let objective = LawObjective(parameters)
        fitter = LawFitter(world.form, objective)
        level = parameters.number("confidence")
        samples = parameters.integer("bootstrap")
        let asked = parameters.texts("intervals").compactMap(LawIntervals.Rule.init)
        rules = asked.filter { $0 != .profile || objective.loss == .squares }
        places = try LawCoverage.places(parameters.value("at"), world.form)
        let factor = try LawWorld.factor(parameters.text("noise_factor"), world.form)
        let noise = parameters.number("noise")
        placeNoise = try places.map { noise * (try factor($0)) }
        let weight = try LawWorld.factor(parameters.text("weight"), world.form)
        placeWeights = try places.map(weight)
        weights = try (world.x.first ?? []).indices.map { row in
            try weight(world.x.map { $0[row] })
        }
        if let cluster = world.cluster, parameters.boolean("grouped") {
            groups = (0...(cluster.max() ?? 0)).map { number in
                cluster.indices.filter { cluster[$0] == number }
            }
        } else {
            groups = nil
        }
        let names = places.map { place in
            zip(world.form.inputs, place).map { "\($0) = \(JSON.number($1).canonicalText)" }
                .joined(separator: ", ")
        }
        subjects =
            world.form.parameters.enumerated().map { ($1.name, .parameter($0)) }
            + names.enumerated().flatMap { place, name in
                [
                    ("law at \(name)", Subject.law(place: place)),
                    ("run at \(name)", Subject.newRun(place: place)),
                ]
            }
        let rules = rules
        hits = subjects.map { _ in rules.map { _ in (0, 0) } }
    }

    private static func places(_ value: JSON, _ form: any LawForm) throws -> [[Double]] {
        try (value.elements ?? []).map { place in
            try form.inputs.map { role in
                guard let number = place[role]?.double, number > 0 else {
                    throw FormatError(
                        "at: expected a positive number for \(role), such as "
                            + "{\(form.inputs.map { "\($0): 1e12" }.joined(separator: ", "))}, found "
                            + place.canonicalText)
                }
                return number
            }
        }
    }

    /// Draws one data set, fits it, and counts.
    mutating func simulate(_ index: Int, seed: UInt64) {
        let y = world.draw(seed: seed, index: index)
        guard let law = try? fitter.fit(x: world.x, y: y, weights: weights) else {
            refused += 1
            return
        }
        let points = LawPoints(x: world.x, y: y, weights: weights, groups: groups)
        let all = rules.map {
            LawIntervals($0, law, points, bootstrap: nil, level: level)
        }
        var bootstrap: LawBootstrap?
        if all.contains(where: { $0.method != .profile }) {
            bootstrap = LawBootstrap(
                fitter, law, ScaledPoints(x: world.x, y: y, scale: law.scale), weights: weights,
                groups: groups ?? y.indices.map { [$0] }, seed: seed &+ UInt64(index),
                count: samples)
        }
        let runs = places.indices.map { place in
            world.newRun(
                at: places[place], factor: placeNoise[place], seed: seed,
                index: index * places.count + place)
        }
        for (column, rule) in rules.enumerated() {
            let intervals = LawIntervals(rule, law, points, bootstrap: bootstrap, level: level)
            let predictions = zip(places, placeWeights).map {
                intervals.prediction(at: $0, weight: $1)
            }
            for (row, subject) in subjects.map({ $0.subject }).enumerated() {
                let truth: Double
                let found: LawPrediction.Interval
                switch subject {
                case .parameter(let place):
                    truth = world.natural[place]
                    found = LawPrediction.Interval { () throws(NoInterval) in
                        try intervals.interval(of: .parameter(place, of: law))
                    }
                case .law(let place): (truth, found) = (runs[place].truth, predictions[place].law)
                case .newRun(let place):
                    (truth, found) = (runs[place].run, predictions[place].newRun)
                }
                guard let ends = try? found.get() else { continue }
                hits[row][column].made += 1
                if ends.low <= truth && truth <= ends.high { hits[row][column].held += 1 }
            }
        }
    }

    /// The table of shares, with their standard errors.
    var table: Table {
        var table = Table(columns: [
            "parameter", "interval", "level", "coverage", "error", "intervals", "refused",
        ])
        for (row, subject) in subjects.enumerated() {
            for (rule, hit) in zip(rules, hits[row]) where hit.made > 0 {
                let share = Double(hit.held) / Double(hit.made)
                let error = (share * (1 - share) / Double(hit.made)).squareRoot()
                table.append([
                    .string(subject.name), .string(rule.rawValue), .number(level), .number(share),
                    .number(error), .number(Double(hit.made)), .number(Double(refused)),
                ])
            }
        }
        return table
    }
}
