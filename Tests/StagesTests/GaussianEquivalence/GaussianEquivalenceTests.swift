import Canon
import Experiment
import GaussianEquivalence
import Numerics
import TestSupport
import Testing
import Workbench

/// The Gaussian equivalence: reference numbers, slower references, and what must hold exactly.
@Suite struct GaussianEquivalenceTests {
    /// Rows of `../shared/reference/gaussian-equivalence.csv`: what, its parameters, value.
    private struct Row {
        let id, quantity: String
        let parameters: [String: Double]
        let values: [Double]

        static func all() throws -> [Row] {
            guard let bytes = try sharedFile("reference/gaussian-equivalence.csv") else {
                return []
            }
            return try Table(csv: bytes).rows.map { cells in
                let text = cells.map { $0.text ?? $0.canonicalText }
                let pairs = text[2].split(separator: ";").map { $0.split(separator: "=") }
                return Row(
                    id: text[0], quantity: text[1],
                    parameters: Dictionary(
                        uniqueKeysWithValues: pairs.map {
                            (String($0[0]), Double($0[1]) ?? .nan)
                        }),
                    values: text[3].split(separator: " ").map { Double($0) ?? .nan })
            }
        }
    }

    private static let reference = EquivalenceInstance(number: 0, widths: [20, 200])

    @Test func `the instance without random numbers and its overlaps are the reference's`() throws {
        let instance = Self.reference
        let c = instance.covariance(instance.start)
        for row in try Row.all() {
            switch row.id {
            case "gep.hash":
                let matrix =
                    row.quantity.hasPrefix("F")
                    ? instance.model.layers[0]
                    : row.quantity.hasPrefix("B") ? instance.teacher : instance.start
                for (mine, value) in zip(matrix, row.values) {
                    #expect((mine - value).magnitude < 1e-8, "\(row.quantity)")
                }
            case "gep.Q", "gep.R", "gep.T":
                // "R[0,1] at the start": field 0 of the students, field 1 of the teachers.
                let places = row.quantity.filter { $0.isNumber }.compactMap { $0.wholeNumberValue }
                let (i, j) = (
                    places[0] + (row.id == "gep.T" ? 2 : 0), places[1] + (row.id == "gep.Q" ? 0 : 2)
                )
                #expect((c[i * 4 + j] / row.values[0] - 1).magnitude < 1e-8, "\(row.quantity)")
            default: break
            }
        }
    }

    @Test(arguments: [("gep.ode", "first"), ("gep.ode.both", "both"), ("gep.ode.flow", "flow")])
    func `the equations give the reference's errors`(id: String, manner: String) throws {
        let rows = try Row.all().filter { $0.id == id }
        let times = rows.compactMap { $0.parameters["t"] }.sorted()
        guard !times.isEmpty else { return }
        let table = try Table(
            csv: run(
                GeneratorTheoryStage.self,
                [
                    "instance": 0, "latents": 20, "inputs": 200, "manner": .string(manner),
                    "times": .array(times.map { .number($0) }),
                ]
            ).bytes("curve"))
        let errors = try #require(table[column: "error"]).compactMap { $0.double }
        #expect(errors.count == rows.count)
        for row in rows {
            let place = try #require(times.firstIndex(of: row.parameters["t"] ?? .nan))
            #expect((errors[place] / row.values[0] - 1).magnitude < 1e-6, "t = \(times[place])")
        }
    }

    @Test func `ridge has the reference's κ and errors`() throws {
        let rows = try Row.all().filter { ["gep.kappa", "gep.ridge"].contains($0.id) }
        let theory = try RidgeTheory(
            Self.reference, noise: 0.1, arithmetic: Arithmetic.portable())
        for row in rows {
            let (n, penalty) = (
                row.parameters["n"] ?? .nan, row.parameters["lambda"] ?? .nan
            )
            let kappa = theory.kappa(penalty: penalty, examples: n)
            let mine = row.id == "gep.kappa" ? kappa : theory.error(kappa: kappa, examples: n)
            #expect((mine / row.values[0] - 1).magnitude < 1e-6, "\(row.id) \(row.parameters)")
        }
        #expect(rows.isEmpty || rows.count > 20)
    }

