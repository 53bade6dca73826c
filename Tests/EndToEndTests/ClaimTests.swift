import Canon
import Glibc
import System
import TestSupport
import Testing

/// Numbers of a paper, bound to outputs.
@Suite struct ClaimTests {
    private func project() -> Project {
        let project = Project()
        project.write("data.csv", "model,n,error\nplain,10,0.5\npolar,10,0.25\n")
        project.write(
            "law.json",
            "{\"parameters\": {\"alpha\": {\"value\": 0.34728}}, \"form\": \"power-law\"}")
        project.write(
            "pipelines/p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              table: {kind: command, inputs: {inputs: "file:data.csv"}, params: {run: [cat, "${inputs.inputs}"]}}
              law: {kind: command, inputs: {law: "file:law.json", table: table}, params: {run: [cat, "${inputs.law}"]}}
            """)
        project.write(
            "pipelines/p.claims.yaml",
            """
            experiment: p.yaml
            claims:
              exponent: {says: "The error falls with this power.", from: law/out, at: parameters.alpha.value, value: 0.347}
              percent: {from: law, at: /parameters/alpha/value, scale: 100, value: 35}
              roughly: {from: law, at: parameters.alpha.value, value: 0.35, tolerance: 0.01}
              form: {from: law, at: form, value: power-law}
              cell-2: {from: table/out, row: {model: polar, n: 10}, column: error, value: 0.25}
              figure: {from: table/out, figure: \(digest)}
            """)
        _ = project.bitlaw("run pipelines/p.yaml")
        return project
    }

    @Test(arguments: ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)"])
    func `a text that a spreadsheet would execute is guarded, and a number is not`(text: String) {
        let project = project()
        project.write(
            "law.json",
            "{\"parameters\": {\"alpha\": {\"value\": -0.5}}, \"form\": \"\(text)\"}")
        _ = project.bitlaw("run pipelines/p.yaml")
        let csv = project.bitlaw("claims export pipelines/p.claims.yaml --format csv").output
        #expect(csv.contains("form,power-law,'\(text),"), "\(csv)")
        #expect(csv.contains(",-0.5,"), "\(csv)")
    }

    private var digest: String {
        Digest(of: Array("model,n,error\nplain,10,0.5\npolar,10,0.25\n".utf8).span).hex
    }

    @Test func `claims hold, and drift is told with its cause`() {
        let project = project()
        let good = project.bitlaw("claims check pipelines/p.claims.yaml")
        #expect(good.code == 0, "\(good.output)\(good.error)")
        #expect(good.output.hasPrefix("holds    exponent = 0.347   law/out\n"))
        #expect(good.output.hasSuffix("6 holds, 0 drifted, 0 missing\n"))
        _ = project.bitlaw("lock pipelines/p.yaml")
        project.shell("sed -i 's/0.34728/0.3526/' law.json; sed -i 's/0.25/0.26/' data.csv")
        let missing = project.bitlaw("claims check pipelines/p.claims.yaml")
        #expect(missing.code == 1)
        #expect(missing.output.contains("  there is no result: bitlaw run "))
        _ = project.bitlaw("run pipelines/p.yaml")
        let drifted = project.bitlaw("claims check pipelines/p.claims.yaml")
        #expect(drifted.code == 4)
        #expect(
            drifted.output.contains(
                "drifted  exponent: the paper says 0.347, the output says 0.353 (0.3526)   law/out\n"
            ))
        #expect(drifted.output.contains("p.yaml.lock:\n"))
        #expect(drifted.output.contains("    table: another key\n"))
        #expect(drifted.output.hasSuffix("3 holds, 3 drifted, 0 missing\n"))
    }

    @Test func `claims become macros, tables and a chain back to the sources`() {
        let project = project()
        let latex = project.bitlaw("claims export pipelines/p.claims.yaml --format latex")
        #expect(latex.output.contains("\\newcommand{\\claimCellTwo}{0.25}\n"))
        #expect(latex.output.contains("\\newcommand{\\claimPercent}{35}\n"))
        let csv = project.bitlaw("claims export pipelines/p.claims.yaml --format csv")
        #expect(csv.output.contains("exponent,0.347,0.347,0.34728,holds,law,out\n"))
        #expect(
            project.bitlaw("claims export pipelines/p.claims.yaml").output.contains(
                "| exponent | The error falls with this power. | 0.347 | 0.347 | holds | `law/out` |"
            ))
        let chain = project.bitlaw("claims of 0.347 pipelines/p.claims.yaml").output
        #expect(chain.contains("    reads law: file law.json\n    reads table: table/out\n"))
        #expect(chain.contains("    file data.csv\n"))
        let search = project.bitlaw("claims of 0.3473 pipelines/p.claims.yaml")
        #expect(search.code == 0)
        #expect(project.bitlaw("claims of 0.9 pipelines/p.claims.yaml").code == 1)
    }

    @Test func `any text becomes a macro, a cell and a field, and no two claims give one macro`() {
        let project = project()
        project.write(
            "law.json",
            #"{"t": "50% of $x_1^2$ & #3 {y} \\ ~ <z>|\"w\"\nnew", "n": -0.0004}"#)
        project.write(
            "pipelines/p.claims.yaml",
            """
            experiment: p.yaml
            claims:
              a-b: {says: "one | two\\nthree", from: law/out, at: t, value: x}
              nought: {from: law/out, at: n, value: -0.000}
            """)
        _ = project.bitlaw("run pipelines/p.yaml")
        let latex = project.bitlaw("claims export pipelines/p.claims.yaml --format latex")
        let macro =
            ##"\newcommand{\claimAB}{50\% of \$x\_1\textasciicircum{}2\$ \& \#3 \{y\} "##
            + #"\textbackslash{} \textasciitilde{} \textless{}z\textgreater{}\textbar{}"w" new}  % drifted"#
        #expect(latex.output.contains(macro), "\(latex.output)")
        let markdown = project.bitlaw("claims export pipelines/p.claims.yaml").output
        let row =
            #"| a-b | one \| two three | x | 50% of $x\_1^2$ &amp; #3 {y} \\ ~ &lt;z>\|"w" new | drifted |"#
        #expect(markdown.contains(row), "\(markdown)")
        let csv = project.bitlaw("claims export pipelines/p.claims.yaml --format csv")
        project.write("out.csv", csv.output)
        project.write(
            "read.py",
            """
            import csv, json
            rows = list(csv.DictReader(open("out.csv", newline="")))
            assert [r["claim"] for r in rows] == ["a-b", "nought"], rows
            assert rows[0]["found"] == json.load(open("law.json"))["t"], rows
            """)
        #expect(project.shell("python3 read.py") == 0)
        #expect(
            project.bitlaw("claims check pipelines/p.claims.yaml").output.contains(
                "\"w\" new   law/out\n"))
        project.shell("sed -i 's/nought/aB/' pipelines/p.claims.yaml")
        let clash = project.bitlaw("claims export pipelines/p.claims.yaml --format latex")
        #expect(clash.code == 2)
        #expect(
            clash.error.contains("claims `a-b` and `aB` both give the macro \\claimAB"),
            "\(clash.error)")
        #expect(clash.output.isEmpty)
    }

    @Test func `without a file every claims file of the project is asked`() {
        let project = project()
        let found = project.bitlaw("claims of 0.347")
        #expect(found.code == 0)
        #expect(found.output.hasPrefix("holds    exponent = 0.347   law/out\n"), "\(found.output)")
        let none = project.bitlaw("claims of 0.9")
        #expect(none.code == 1)
        #expect(none.output.hasPrefix("no claim of 1 file in pipelines/ says 0.9; "))
    }

    @Test func `elements are found by what they say, and rows are counted`() {
        let project = project()
        project.write(
            "law.json",
            "{\"checks\": [{\"id\": \"a.b, c\", \"ours\": 0.25}, {\"id\": \"d\", \"ours\": 2}, {\"id\": \"d\"}]}"
        )
        project.write("data.csv", "model,n,error\nplain,10,\nplain,20,0.5\npolar,10,0.25\n")
        project.write(
            "pipelines/p.claims.yaml",
            """
            experiment: p.yaml
            claims:
              element: {from: law/out, at: "checks[id=a.b, c].ours", value: 0.25}
              twice: {from: law/out, at: "checks[id=d].ours", value: 2}
              nowhere: {from: law/out, at: "checks[id=e].ours", value: 2}
              rows: {from: table/out, row: {model: plain}, count: n, value: 2}
              filled: {from: table/out, row: {model: plain}, count: error, value: 1}
            """)
        _ = project.bitlaw("run pipelines/p.yaml")
        let check = project.bitlaw("claims check pipelines/p.claims.yaml")
        #expect(check.output.contains("holds    element = 0.25"), "\(check.output)\(check.error)")
        #expect(check.output.contains("holds    rows = 2"))
        #expect(check.output.contains("holds    filled = 1"))
        #expect(check.output.contains("checks[id=d].ours: 2 elements have [id=d]; expected one"))
        #expect(
            check.output.contains(
                "no [id=e] there; expected one of [id=a.b, c], [id=d], [id=d]"))
    }

    @Test func `the numbers of a page between markers are compared with the claims`() {
        let project = project()
        let page = { (table: String, prose: String) in
            """
            # Page 1
            The error falls <!-- claims pipelines/p.claims.yaml: exponent percent -->\(prose)<!-- end of claims --> at 10.

            <!-- claims pipelines/p.claims.yaml: cell-* exponent | columns value, power -->

            | 1 | value | power |
            |---|---|---|
            | polar 2 | \(table) |

            <!-- end of claims -->
            """
        }
        project.write("page.md", page(".25 | 0.347", "as n^-.347 (−35 %)"))
        let signs = project.bitlaw("claims text page.md")
        #expect(signs.code == 4)
        #expect(
            signs.output
                == "page.md:2: pipelines/p.claims.yaml claims 0.347 (exponent), the text says -.347\n"
                + "page.md:2: pipelines/p.claims.yaml claims 35 (percent), the text says -35\n"
                + "page.md: 2 numbers are as claimed\n")
        project.write("page.md", page("0.25 | .347", "by .347, 35 %"))
        #expect(
            project.bitlaw("claims text page.md").output == "page.md: 4 numbers are as claimed\n")
        project.write("page.md", page("0.250 | .347, 3", "by .347"))
        let more = project.bitlaw("claims text page.md").output
        #expect(
            more.contains("page.md:2: expected 2 numbers up to the end of these claims, found 1\n"))
        #expect(more.contains("claims 0.25 (cell-2), the text says 0.250\n"))
        #expect(
            more.contains("page.md:4: expected 2 numbers up to the end of these claims, found 3\n"))
        project.write("page.md", "<!-- claims p.yaml -->")
        #expect(project.bitlaw("claims text page.md").code == 4)
        #expect(project.bitlaw("claims text nowhere.md").code == 2)
    }

    @Test func `mistakes in a claims file are told with their place`() {
        let project = project()
        project.write(
            "pipelines/bad.yaml",
            """
            experiment: p.yaml
            claims:
              a: {from: lw/out, at: form, value: x}
              b: {from: law, at: parameters.beta, value: 1}
            """)
        let missing = project.bitlaw("claims check pipelines/bad.yaml")
        #expect(missing.code == 1)
        #expect(missing.output.contains("the experiment has no action lw; did you mean `law`?"))
        #expect(missing.output.contains("parameters.beta: no beta there; expected one of alpha"))
        project.write(
            "pipelines/bad.yaml", "experiment: p.yaml\nclaims:\n  a: {frm: law, value: 1}\n")
        let wrong = project.bitlaw("claims check pipelines/bad.yaml")
        #expect(wrong.code == 2)
        #expect(wrong.error.contains("bad.yaml:3:7: error: unknown key `frm`"))
        #expect(wrong.error.contains("did you mean `from`?"))
    }

    @Test func `the shipped claims about the spiral hold`() {
        let project = Project()
        let root = Repository.root
        #expect(project.shell("cp '\(root)'/pipelines/spiral* pipelines/") == 0)
        #expect(project.bitlaw("run pipelines/spiral-small.yaml law -j 2").code == 0)
        let check = project.bitlaw("claims check pipelines/spiral-small.claims.yaml")
        #expect(check.code == 0, "\(check.output)\(check.error)")
        #expect(check.output.hasSuffix("5 holds, 0 drifted, 0 missing\n"))
        let chain = project.bitlaw("claims of 0.453 pipelines/spiral-small.claims.yaml").output
        #expect(chain.contains("  neighbour (8 actions)   spiral.neighbour-errors/"))
        #expect(chain.contains("  seed 20241101, from which "))
        // The claims about the whole experiment are read, though it is not run here.
        let whole = project.bitlaw("claims check pipelines/spiral.claims.yaml")
        #expect(whole.code == 1, "\(whole.error)")
        #expect(whole.output.hasSuffix("0 holds, 0 drifted, 23 missing\n"))
    }
}
