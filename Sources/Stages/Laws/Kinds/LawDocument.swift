import Canon
import Experiment
import Numerics
import System

/// The file `law.json`: everything that a reader needs to use a law and to judge it.
///
/// The members are described in docs/LAWS.md.
struct LawDocument {
    let request: LawRequest
    let data: LawData
    let law: FittedLaw
    let bootstrap: LawBootstrap?

    var level: Double { request.parameters.number("confidence") }

    /// The interval of a function of the parameters; `nil` without enough samples.
    func interval(_ of: ([Double]) -> Double) -> (low: Double, high: Double)? {
        guard let bootstrap else { return nil }
        let values = bootstrap.samples.map(of)
        if request.parameters.text("interval") == "bca" {
            return BootstrapInterval.bca(
                values, estimate: of(law.natural),
                leftOut: bootstrap.leftOut.filter { !$0.isEmpty }.map(of), level)
        }
        return BootstrapInterval.percentile(values, level)
    }

    func json() -> JSON {
        let parameters = law.form.parameters.enumerated().map { place, parameter in
            (parameter.name, self.parameter(place, parameter))
        }
        let names = law.form.parameters.map { JSON.string($0.name) }
        var document: [String: JSON] = [
            "format": "bitlaw/law/1", "form": .string(law.form.name),
            "formula": .string(
                "\(data.yName) = \(NamedForms.formula(law.form, columns: data.columns))"),
            "y": .string(data.yName), "names": .array(names),
            "inputs": inputs,
            "parameters": .object(Dictionary(parameters) { $1 }), "confidence": .number(level),
            "interval": .string("\(request.parameters.text("interval")) bootstrap"),
            "covariance": covariance(names),
            "objective": [
                "name": .string(law.objective.text), "value": .finite(law.value),
                "weights": request.parameters.value("weight"),
            ],
            "points": .number(Double(data.y.count)),
            "data": [
                "sha256": .string(data.digest.hex), "excluded": .number(Double(data.excluded)),
            ],
            "scale": [
                "inputs": .array(law.scale.inputs.map { .number($0) }),
                "output": .number(law.scale.output),
                "ends": .array(law.scale.ends.map { .number($0) }),
            ],
            "heldOut": [
                "points": .number(Double(data.heldOutY.count)),
                "logError": .finite(law.logError(x: data.heldOutX, y: data.heldOutY)),
                "extrapolationFactor": .number(data.extrapolation),
            ],
            "logError": .finite(law.logError(x: data.x, y: data.y)),
            "aicc": .finite(law.correctedAkaike),
            "certificate": certificate,
            "influence": .array(LawInfluence(self).rows),
            "warnings": .array(LawChecklist(self).warnings.map { .string($0) }),
            "checklist": LawChecklist(self).json,
            "samples": .array(
                (bootstrap?.samples.prefix(1000) ?? []).map { .array($0.map { .finite($0) }) }),
            "bootstrap": [
                "samples": .number(Double(bootstrap?.samples.count ?? 0)),
                "asked": request.parameters.value("bootstrap"),
                "resampled": request.parameters.isNull("group")
                    ? "points" : .string("groups of \(request.parameters.text("group"))"),
            ],
        ]
        if data.columns.count == 1 {
            document["x"] = .string(data.columns[0])
            document["range"] = [
                .number(data.x[0].min() ?? 0), .number(data.x[0].max() ?? 0),
            ]
        }
        if let derived { document["derived"] = derived }
        for (name, value) in request.formula?.members ?? [:] { document[name] = value }
        document["priors"] = priors
        if let chance = law.form.chance { document["chance"] = .number(chance) }
        if let broken = law.form as? BrokenPower {
            document["breaks"] = .number(Double(broken.breaks))
        }
        return .object(document)
    }

    /// What was known of parameters, and how far the fit is from it; `null` where nothing was.
    private var priors: JSON {
        guard let size = law.priorSize else { return .null }
        let rows = request.fitter.priors.compactMap { prior -> JSON? in
            law.parameter(prior.name).map { value in
                [
                    "parameter": .string(prior.name), "mean": .number(prior.mean),
                    "deviation": .number(prior.deviation),
                    "of": .string(prior.isLogarithm ? "the logarithm" : "the value"),
                    "distance": .finite(prior.distance(value)),
                ]
            }
        }
        return ["sigma": .number(size), "of": .array(rows)]
    }

    /// The inputs' roles, columns and ranges.
    private var inputs: JSON {
        .array(
            data.columns.indices.map { place in
                [
                    "role": .string(law.form.inputs[place]),
                    "column": .string(data.columns[place]),
                    "low": .number(data.x[place].min() ?? 0),
                    "high": .number(data.x[place].max() ?? 0),
                ]
            })
    }

