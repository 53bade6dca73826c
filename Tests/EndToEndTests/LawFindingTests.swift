import Canon
import Testing

/// What `run` ends with: laws and allocations in one line each, with what speaks against them below.
@Suite struct LawFindingTests {
    private static let experiment = """
        experiment: findings
        seed: 1
        stages:
          points:
            kind: law.simulate
            params:
              form: chinchilla
              parameters: {E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28}
              inputs: {N: {from: 1e+7, to: 1e+9, points: 4}, D: {from: 1e+9, to: 1e+11, points: 4}}
              noise: 0.005
          law:
            kind: law.fit
            inputs: {points: points}
            params: {form: chinchilla, y: y, bootstrap: 0}
          allocation:
            kind: law.allocate
            inputs: {law: law}
            params: {compute: [1e+20, 6e+23]}

        """

    @Test func `an allocation is printed with how far beyond the points it is`() throws {
        let project = Project()
        project.write("pipelines/findings.yaml", Self.experiment)
        let run = project.bitlaw("run pipelines/findings.yaml")
        #expect(run.code == 0, "\(run.error)")
        let warning = "C = 6e23 is 3.0 orders of magnitude beyond the largest fitted C (6e20)"
        let lines = run.output.split(separator: "\n").map(String.init)
        let place = try #require(lines.firstIndex { $0.hasPrefix("allocation: surface: a 0.") })
        #expect(lines[place].contains("; at C = 6·10²³ N "))
        #expect(lines[place + 1] == "  warning: \(warning)")
        let json = project.bitlaw("run pipelines/findings.yaml --json")
        let summary = try #require(
            json.output.split(separator: "\n").last.map { try JSON(parsing: Array($0.utf8)) })
        let found = try #require(summary["allocations"]?.elements?.first)
        #expect(found["action"] == "allocation" && found["warnings"] == [.string(warning)])
        #expect(summary["laws"]?.elements?.count == 1)
    }

    @Test func `a source that only the person has is asked for by its name`() {
        let project = Project()
        project.write(
            "pipelines/p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              table:
                kind: table.import
                inputs: {file: {url: "added:points.csv", sha256: \(String(repeating: "a", count: 64))}}
                params: {columns: [{name: x}]}

            """)
        let run = project.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1)
        #expect(
            (run.output + run.error).contains(
                "points.csv: expected a file with SHA-256 \(String(repeating: "a", count: 64)) in the "
                    + "store, found none; no address has this file"), "\(run.output)\(run.error)")
    }
}
