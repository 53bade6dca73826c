import Canon
import Experiment
import Glibc
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// Many learning curves: which rows count, how each is fitted, what is scored.
@Suite struct LawCurvesTests {
    private func scores(_ text: String, _ parameters: [String: JSON] = [:]) throws -> Table {
        var all: [String: JSON] = ["curve": ["run"], "x": "x", "y": "y"]
        all.merge(parameters) { $1 }
        return try Table(
            csv: run(LawCurvesStage.self, all, ["points": [given(text, from: "curves.csv")]])
                .bytes("scores"))
    }

    private func cell(_ table: Table, _ name: String) -> JSON {
        table[column: name]?.first ?? .null
    }

    /// Eight x with so many rows each, y being the law times the factors in turn.
    private func curve(_ factors: [Double], _ at: (Double) -> Double) -> String {
        var text = "run,x,y\n"
        for step in 0..<8 {
            let x = 100 * Glibc.pow(2, Double(step))
            for factor in factors { text += "a,\(x),\(at(x) * factor)\n" }
        }
        return text
    }

    /// Log residuals ±ln 2 about the law: all rows give the law itself, the last of each x half of it.
    @Test func `replicates of one x are rows, and the published objective says what it drops`()
        throws
    {
        let text = curve([2, 0.5]) { 5 * Glibc.pow($0, -0.5) }
        let certified = try scores(text)
        #expect(cell(certified, "fitted") == 14 && cell(certified, "dropped") == 0)
        let parameters = cell(certified, "parameters").text ?? ""
        let prefactor = parameters.split(separator: " ")[0].dropFirst(2)
        #expect(((Double(prefactor) ?? 0) - 5).magnitude < 1e-6, "\(parameters)")
        let published = try scores(text, ["method": "published"])
        #expect(cell(published, "fitted") == 7 && cell(published, "dropped") == 7)
        #expect(cell(published, "scored") == 2)
    }

    @Test
    func `a formula over the column that grows is a form, with what is known of its parameters`()
        throws
    {
        let text = curve([1.001, 0.999]) { 2 + 5 * Glibc.pow($0, -0.5) }
            .replacing("run,x,y", with: "run,samples,y")
        func parameters(_ changes: [String: JSON]) throws -> [String: Double] {
            let table = try scores(text, ["x": "samples"].merging(changes) { $1 })
            #expect(cell(table, "refused") == .null)
            let pairs = (cell(table, "parameters").text ?? "").split(separator: " ").map {
                $0.split(separator: "=")
            }
            return Dictionary(
                pairs.map { (String($0[0]), Double($0[1]) ?? .nan) }, uniquingKeysWith: { $1 })
        }
        for form in ["E + A*samples^-alpha", "E + A*x^-alpha"] {
            let found = try parameters(["form": .string(form)])
            let named = try parameters(["form": "power-law-with-floor"])
            for name in ["E", "A", "alpha"] {
                let (own, theirs) = (found[name] ?? .nan, named[name] ?? 0)
                #expect(
                    (own - theirs).magnitude < 1e-6 * theirs.magnitude, "\(form): \(name) \(own)")
            }
        }
        let held = try parameters([
            "form": "E + A*x^-alpha", "parameters": ["alpha": 0.5, "E": ["min": 0]],
        ])
        #expect(held["alpha"] == 0.5)
    }

    @Test(
        arguments: [
            (["form": "E + A*N^-alpha"], "has no column in it"),
            (["form": "E + A*x^-alpha*samples"], "form: expected `x` or `samples` in"),
            (
                ["form": "power-law", "parameters": ["alpha": 0.5]],
                "parameters: expected a formula as `form` for them to speak of, found power-law"
            ),
        ] as [([String: JSON], String)])
    func `a form that does not fit a curve is told`(changes: [String: JSON], message: String) {
        let text = failure {
            _ = try scores(
                "run,samples,y\na,1,2\n", ["x": "samples"].merging(changes) { $1 })
        }
        #expect(text.contains(message), "\(text)")
    }

    @Test func `a chance level above 1 lets losses through`() throws {
        let text = curve([1]) { 1 + 30 * Glibc.pow($0, -0.5) }
        let refused = try scores(text, ["form": "m4"])
        #expect(
            cell(refused, "refused").text?.hasPrefix(
                "curves.csv, line 2: expected less than the chance level 1.0 as `y`, found 4")
                == true)
        let fitted = try scores(text, ["form": "m4", "chance": 10])
        #expect(cell(fitted, "refused") == .null)
        #expect((cell(fitted, "rmse").double ?? 1) < 0.1)
    }

    @Test func `a fraction takes the first rows by x`() throws {
        let table = try scores(curve([1, 1.01]) { 5 * Glibc.pow($0, -0.5) }, ["fraction": 0.5])
        #expect(cell(table, "fitted") == 8 && cell(table, "scored") == 8)
        #expect(
            failure { _ = try scores("run,x,y\na,1,2\n", ["fraction": 0.5, "train": "x"]) }
                == "expected `train` or `fraction`, found both; leave one out")
    }

    @Test func `rows that the filter drops are never bad, and weights and objectives count`() throws
    {
        var text = curve([1]) { 5 * Glibc.pow($0, -0.5) } + "a,0,0\n"
        let table = try scores(text, ["where": "y > 0", "objective": "huber", "delta": 0.01])
        #expect(cell(table, "fitted") == 7 && cell(table, "refused") == .null)
        #expect(
            failure { _ = try scores(text) }.hasPrefix(
                "curves.csv, line 10: expected a positive number as `x`, found 0"))
        // The outlier's weight is next to nothing.
        text = "run,x,y,w\na,1,8,1\na,2,4,1\na,3,100,1e-9\na,4,2,1\na,8,1,1\n"
        let weighted = try scores(text, ["weight": "w", "fraction": 0.9])
        let alpha = cell(weighted, "parameters").text?.split(separator: "=").last.flatMap {
            Double($0)
        }
        #expect(((alpha ?? 0) - 1).magnitude < 1e-3)
    }

    @Test func `the published objective takes no other`() {
        #expect(
            failure { _ = try scores("run,x,y\n", ["method": "published", "objective": "huber"]) }
                == "method: `published` has its own objective, found objective, space, weight or chance of "
                + "another; leave them out, or choose `certified`")
    }
}
