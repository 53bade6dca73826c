import ArgumentParser
import Canon
import Laws
import Workbench

/// Evaluates a fitted law.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract:
            "Print what a fitted law predicts: the law, a new run, and how far beyond its points.",
        discussion: """
            The first interval is that of the law itself, the second that of one new run, which also has the \
            noise of runs. Of a law with weights, the new run has the weight that the law's `weight` gives \
            for these values; a column of it that is no input is given beside them (runs=4), or --weight \
            says it.

            EXAMPLE
              bitlaw predict pipelines/chinchilla.yaml huber N=70e9 D=1.4e12
              bitlaw predict out/chinchilla/huber.law.json N=70e9 D=1.4e12
            """)

    @Option(
        name: .long,
        help: "The weight of the new run (default: as the law's `weight` says, or 1).")
    var weight: Double?

    @Argument(
        help: "An experiment file, then the action that fits the law; or a law.json.",
        completion: .file(extensions: ["json", "yaml", "yml"]))
    var law: String

    @Argument(help: "A value for each input, by role or column, such as samples=1e6.")
    var values: [String]

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    func run() throws {
        let named = try NamedLaw(law, values, setting: setting, common: common)
        let file = named.file
        if let weight, !(weight > 0 && weight.isFinite) {
            throw UsageError(text: "--weight \(weight): expected a positive number")
        }
        let (point, values) = try point(of: named)
        let known = weight ?? file.weight(of: values)
        let result = file.predict(point, weight: known ?? 1)
        let (law, run) = (result.law.ends, result.newRun.ends)
        if common.json {
            return Output.document(
                [
                    "value": .number(result.value),
                    "low": .finite(law?.low), "high": .finite(law?.high),
                    "run": [
                        "low": .finite(run?.low), "high": .finite(run?.high),
                        "weight": .number(known ?? 1), "isWeightKnown": .bool(known != nil),
                        "residualScale": .finite(file.residualScale),
                        "degrees": file.residualDegrees.map { .number(Double($0)) } ?? .null,
                    ],
                    "noInterval": (result.law.reason ?? result.newRun.reason).map { .string($0) }
                        ?? .null,
                    "confidence": .number(file.confidence),
                    "extrapolationFactor": .number(result.extrapolation),
                ], .predict)
        }
        let percent = Markup.significant(file.confidence * 100, 2)
        let value = LawNumber.text(result.value, 6)
        if let law {
            Output.line("\(value) \(text(law)) (\(percent) %, the law's own uncertainty)")
        } else {
            Output.line("\(value) (\(result.law.reason ?? "no interval"))")
        }
        if let run {
            let weighted = weighted(file, known)
            Output.line("a new run\(weighted): \(text(run)) (\(percent) %, with the noise of runs)")
            if known == nil, let asked = file.weight {
                Output.line(
                    "  its weight is not known: the law weighs points by `\(asked)`; give its columns, "
                        + "or say --weight")
            }
        } else if law != nil {
            Output.line("a new run: \(result.newRun.reason ?? "no interval")")
        }
        if result.extrapolation > 1 {
            Output.line(
                "\(Markup.significant(result.extrapolation)) times beyond the largest fitted point")
        }
    }

    /// For which weight the second interval stands, where the law has weights or one was asked for.
    private func weighted(_ file: LawFile, _ known: Double?) -> String {
        if file.weight == nil && weight == nil { return "" }
        return " of weight \(Markup.significant(known ?? 1, 6))"
    }

    private func text(_ ends: (low: Double, high: Double)) -> String {
        let low = ends.low.isFinite ? LawNumber.text(ends.low, 4) : "−∞"
        let high = ends.high.isFinite ? LawNumber.text(ends.high, 4) : "∞"
        return "[\(low), \(high)]"
    }

    /// The place of a group by its name; `nil` for an input that is no column of groups.
    private func place(ofGroup name: String, of column: String, _ file: LawFile) throws -> Double? {
        guard let groups = file.groups[column] else { return nil }
        guard let place = groups.firstIndex(of: name) else {
            throw UsageError(
                text: "\(column)=\(name): expected one of \(groups.joined(separator: ", "))")
        }
        return Double(place)
    }

    /// The values of the command line, in the order of the law's inputs, and all of them by their names.
    private func point(of named: NamedLaw) throws -> ([Double], byName: [String: Double]) {
        let file = named.file
        var given: [String: Double] = [:]
        for text in named.values {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2, let group = try place(ofGroup: parts[1], of: parts[0], file) {
                given[file.role(ofGroups: parts[0])] = group
                continue
            }
            let isPositive = file.takesPositiveInputsOnly
            let wanted = isPositive ? "a positive number" : "a number"
            guard parts.count == 2, let number = Double(parts[1]), number.isFinite,
                number > 0 || !isPositive
            else {
                throw UsageError(text: "\(text): expected NAME=VALUE with \(wanted)")
            }
            given[parts[0]] = number
        }
        var point: [Double] = []
        var byName = given
        for (place, role) in file.roles.enumerated() {
            let column = file.columns.indices.contains(place) ? file.columns[place] : role
            guard let value = given.removeValue(forKey: role) ?? given.removeValue(forKey: column)
            else {
                throw UsageError(
                    text:
                        "expected a value of \(column): bitlaw predict \(named.words) \(column)=VALUE"
                )
            }
            point.append(value)
            byName[role] = value
            byName[column] = value
        }
        // The weight may be made from columns that are no inputs of the law.
        let surplus = given.keys.filter { !file.weightNames.contains($0) }.sorted().first
        if let surplus {
            let known = file.columns.joined(separator: ", ")
            throw UsageError(text: "no input `\(surplus)`\n  expected: \(known)")
        }
        return (point, byName)
    }
}

extension LawFile.Interval {
    /// Both ends, where there are.
    fileprivate var ends: (low: Double, high: Double)? { try? get() }

    /// Why there are none.
    fileprivate var reason: String? {
        if case .failure(let error) = self { "\(error)" } else { nil }
    }
}