    /// What the optimum was certified by.
    private var certificate: JSON {
        let certificate = law.certificate
        return [
            "scaledGradient": .number(certificate.scaledGradient),
            "condition": .number(certificate.condition),
            "tradeOff": .array(certificate.weakest.map { .string($0) }),
            "starts": .number(Double(certificate.starts)),
            "agreeing": .number(Double(certificate.agreeing)),
            "screened": .number(Double(certificate.screened)),
            "iterations": .number(Double(certificate.iterations)),
            "didMove": .bool(certificate.didMove), "isMinimum": .bool(certificate.isMinimum),
            "atBound": .array(certificate.atBound.map { .string($0) }),
            "others": .array(certificate.search.others.map { $0.json(law.form) }),
        ]
    }

    /// N* ∝ C^a and D* ∝ C^b, where the law has them in closed form.
    private var derived: JSON? {
        guard law.form.name == "chinchilla" else { return nil }
        func entry(_ of: @escaping ([Double]) -> Double) -> JSON {
            let found = interval(of)
            var members: [String: JSON] = [
                "value": .finite(of(law.natural)), "low": .finite(found?.low),
                "high": .finite(found?.high),
            ]
            if let bootstrap, bootstrap.samples.count > 1 {
                members["standardError"] = .finite(bootstrap.deviation(of))
            }
            return .object(members)
        }
        return [
            "a": entry { $0[4] / ($0[3] + $0[4]) }, "b": entry { $0[3] / ($0[3] + $0[4]) },
        ]
    }

    private func parameter(_ place: Int, _ parameter: LawParameter) -> JSON {
        let found = law.held[place] ? nil : interval { $0[place] }
        var members: [String: JSON] = [
            "value": .finite(law.natural[place]), "meaning": .string(parameter.meaning),
            "unit": .string(
                parameter.unit.replacing("y", with: unit("y_unit") ?? "y", maxReplacements: 1)),
            "low": .finite(found?.low),
            "high": .finite(found?.high),
        ]
        if let bootstrap, bootstrap.samples.count > 1 {
            members["standardError"] = .finite(bootstrap.deviation { $0[place] })
        }
        if law.held[place] { members["held"] = true }
        if request.parameters.boolean("profile"),
            let profile = ProfileInterval(
                request.fitter, law, x: data.x, y: data.y, weights: data.weights,
                parameter: parameter.name, confidence: level)
        {
            members["profile"] = [
                "low": profile.low.isFinite ? .number(profile.low) : .null,
                "high": profile.high.isFinite ? .number(profile.high) : .null,
                "curve": .array(
                    profile.curve.map { [.finite($0.value), .finite($0.objective)] }),
            ]
        }
        return .object(members)
    }

    func unit(_ name: String) -> String? {
        let text = request.parameters.text(name)
        return text.isEmpty ? nil : text
    }

    /// From the samples where there are enough, from the linearised fit otherwise.
    private func covariance(_ names: [JSON]) -> JSON {
        let p = names.count
        var rows: [JSON]
        let method: String
        if let samples = bootstrap?.samples, samples.count >= 20 {
            method = "bootstrap"
            let n = Double(samples.count)
            let means = (0..<p).map { j in samples.reduce(0.0) { $0 + $1[j] } / n }
            rows = (0..<p).map { j in
                .array(
                    (0..<p).map { k in
                        let sum = samples.reduce(0.0) {
                            $0 + ($1[j] - means[j]) * ($1[k] - means[k])
                        }
                        return JSON.finite(sum / (n - 1))
                    })
            }
        } else if let matrix = law.covariance {
            method = "linearised"
            rows = (0..<p).map { j in .array((0..<p).map { .finite(matrix[j * p + $0]) }) }
        } else {
            return .null
        }
        return ["names": .array(names), "rows": .array(rows), "method": .string(method)]
    }
}

/// Which points a fit hangs on.
struct LawInfluence {
    let rows: [JSON]

    /// For each parameter the group that moves it most when left out.
    init(_ document: LawDocument) {
        guard let bootstrap = document.bootstrap, bootstrap.samples.count > 1 else {
            rows = []
            return
        }
        var rows: [JSON] = []
        for (place, parameter) in document.law.form.parameters.enumerated()
        where !document.law.held[place] {
            let deviation = bootstrap.deviation { $0[place] }
            var largest: (shift: Double, group: Int)?
            for (group, values) in bootstrap.leftOut.enumerated() where !values.isEmpty {
                let shift = values[place] - document.law.natural[place]
                if shift.magnitude > largest?.shift.magnitude ?? -1 { largest = (shift, group) }
            }
            guard let largest else { continue }
            rows.append([
                "parameter": .string(parameter.name),
                "leftOut": .string(document.data.name(ofGroup: largest.group)),
                "shift": .finite(largest.shift),
                "standardErrors": deviation > 0 ? .finite(largest.shift / deviation) : .null,
            ])
        }
        self.rows = rows
    }
}
