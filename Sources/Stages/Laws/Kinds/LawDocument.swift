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
    let estimates: LawEstimates
    private let points: LawPoints

    init(request: LawRequest, data: LawData, law: FittedLaw, bootstrap: LawBootstrap?) {
        self.request = request
        self.data = data
        self.law = law
        self.bootstrap = bootstrap
        points = request.points(data)
        estimates = LawEstimates(
            law,
            LawIntervals(
                request.intervals, law, points, bootstrap: bootstrap,
                level: request.parameters.number("confidence")),
            points, isProfiled: request.parameters.boolean("profile"))
    }

    var level: Double { estimates.intervals.level }

    /// How intervals were made; `none` where no parameter has one.
    private var method: String {
        estimates.parameters.contains { $0.ends != nil }
            ? estimates.intervals.method.rawValue : "none"
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
            "interval": .string(method),
            "covariance": covariance(names),
            "objective": [
                "name": .string(law.objective.text), "value": .finite(law.value),
                "weights": request.parameters.value("weight"),
                "space": .string(law.objective.space.rawValue),
                "isSquares": .bool(law.objective.loss == .squares),
            ],
            "residuals": residuals,
            "points": .number(Double(data.y.count)),
            "data": [
                "sha256": .string(data.digest.hex), "excluded": .number(Double(data.excluded)),
            ],
            "scale": scale,
            "heldOut": [
                "points": .number(Double(data.heldOutY.count)),
                "logError": .finite(law.logError(x: data.heldOutX, y: data.heldOutY)),
                "extrapolationFactor": .number(data.extrapolation),
            ],
            "logError": .finite(law.logError(x: data.x, y: data.y)),
            "aicc": .finite(law.correctedAkaike),
            "certificate": certificate,
            "influence": .array(LawInfluence(self).rows),
            "warnings": .array(warnings.map { .string($0) }),
            "checklist": LawChecklist(self).json,
            "samples": .array(
                (bootstrap?.samples.prefix(LawFile.kept) ?? []).map {
                    .array($0.map { .finite($0) })
                }),
            "bootstrap": resampling,
        ]
        document.merge(others) { $1 }
        return .object(document)
    }

    /// Members that only some laws have.
    private var others: [String: JSON] {
        var document: [String: JSON] = [:]
        if let reason = estimates.reasons(law).first { document["noInterval"] = .string(reason) }
        if let fitted { document["fitted"] = fitted }
        if estimates.intervals.method == .jackknife, let bootstrap {
            document["leftOut"] = .array(
                bootstrap.leftOut.prefix(LawFile.kept).map { .array($0.map { .finite($0) }) })
        }
        if data.columns.count == 1 {
            document["x"] = .string(data.columns[0])
            document["range"] = [
                .number(data.x[0].min() ?? 0), .number(data.x[0].max() ?? 0),
            ]
        }
        document.merge(reading) { $1 }
        document.merge(request.formula?.members ?? [:]) { $1 }
        document["priors"] = priors
        if let chance = law.form.chance { document["chance"] = .number(chance) }
        if let broken = law.form as? BrokenPower {
            document["breaks"] = .number(Double(broken.breaks))
        }
        return document
    }

    /// The units of the fit.
    private var scale: JSON {
        [
            "inputs": .array(law.scale.inputs.map { .number($0) }),
            "output": .number(law.scale.output),
            "ends": .array(law.scale.ends.map { .number($0) }),
            "anchors": .array(law.scale.anchors.map { .number($0) }),
        ]
    }

    /// How often, and what, was drawn.
    private var resampling: JSON {
        [
            "samples": .number(Double(bootstrap?.samples.count ?? 0)),
            "asked": request.parameters.value("bootstrap"),
            "resampled": request.parameters.isNull("group")
                ? "points" : .string("groups of \(request.parameters.text("group"))"),
        ]
    }

    /// How far single runs lie from the law.
    private var residuals: JSON {
        let noise = try? ResidualNoise(law, points)
        let of =
            switch law.objective.space {
            case .log: "log y"
            case .linear: unit("y_unit") ?? "y"
            case .log1p: "log(1 + y)"
            }
        return [
            "scale": .finite(noise?.scale), "degrees": .number(Double(noise?.degrees ?? 0)),
            "of": .string(of),
        ]
    }

    /// The fitted points, which intervals of anything else are made from; `nil` where they are many.
    private var fitted: JSON? {
        guard data.y.count <= LawFile.kept else { return nil }
        func list(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
        var group = data.y.map { _ in 0.0 }
        for (number, rows) in (points.groups ?? []).enumerated() {
            for row in rows { group[row] = Double(number) }
        }
        return [
            "x": .array(data.x.map(list)), "y": list(data.y), "weights": list(data.weights),
            "group": points.groups == nil ? .null : list(group),
        ]
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

    /// What a reader needs who computes with the printed law, or asks how far it reaches.
    private var reading: [String: JSON] {
        var members = ["digits": PrintedDigits(law, data).json]
        if let compute = ComputeRange(law.form, data) { members["compute"] = compute.json }
        if let derived { members["derived"] = derived }
        return members
    }

    /// What follows from the parameters.
    private var derived: JSON? {
        if estimates.derived.isEmpty { return nil }
        return .object(
            estimates.derived.mapValues { estimate in
                .object(estimate.members(estimates.intervals.method))
            })
    }

    private func parameter(_ place: Int, _ parameter: LawParameter) -> JSON {
        var members = estimates.parameters[place].members(estimates.intervals.method)
        members["meaning"] = .string(parameter.meaning)
        members["unit"] = .string(
            parameter.unit.replacing("y", with: unit("y_unit") ?? "y", maxReplacements: 1))
        if let bootstrap, bootstrap.samples.count > 1 {
            members["standardError"] = .finite(bootstrap.deviation { $0[place] })
        }
        if law.held[place] { members["held"] = true }
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
        } else if let matrix = law.covariance(weights: data.weights) {
            method = "linearised"
            rows = (0..<p).map { j in .array((0..<p).map { .finite(matrix[j * p + $0]) }) }
        } else {
            return .null
        }
        return ["names": .array(names), "rows": .array(rows), "method": .string(method)]
    }
}
