import Canon
import Numerics
import Workbench

/// What a `law.json` keeps to make intervals of other quantities from, by the method of its own intervals.
enum LawIntervalSource: Sendable {
    /// The law and its points, for profiles.
    case profile(FittedLaw, LawPoints)
    /// Bootstrap samples of the parameters, out of so many drawn.
    case samples([[Double]], drawn: Int)
    /// Parameters without each group.
    case groups([[Double]])
    /// Nothing, and why.
    case none(String)

    init(_ json: JSON, _ file: LawFile, _ objective: LawObjective) {
        if let reason = json["noInterval"]?.text {
            self = .none(reason)
            return
        }
        switch json["interval"]?.text {
        case "profile":
            if let found = LawIntervalSource.restored(json, file, objective) {
                self = found
                return
            }
        case "jackknife":
            self = .groups(
                (json["leftOut"]?.elements ?? []).map {
                    ($0.elements ?? []).compactMap { $0.double }
                })
            return
        default: break
        }
        let made = json["bootstrap"]?["samples"]?.integer ?? file.samples.count
        let asked = json["bootstrap"]?["asked"]?.integer ?? made
        let lost = max(0, asked - made)
        self =
            file.samples.isEmpty
            ? .none("the law was fitted without bootstrap samples; fit it with `bootstrap: 400`")
            : .samples(
                file.samples, drawn: file.samples.count + lost * file.samples.count / max(1, made))
    }

    /// The law with its points; `nil` where the file does not keep them.
    private static func restored(
        _ json: JSON, _ file: LawFile, _ objective: LawObjective
    ) -> LawIntervalSource? {
        func numbers(_ value: JSON?) -> [Double] {
            (value?.elements ?? []).compactMap { $0.double }
        }
        let fitted = json["fitted"]
        let (x, y) = ((fitted?["x"]?.elements ?? []).map(numbers), numbers(fitted?["y"]))
        let weights = numbers(fitted?["weights"])
        guard x.count == file.roles.count, !y.isEmpty,
            weights.count == y.count,
            x.allSatisfy({ $0.count == y.count })
        else { return nil }
        var groups: [[Int]]?
        let group = numbers(fitted?["group"]).map { Int($0) }
        if group.count == y.count {
            groups = (0...(group.max() ?? 0)).map { number in
                group.indices.filter { group[$0] == number }
            }
        }
        var fixed: [String: Double] = [:]
        for (parameter, value) in zip(file.form.parameters, file.natural)
        where json["parameters"]?[parameter.name]?["held"] == true {
            fixed[parameter.name] = value
        }
        let points = LawPoints(x: x, y: y, weights: weights, groups: groups)
        var fitter = LawFitter(file.form, objective, fixed: fixed)
        fitter.residualSize = json["priors"]?["sigma"]?.double
        fitter.priors = (json["priors"]?["of"]?.elements ?? []).compactMap { prior in
            guard let name = prior["parameter"]?.text, let mean = prior["mean"]?.double,
                let deviation = prior["deviation"]?.double
            else { return nil }
            return LawPrior(
                name, mean: mean, deviation: deviation,
                isLogarithm: prior["of"]?.text == "the logarithm")
        }
        guard let law = try? fitter.restore(file.natural, file.scale, points) else { return nil }
        return .profile(law, points)
    }

    /// How intervals are made.
    var method: String {
        switch self {
        case .profile: LawIntervals.Method.profile.rawValue
        case .samples: LawIntervals.Method.percentile.rawValue
        case .groups: LawIntervals.Method.jackknife.rawValue
        case .none: "none"
        }
    }

    /// The interval of a quantity, which is a prediction at `place` where that is given.
    func interval(
        _ quantity: LawQuantity, at place: [Double]? = nil, _ natural: [Double], _ level: Double
    ) -> LawFile.Interval {
        let found: Result<(low: Double, high: Double), NoInterval>
        switch self {
        case .none(let reason): return .failure(FormatError(reason))
        case .profile(let law, let points):
            let own = place.map { LawQuantity.prediction(at: $0, of: law) } ?? quantity
            found = Result { () throws(NoInterval) in
                let profile = try ProfileInterval(law, points, of: own, confidence: level)
                return (profile.low, profile.high)
            }
        case .samples(let samples, let drawn):
            found = Result { () throws(NoInterval) in
                try BootstrapInterval.percentile(
                    samples.map(quantity.of).filter { !$0.isNaN }, drawn: drawn, level)
            }
        case .groups(let leftOut):
            found = Result { () throws(NoInterval) in
                guard leftOut.allSatisfy({ !quantity.of($0).isNaN }) else {
                    throw .openWithoutGroup
                }
                return try BootstrapInterval.jackknife(
                    quantity, quantity.of(natural), leftOut, level)
            }
        }
        return found.mapError { FormatError("no interval: \($0)") }
    }
}
