import TestSupport
import Testing

/// What kinds say of what is written before anything runs, and what `run` says of claims.
@Suite struct DraftTests {
    private func project(
        form: String = "power-law", also: String = "", page: String = "{claims: *}"
    ) -> Project {
        let project = Project()
        project.write("data.csv", "n,loss\n10,1\n20,0.52\n40,0.25\n80,0.124\n160,0.0625\n")
        project.write("page.md", "---\ntitle: A page\n---\n\n\(page)\n")
        project.write(
            "page.claims.yaml",
            """
            claims:
              exponent: {says: "It falls fast.", basis: ours, of: law.parameters.alpha, within: [1.9, null]}
            """)
        project.write(
            "p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              law:
                kind: law.fit
                inputs: {points: "file:data.csv"}
                params: {x: n, y: loss, form: "\(form)"\(also)}
              page:
                kind: page
                inputs: {page: "file:page.md", claims: "file:page.claims.yaml", results: [law]}
            """)
        return project
    }

    @Test func `what cannot be read is told by plan with its place`() {
        let whole = project().bitlaw("plan p.yaml")
        #expect(whole.code == 0, "\(whole.error)")
        let cases: [(Project, String)] = [
            (project(form: "E + A * n**-alpha"), "p.yaml:7:45: error: form: unknown symbol `**`"),
            (project(form: "E + A * n**-alpha"), "write ^ for `**`"),
            (project(also: ", where: \"n >\""), "error: where: the expression ends too early"),
            (project(also: ", fix: {alpha: half}"), "error: fix: expected numbers for "),
            (
                project(form: "E + A / n^a", also: ", parameters: {e: {min: 0}}"),
                "error: parameters: `e` is not in the formula; its names are E, A, n, a"
            ),
            (project(page: "{law: law"), "page.md:5:1: error: `{law` without its `}`"),
            (project(page: "{figure: law/plot}"), "add `law/plot` to `results`"),
            (
                project(page: "It is ${train.loss}."),
                "page.md:5:9: error: nothing is called `train`"
            ),
        ]
        for (project, message) in cases {
            for command in ["plan", "run"] {
                let answer = project.bitlaw("\(command) p.yaml")
                #expect(answer.code == 2, "\(answer.output)\(answer.error)")
                #expect(answer.error.contains(message), "\(answer.error)")
                #expect(!answer.output.contains(" ran"))
            }
        }
    }

    @Test func `a run ends with the claims that did not hold, cached or not`() {
        let project = project()
        for _ in 1...3 {
            let run = project.bitlaw("run p.yaml")
            #expect(run.code == 0, "\(run.error)")
            #expect(
                run.output.contains(
                    "claims of page: 0 held, 1 did not hold: exponent (1.01, expected at least 1.9)\n"
                ),
                "\(run.output)")
        }
        let json = project.bitlaw("run p.yaml --json").output
        #expect(json.contains("\"notJudged\":0"), "\(json)")
    }
}
