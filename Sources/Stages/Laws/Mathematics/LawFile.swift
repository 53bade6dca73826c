package import Canon
import Experiment
package import Numerics
package import Workbench

/// A law read back from `law.json`.
package struct LawFile: Sendable {
    /// The family.
    package let form: any LawForm
    /// The natural parameters, in the form's order.
    package let natural: [Double]
    /// The units of the fit.
    package let scale: LawScale
    /// Bootstrap samples of the natural parameters; may be empty.
    package let samples: [[Double]]
    /// The inputs' roles.
    package var roles: [String] { form.inputs }
    /// The names of the groups by their column, for parameters that differ by groups.
    package var groups: [String: [String]] = [:]
    /// The columns of the inputs.
    package var columns: [String] = []
    /// The largest fitted value of each input.
    package var highest: [Double] = []
    /// The largest 6ND of the fitted points; for files that do not say, of the largest N and D.
    package var highestCompute: Double?
    /// The level of intervals.
    package var confidence = 0.95
    /// The column or expression that gave each point its weight; `nil` where all count alike.
    package private(set) var weight: String?
    /// Where intervals come from.
    private var source = LawIntervalSource.none("the law was made without points")
    /// How far single runs lie from the law; `nil` where the file does not say.
    private var noise: ResidualNoise?
    /// The standard deviation of runs, in the space of residuals.
    package var residualScale: Double? { noise?.scale }
    /// The degrees of freedom that it is known with.
    package var residualDegrees: Int? { noise?.degrees }
    /// The residuals' space, in which noise is added.
    private var objective = LawObjective(.squares, in: .log)

    /// At most so many points, samples and groups are kept in a file.
    package static let kept = 1000

    init(form: any LawForm, natural: [Double], scale: LawScale, samples: [[Double]]) {
        self.form = form
        self.natural = natural
        self.scale = scale
        self.samples = samples
    }

    /// Reads a document.
    ///
    /// - Throws: ``FormatError`` naming the member that is missing.
    package init(_ json: JSON) throws {
        guard json["format"]?.text == "bitlaw/law/1", let name = json["form"]?.text else {
            throw FormatError(
                "expected a law of format bitlaw/law/1, found "
                    + (json["format"]?.canonicalText ?? "no format"))
        }
        let named = NamedForms.form(
            name, breaks: json["breaks"]?.integer ?? 1, chance: json["chance"]?.double)
        guard let form = try json["expression"].map({ _ in try UserFormula(json).form }) ?? named
        else { throw FormatError("form: expected a form that this version knows, found \(name)") }
        var natural: [Double] = []
        for parameter in form.parameters {
            guard let value = json["parameters"]?[parameter.name]?["value"]?.double else {
                throw FormatError("parameters: expected a value of \(parameter.name)")
            }
            natural.append(value)
        }
        func numbers(_ value: JSON?) -> [Double] {
            (value?.elements ?? []).compactMap { $0.double }
        }
        let means = numbers(json["scale"]?["inputs"])
        guard means.count == form.inputs.count else {
            throw FormatError("scale: expected \(form.inputs.count) inputs, found \(means.count)")
        }
        self.init(
            form: form, natural: natural,
            scale: LawScale(
                inputs: means, output: json["scale"]?["output"]?.double ?? 0,
                ends: numbers(json["scale"]?["ends"]),
                anchors: numbers(json["scale"]?["anchors"])),
            samples: (json["samples"]?.elements ?? []).map(numbers).filter {
                $0.count == natural.count
            })
        groups = (json["groups"]?.members ?? [:]).mapValues {
            ($0.elements ?? []).compactMap { $0.text }
        }
        let inputs = json["inputs"]?.elements ?? []
        columns = inputs.compactMap { $0["column"]?.text }
        highest = inputs.compactMap { $0["high"]?.double }
        let isModel = form.inputs.prefix(2) == ["N", "D"] && highest.count >= 2
        highestCompute =
            json["compute"]?["high"]?.double ?? (isModel ? 6 * highest[0] * highest[1] : nil)
        confidence = json["confidence"]?.double ?? 0.95
        weight = json["objective"]?["weights"]?.text
        let space = json["objective"]?["space"]?.text.flatMap(LawObjective.Space.init)
        objective = LawObjective(.squares, in: space ?? .log)
        if let scale = json["residuals"]?["scale"]?.double,
            let degrees = json["residuals"]?["degrees"]?.integer, degrees > 0
        {
            noise = ResidualNoise(scale: scale, degrees: degrees)
        }
        source = LawIntervalSource(json, self, objective)
    }

    /// Whether inputs have to be positive.
    package var takesPositiveInputsOnly: Bool { form.takesPositiveInputsOnly }

    /// The role of a column of groups.
    package func role(ofGroups column: String) -> String { column + UserFormula.groupMark }

    /// Where a quantity of the parameters lies, by the method of the law's own intervals.
    package func interval(of quantity: LawQuantity, level: Double) -> Interval {
        source.interval(quantity, natural, level)
    }

    /// How intervals are made: `profile`, `jackknife`, `percentile`, or `none`.
    package var intervalMethod: String { source.method }

    /// The names that the weight is made from.
    package var weightNames: Set<String> {
        guard let weight else { return [] }
        return Set((try? Expression.parse(weight))?.names.map { $0.name } ?? []).union([weight])
    }

    /// The weight of a run of these values, as the fit gave its points theirs; `nil` where they do not say
    /// it.
    package func weight(of values: [String: Double]) -> Double? {
        guard let weight else { return 1 }
        let names = values.keys.sorted()
        let row = Table(columns: names, rows: [names.map { .number(values[$0] ?? .nan) }])
        guard let found = try? row.points(of: weight).first?.double, found > 0, found.isFinite
        else {
            return nil
        }
        return found
    }

    /// The law at one point, a new run there, and how far beyond the points it is.
    package func predict(_ x: [Double], weight: Double = 1) -> Prediction {
        let columns = x.map { [$0] }
        let value = form.predict(natural, columns, scale)[0]
        let (form, scale) = (form, scale)
        let own = source.interval(
            LawQuantity { form.predict($0, columns, scale)[0] }, at: x, natural, confidence)
        let newRun: Interval
        if let noise {
            newRun = own.map {
                noise.newRun(value, $0, objective, level: confidence, weight: weight)
            }
        } else {
            newRun = .failure(
                FormatError(
                    "the file does not say how far runs lie from the law; expected `residuals` in it; "
                        + "fit the law again"))
        }
        let beyond = zip(x, highest).map { $0 / $1 }.max() ?? 1
        return Prediction(
            value: value, law: own, newRun: newRun, extrapolation: max(1, beyond))
    }

    /// Both ends, or why there are none.
    package typealias Interval = Result<(low: Double, high: Double), FormatError>

    /// What a law says of one point.
    package struct Prediction: Sendable {
        /// The law's value.
        package let value: Double
        /// Where the law itself lies.
        package let law: Interval
        /// Where a new run of the weight lies.
        package let newRun: Interval
        /// The largest factor by which an input exceeds the fitted points.
        package let extrapolation: Double
    }
}