    @Test func `the covariances are those of their definition, layer by layer`() throws {
        let model = EquivalenceInstance(number: 7, widths: [5, 6, 7]).model
        let square = 2 / 3.141592653589793
        var omega = (0..<25).map { $0 / 5 == $0 % 5 ? 1.0 : 0 }
        for (place, f) in model.layers.enumerated() {
            let (height, width) = (model.widths[place + 1], model.widths[place])
            var next = [Double](repeating: 0, count: height * height)
            for i in 0..<height {
                for j in 0..<height {
                    for a in 0..<width {
                        for b in 0..<width {
                            next[i * height + j] +=
                                square * f[i * width + a] * omega[a * width + b] * f[j * width + b]
                        }
                    }
                }
                next[i * height + i] += 1 - square
                #expect((next[i * height + i] - 1).magnitude < 1e-12)
            }
            omega = next
        }
        let mine = model.covariance(try Arithmetic.portable())
        for (a, b) in zip(mine, omega) { #expect((a - b).magnitude < 1e-12) }
        // Φ of the latents' unit vectors.
        let unit = (0..<25).map { $0 / 5 == $0 % 5 ? 1.0 : 0 }
        let phi = model.crossed(unit)
        for i in 0..<7 {
            for a in 0..<5 {
                let sum = (0..<6).reduce(0.0) {
                    $0 + model.layers[1][i * 6 + $1] * model.layers[0][$1 * 5 + a]
                }
                #expect((phi[i * 5 + a] - square * sum).magnitude < 1e-12)
            }
        }
    }

    @Test func `the equations follow an integration of every pair of directions`() throws {
        // dw/dt has the mean −η v_k E[(ŷ − y) g′(λ_k) x]·√N; without the noise of SGD the weights
        // themselves can be followed, on Ω and Φ and without eigenvectors.
        let instance = EquivalenceInstance(number: 3, widths: [4, 9])
        let arithmetic = try Arithmetic.portable()
        let (n, d, rate) = (9, 4, 0.2)
        let omega = instance.model.covariance(arithmetic)
        let phi = instance.model.crossed(instance.teacher)
        var w = instance.start
        let steps = 4000
        for _ in 0..<steps {
            let c = instance.covariance(w)
            var moved = w
            for k in 0..<2 {
                for i in 0..<n {
                    var slope = 0.0
                    for f in 0..<4 {
                        // ⟨g′(λ_k) x_i g(field f)⟩ by I3, with x_i as the second field.
                        let xk = (0..<n).reduce(0.0) { $0 + omega[i * n + $1] * w[k * n + $1] } / 3
                        let xf =
                            f < 2
                            ? (0..<n).reduce(0.0) { $0 + omega[i * n + $1] * w[f * n + $1] } / 3
                            : phi[i * 2 + f - 2] / Double(d).squareRoot()
                        let small = [
                            c[k * 4 + k], xk, c[k * 4 + f], xk, 1, xf, c[k * 4 + f], xf,
                            c[f * 4 + f],
                        ]
                        slope +=
                            (f < 2 ? 1 : -1) * CommitteeIntegrals.i3(small, 3, 0, 1, 2)
                    }
                    moved[k * n + i] -= rate * 3 * slope * 2 / Double(steps)
                }
            }
            w = moved
        }
        var flow = try EquivalentFlow(instance, rate: rate, manner: .flow, arithmetic: arithmetic)
        #expect((flow.error - instance.error(instance.start, outer: [1, 1])).magnitude < 1e-12)
        flow.advance(to: 2)
        let slow = instance.error(w, outer: [1, 1])
        #expect((flow.error / slow - 1).magnitude < 1e-3, "\(flow.error), not \(slow)")
    }

    @Test(arguments: GeneratedKind.allCases)
    func `drawn examples have the covariances of the model`(kind: GeneratedKind) throws {
        let model = EquivalenceInstance(number: 2, widths: [30, 40, 12]).model
        let arithmetic = try Arithmetic.portable()
        let omega = model.covariance(arithmetic)
        let examples = GeneratedExamples(
            model, kind: kind, seed: 1, purpose: "test", arithmetic: arithmetic)
        var sums = [Double](repeating: 0, count: 144)
        let blocks = 400
        for block in 0..<blocks {
            examples.fill(block: block)
            for e in 0..<64 {
                for i in 0..<12 {
                    for j in 0...i {
                        sums[i * 12 + j] += Double(
                            examples.outputs[e * 12 + i] * examples.outputs[e * 12 + j])
                    }
                }
            }
        }
        for i in 0..<12 {
            for j in 0...i {
                // Signs differ from the model by the cubic part of the arc sine.
                let bound = kind == .sign ? 0.08 : 0.035
                #expect((sums[i * 12 + j] / 25_600 - omega[i * 12 + j]).magnitude < bound)
            }
        }
    }

    @Test func `SGD on signs and on the Gaussian model follow the equations`() throws {
        let settings: [String: JSON] = ["latents": 40, "inputs": 400, "times": [0, 3, 10]]
        func errors(_ stage: any Stage.Type, _ more: [String: JSON]) throws -> [Double] {
            let made = try run(stage, settings.merging(more) { $1 })
            return try #require(Table(csv: made.bytes("curve"))[column: "error"]).compactMap {
                $0.double
            }
        }
        for (second, manner) in [("fixed", "first"), ("learned", "both")] {
            let theory = try errors(GeneratorTheoryStage.self, ["manner": .string(manner)])
            for data in GeneratedKind.allCases {
                let mine = try errors(
                    GeneratorSGDStage.self,
                    ["data": .string(data.rawValue), "second": .string(second), "tests": 64])
                #expect((mine[0] / theory[0] - 1).magnitude < 1e-6)
                #expect((mine[1] / theory[1] - 1).magnitude < 0.12, "\(mine), \(theory)")
                #expect((mine[2] / theory[2] - 1).magnitude < 0.12, "\(mine), \(theory)")
            }
        }
    }

