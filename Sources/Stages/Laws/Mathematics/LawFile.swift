package import Canon
package import Numerics
import Workbench

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
    /// The columns of the inputs.
    package var columns: [String] = []
    /// The largest fitted value of each input.
    package var highest: [Double] = []
    /// The largest 6ND of the fitted points; for files that do not say, of the largest N and D.
    package var highestCompute: Double?
    /// The level of intervals.
    package var confidence = 0.95

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
        guard
            let form = NamedForms.form(
                name, breaks: json["breaks"]?.integer ?? 1, chance: json["chance"]?.double)
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
                ends: numbers(json["scale"]?["ends"])),
            samples: (json["samples"]?.elements ?? []).map(numbers).filter {
                $0.count == natural.count
            })
        let inputs = json["inputs"]?.elements ?? []
        columns = inputs.compactMap { $0["column"]?.text }
        highest = inputs.compactMap { $0["high"]?.double }
        let isModel = form.inputs.prefix(2) == ["N", "D"] && highest.count >= 2
        highestCompute =
            json["compute"]?["high"]?.double ?? (isModel ? 6 * highest[0] * highest[1] : nil)
        confidence = json["confidence"]?.double ?? 0.95
    }

    /// The law at one point, with the interval of the samples and how far beyond the points it is.
    package func predict(_ x: [Double]) -> (
        value: Double, interval: (low: Double, high: Double)?, extrapolation: Double
    ) {
        let columns = x.map { [$0] }
        let value = form.predict(natural, columns, scale)[0]
        let values = samples.map { form.predict($0, columns, scale)[0] }
        let beyond = zip(x, highest).map { $0 / $1 }.max() ?? 1
        return (value, BootstrapInterval.percentile(values, confidence), max(1, beyond))
    }
}
