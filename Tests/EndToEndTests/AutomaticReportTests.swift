import Canon
import TestSupport
import Testing

/// `report` of an experiment whose author wrote no page, and `show` and `why` of many actions.
@Suite struct AutomaticReportTests {
    private static let experiment = """
        experiment: sweep
        seed: 1
        constants: {scale: 3}
        axes:
          n: [100, 400, 1600]
          replicate: {count: 3}
        stages:
          train:
            kind: command
            over: [n, replicate]
            params:
              run: [sh, -c, 'printf "{\\"loss\\": %s, \\"<i>odd{\\": 1}" "$0"',
                    "${scale / sqrt(n) + replicate / 1000}"]
          drawn:
            kind: command
            inputs: {points: train}
            params:
              run: [sh, -c, 'printf "<svg xmlns=\\"http://www.w3.org/2000/svg\\"><title>T</title>" > a.svg;
                printf "<script>bad()</script></svg>" >> a.svg']
              outputs: {picture: a.svg}
          law:
            kind: law.fit
            inputs: {points: train}
            params: {x: n, y: loss, form: power-law, group: replicate, y_unit: "<b>"}

        """

    private func swept() -> Project {
        let project = Project()
        project.write("pipelines/sweep.yaml", Self.experiment)
        let run = project.bitlaw("run pipelines/sweep.yaml")
        #expect(run.code == 0, "\(run.error)")
        return project
    }

    @Test func `without a page of its own an experiment gets one with medians, laws and origins`()
        throws
    {
        let project = swept()
        let report = project.bitlaw("report pipelines/sweep.yaml")
        #expect(report.code == 0, "\(report.error)")
        #expect(report.output == "\(project.path)/out/sweep/report.html\n")
        let page = project.read("out/sweep/report.html")
        // The medians of 0.3, 0.301, 0.302 and of 0.15 to 0.152.
        #expect(page.contains("<p class=\"caption\">train, medians over replicate</p>"))
        #expect(page.contains(">0.301</a>") && page.contains(">0.151</a>"))
        #expect(page.contains("<strong>law:</strong>") && page.contains("id=\"laws\""))
        #expect(page.contains("<desc>train reads nothing. "), "the graph is drawn")
        #expect(page.contains("not confined"), "the warning")
        for fact in ["seed: 1;", "page written by: bitlaw ", "results made: 20", "its cpu: "] {
            #expect(page.contains(fact), "\(fact)")
        }
        let digest = try #require(
            project.bitlaw("show pipelines/sweep.yaml 'train[n=100,replicate=0]' --json").output
                .firstMatch(of: /"digest":"([0-9a-f]{64})"/)?.1)
        #expect(page.contains(digest), "the digests of the outputs")
        // A stranger's script and markup do not get through; what is not shown is said.
        #expect(!page.contains("<script") && !page.contains("bad()") && !page.contains("<i>odd"))
        #expect(page.contains("1 more number of train"))
        // Equal results give an equal page: it is not written again.
        let again = project.bitlaw("report pipelines/sweep.yaml --json")
        #expect(again.output.contains(#""state":"unchanged""#), "\(again.output)")
        let left = project.bitlaw("export pipelines/sweep.yaml law")
        #expect(!(left.output + left.error).contains("report.html"), "\(left.output)")
    }

    @Test func `before anything ran the page says so`() {
        let project = Project()
        project.write("pipelines/sweep.yaml", Self.experiment)
        let report = project.bitlaw("report pipelines/sweep.yaml")
        #expect(report.code == 0, "\(report.error)")
        let page = project.read("out/sweep/report.html")
        #expect(page.contains("11 actions without a result: train[n=100,replicate=0]"))
    }

    @Test func `show of several actions is a table with a summary, and details on demand`() {
        let project = swept()
        let table = project.bitlaw("show pipelines/sweep.yaml train law")
        let lines = table.output.split(separator: "\n").map(String.init)
        guard lines.count == 14 else {
            Issue.record("expected 14 lines, found \(table.output)")
            return
        }
        #expect(lines[0].hasPrefix("train: 9 actions, 9 done; "), "\(table.output)")
        #expect(
            lines[1].split(separator: " ") == ["n", "replicate", "state", "seconds", "digest"])
        #expect(lines[11].hasPrefix("law: 1 action, 1 done"))
        let details = project.bitlaw("show pipelines/sweep.yaml train --details")
        #expect(details.output.components(of: "\n  key      ") == 9)
    }

    @Test func `why of several actions counts reasons, then tells each`() {
        let project = swept()
        project.write(
            "pipelines/sweep.yaml",
            Self.experiment.replacing("n: [100, 400, 1600]", with: "n: [100, 400, 900]")
                .replacing("scale: 3", with: "scale: 4"))
        let why = project.bitlaw("why pipelines/sweep.yaml train")
        #expect(why.output.contains("train: 9 actions\n  6  parameter run\n  3  no earlier run"))
        #expect(why.output.contains("\n100          0  not run  parameter run: "), "\(why.output)")
        let details = project.bitlaw("why pipelines/sweep.yaml train --details")
        #expect(details.output.components(of: "\n  seed  ") == 9, "\(details.output)")
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