    @Test func `a training that stops inside a block goes on as one that does not`() throws {
        let instance = EquivalenceInstance(number: 1, widths: [6, 20])
        func training() throws -> GeneratedDescent {
            GeneratedDescent(
                instance, kind: .gaussian, rate: 0.2, learnsBoth: true, seed: 5,
                arithmetic: try Arithmetic.portable())
        }
        var (whole, parts) = (try training(), try training())
        let isWholeFinite = whole.advance(to: 150)
        let areFinite = [1, 63, 64, 100, 150].map { parts.advance(to: $0) }
        #expect(isWholeFinite && areFinite.allSatisfy { $0 })
        #expect(whole.weights.first == parts.weights.first)
        #expect(whole.weights.outer == parts.weights.outer && whole.weights.outer != [1, 1])
    }

    @Test func `drawn ridge regressions scatter around their equivalent`() throws {
        let made = try run(
            GeneratorRidgeStage.self,
            ["latents": 30, "inputs": 40, "examples": [20, 200], "draws": 12, "tests": 2000])
        let table = try Table(csv: made.bytes("errors"))
        func column(_ name: String) throws -> [Double] {
            try #require(table[column: name]).compactMap { $0.double }
        }
        let theory = try column("error")
        for data in ["sign", "gaussian"] {
            let (mine, errors) = (try column(data), try column("\(data)_se"))
            for place in 0..<2 {
                let bound = 0.05 * theory[place] + 3 * errors[place]
                #expect((mine[place] - theory[place]).magnitude < bound, "\(data) \(mine)")
            }
        }
    }

    @Test func `fields of few latents have a negative excess kurtosis, Gaussian ones none`() throws
    {
        func kurtosis(_ data: String) throws -> (value: Double, error: Double) {
            let made = try run(
                GeneratorFieldsStage.self,
                [
                    "latents": 5, "inputs": 50, "data": .string(data), "draws": 8,
                    "examples": 6400,
                ]
            ).json("fields")
            return (made["kurtosis"]?.double ?? .nan, made["kurtosis_se"]?.double ?? .nan)
        }
        let (sign, gaussian) = (try kurtosis("sign"), try kurtosis("gaussian"))
        #expect(sign.value < -0.15 && sign.value > -1)
        #expect(gaussian.value.magnitude < 4 * gaussian.error)
    }

    @Test func `what cannot be is refused with what was expected`() {
        #expect(
            failure { _ = try run(GeneratorTheoryStage.self, ["inputs": 8, "times": [1, 1]]) }
                .contains("expected ascending times, found 1.0 after 1.0"))
        #expect(
            failure { _ = try run(GeneratorRidgeStage.self, ["examples": [4], "draws": 1]) }
                .contains("expected 0 or at least 2"))
        #expect(
            failure {
                _ = try run(
                    GeneratorSGDStage.self,
                    ["latents": 4, "inputs": 8, "rate": 100, "second": "learned", "times": [1000]])
            }.contains("training diverged"))
    }
}
