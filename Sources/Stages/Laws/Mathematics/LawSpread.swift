import Canon
import Numerics
import Workbench

/// How far off a fitted law may be, to first order: its slopes by its parameters, and their covariance.
///
/// Parameters that are positive are taken by their logarithms, in which a power law is closer to straight.
struct LawSpread {
    let law: LawFile
    /// The space of residuals, in which runs scatter by ``scale``.
    let space: LawObjective.Space
    /// The standard deviation of one run.
    let scale: Double
    let covariance: DesignCovariance
    private let isLogarithmic: [Bool]

    /// Reads a law's file; `noise` is the standard deviation of one run where it is not the file's.
    ///
    /// - Throws: ``FormatError`` naming what the file lacks.
    init(_ json: JSON, noise: Double?) throws {
        let law = try LawFile(json)
        let count = law.natural.count
        self.law = law
        space = LawSpread.space(json)
        scale = try noise ?? LawSpread.scale(json, parameters: count)
        let samples = law.samples.filter { sample in sample.allSatisfy { $0.isFinite } }
        isLogarithmic = (0..<count).map { place in
            law.natural[place] > 0 && samples.allSatisfy { $0[place] > 0 }
        }
        covariance = DesignCovariance(
            samples.count >= 20
                ? LawSpread.covariance(of: samples, isLogarithmic)
                : try LawSpread.covariance(in: json, law.natural, isLogarithmic),
            count: count)
    }

    private static func space(_ json: JSON) -> LawObjective.Space {
        if let space = json["objective"]?["space"]?.text.flatMap(LawObjective.Space.init) {
            return space
        }
        let objective = json["objective"]?["name"]?.text ?? ""
        return LawObjective.Space.allCases.first { space in
            let text = LawObjective(.squares, in: space).text.dropFirst("sum of squared ".count)
            return objective.hasSuffix(" \(text)") || objective.contains(" \(text),")
        } ?? .log
    }

    /// The file's own scale; else the root mean square of log residuals, for the degrees that the fit took.
    private static func scale(_ json: JSON, parameters: Int) throws -> Double {
        if let scale = json["residuals"]?["scale"]?.double, scale > 0 { return scale }
        let points = json["points"]?.integer ?? 0
        guard let error = json["logError"]?.double, error > 0, points > parameters else {
            throw FormatError(
                "law: expected residuals that scatter, found \(counted(points, "point")) for "
                    + "\(counted(parameters, "parameter")) and a log error of "
                    + (json["logError"]?.canonicalText ?? "none")
                    + "; set `noise`, the standard deviation of one run")
        }
        return error * (Double(points) / Double(points - parameters)).squareRoot()
    }

    private static func covariance(of samples: [[Double]], _ isLogarithmic: [Bool]) -> [Double] {
        let moved = samples.map { sample in
            zip(sample, isLogarithmic).map { $1 ? Elementary.log($0) : $0 }
        }
        let (n, p) = (Double(moved.count), isLogarithmic.count)
        let means = (0..<p).map { j in moved.reduce(0.0) { $0 + $1[j] } / n }
        var elements: [Double] = []
        for j in 0..<p {
            for k in 0..<p {
                let sum = moved.reduce(0.0) { $0 + ($1[j] - means[j]) * ($1[k] - means[k]) }
                elements.append(sum / (n - 1))
            }
        }
        return elements
    }

    private static func covariance(
        in json: JSON, _ natural: [Double], _ isLogarithmic: [Bool]
    ) throws -> [Double] {
        let rows = (json["covariance"]?["rows"]?.elements ?? []).map {
            ($0.elements ?? []).compactMap { $0.double }
        }
        guard rows.count == natural.count, rows.allSatisfy({ $0.count == natural.count }) else {
            throw FormatError(
                "law: expected a covariance of \(counted(natural.count, "parameter")) in law.json, found "
                    + "none; fit it with bootstrap: 200 or more")
        }
        let units = zip(natural, isLogarithmic).map { $1 ? $0 : 1 }
        return natural.indices.flatMap { j in
            natural.indices.map { k in rows[j][k] / (units[j] * units[k]) }
        }
    }

    /// The law at a place.
    func value(_ x: [Double]) -> Double { predict(law.natural, x) }

    private func predict(_ natural: [Double], _ x: [Double]) -> Double {
        law.form.predict(natural, x.map { [$0] }, law.scale)[0]
    }

    /// T: the law's value in the space of residuals.
    func moved(_ value: Double) -> Double {
        switch space {
        case .log: Elementary.log(value)
        case .linear: value
        case .log1p: Elementary.log1p(value)
        }
    }

    /// The value of a place in the space of residuals: T⁻¹.
    func back(_ moved: Double) -> Double {
        switch space {
        case .log: Elementary.exp(moved)
        case .linear: moved
        case .log1p: Elementary.exp(moved) - 1
        }
    }

    /// The slope of T(f) by each parameter, by central differences; one-sided where the law ends.
    ///
    /// - Throws: ``FormatError`` where the law has no finite value there.
    func slope(_ x: [Double]) throws(FormatError) -> [Double] {
        let middle = moved(value(x))
        guard middle.isFinite else {
            throw FormatError(
                "the law has no finite value at \(x.map { "\($0)" }.joined(separator: ", "))")
        }
        return law.natural.indices.map { place in
            let deviation = covariance.elements[place * law.natural.count + place].squareRoot()
            guard deviation > 0 else { return 0 }
            let step = isLogarithmic[place] ? 1e-4 : 1e-3 * deviation
            func at(_ sign: Double) -> Double? {
                var natural = law.natural
                if isLogarithmic[place] {
                    natural[place] *= Elementary.exp(sign * step)
                } else {
                    natural[place] += sign * step
                }
                let value = moved(predict(natural, x))
                return value.isFinite ? value : nil
            }
            switch (at(1), at(-1)) {
            case (let high?, let low?): return (high - low) / (2 * step)
            case (let high?, nil): return (high - middle) / step
            case (nil, let low?): return (middle - low) / step
            case (nil, nil): return 0
            }
        }
    }
}
