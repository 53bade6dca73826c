import Canon
import Experiment
import TestSupport
import Testing
import Workbench

/// Pages: what each placing shows, what a mistake says, what a stranger's text may do.
struct PageStageTests {
    /// Losses at two sizes and two replicates, a law for each k, a picture of each, a table.
    private static let results: [StageInput] = {
        var inputs: [StageInput] = []
        for samples in [100.0, 400.0] {
            for replicate in [0.0, 1.0] {
                inputs.append(
                    measured(
                        "errors",
                        [("samples", .number(samples)), ("replicate", .number(replicate))],
                        ["loss": 20 / samples.squareRoot() + 0.1 * replicate]))
            }
        }
        for k in [1.0, 5.0] {
            let at: [(String, JSON)] = [("k", .number(k))]
            inputs.append(
                given(
                    [
                        "format": "bitlaw/law/1", "summary": "loss = 20·n^−0.5",
                        "warnings": ["few points"],
                        "parameters": [
                            "alpha": ["value": .number(0.5 / k), "low": 0.1, "high": 0.6]
                        ],
                        "checklist": [
                            ["question": "Tuned?", "answer": "not stated"],
                            ["question": "How many points?", "answer": "Four."],
                            ["question": "Which checkpoints?", "answer": "not stated"],
                        ],
                    ], from: "law[k=\(Int(k))]", at: at))
            inputs.append(
                StageInput(
                    producer: "law[k=\(Int(k))]", output: "plot",
                    coordinates: [Coordinate(axis: "k", value: .number(k))],
                    digest: Digest(of: [UInt8](picture.utf8).span), read: { Array(picture.utf8) },
                    place: { throw TestMistake("no path") }))
        }
        for stage in ["one", "two"] {
            inputs.append(
                StageInput(
                    producer: stage, output: "plot", coordinates: [],
                    digest: Digest(of: [UInt8](picture.utf8).span), read: { Array(picture.utf8) },
                    place: { throw TestMistake("no path") }))
        }
        inputs.append(given("name,N,loss\nb,2000,3\na,1000,2.5\nc,50000,1.25\n", from: "runs"))
        return inputs
    }()

    private static let picture = """
        <svg xmlns="http://www.w3.org/2000/svg"><title>Loss &amp; law</title><script>x</script></svg>
        """

    private static let claims = """
        claims:
          falls:
            says: More points help
            basis: paper
            source: section 2
            holds: all(falls(median(errors.loss, replicate), samples))
            shows: "from ${max(errors.loss)} to ${min(errors.loss)}"
          grows:
            says: Fewer points help
            test: it rises
            holds: all(rises(median(errors.loss, replicate), samples))
          alpha: {says: The exponent, of: "law[k=1].alpha", value: 0.50}
          window: {says: In between, of: "law[k=5].alpha", within: [0.2, 0.3]}
          absent: {says: At a million, of: "median(errors[samples=1000000].loss)", value: 1}
          power: {says: "The `loss` falls as C^−β", of: "law[k=1].alpha", value: 0.50}
          told: {says: For the record, of: "count(errors.loss)", shows: "${count(errors.loss)} runs"}
          beyond:
            says: Far out
            of: count(errors.loss)
            shows: "${errors[samples=1000000].loss} and ${errors[samples=1000000].loss}"
        """

    private func page(
        _ text: String, judged: Bool = true, title: String = "---\ntitle: T\n---\n",
        sections: [StageInput] = []
    ) throws -> StageRun {
        try run(
            PageStage.self, ["judged": .bool(judged)],
            [
                "page": [given("\(title)\(text)", from: "t.page.md")], "sections": sections,
                "claims": [given(Self.claims, from: "t.claims.yaml")], "results": Self.results,
            ])
    }

    private func body(_ text: String) throws -> String {
        let html = try page(text).text("report")
        let start = try #require(html.firstRange(of: "<main>"))
        let end = try #require(html.firstRange(of: "<details class=\"checklist\">"))
        return String(html[start.upperBound..<end.lowerBound])
    }

    @Test func `text is CommonMark, and a value links to where it came from`() throws {
        let html = try body(
            "## A *b*\n\n- one\n- `${x}` two\n\n"
                + "The loss is **${max(errors.loss) | 2 decimals}**, $${x}; [A](#a-b).\n"
        )
        #expect(html.contains("<h2 id=\"a-b\">A <em>b</em></h2>"))
        #expect(html.contains("<ul>\n<li>one</li><li><code>${x}</code> two</li></ul>"))
        #expect(html.contains("<strong><a class=\"n\" href=\"#from-1\">2.10</a></strong>, ${x}; "))
        #expect(html.contains("<a href=\"#a-b\">A</a>"))
    }

    @Test func `a table of values has an axis across, and one of records the columns it asks for`()
        throws
    {
        let html = try body(
            """
            {table: median(errors.loss, replicate) | 2 decimals; across: samples; caption: Losses}

            {table: runs; columns: name, "size" = N, loss | 1 decimals,
            share = runs.loss / max(runs.loss) | percent;
            sort: -loss; limit: 2}
            """)
        #expect(html.contains("<p class=\"caption\">Losses</p>"))
        #expect(html.contains("<th colspan=\"2\" scope=\"colgroup\">samples</th>"))
        #expect(html.contains(">2.05</a>") && html.contains(">1.05</a>"))
        let rows = html.split(separator: "<tr>").map(String.init)
        let b = try #require(rows.firstIndex { $0.contains(">b<") })
        let a = try #require(rows.firstIndex { $0.contains(">a<") })
        #expect(b < a && rows[b].contains(">2,000<") && rows[b].contains(">100 %<"))
        #expect(!html.contains(">c<") && html.contains("… and 1 row more."))
    }

    @Test func `powers are raised in text, tables, claims and laws, and backticks become code`()
        throws
    {
        let html = try body(
            """
            Errors fall as n^−α and n^(1/(1 + b)), here as n^${-law[k=1].alpha | 1 decimals}.

            {law: law[k=1]}

            {claims: power}
            """)
        #expect(html.contains("fall as n<sup>−α</sup> and n<sup>1/(1 + b)</sup>, here"))
        #expect(html.contains("as n<sup><a class=\"n\" href=\"#from-1\">−0.5</a></sup>."))
        #expect(html.contains(">loss = 20·n<sup>−0.5</sup></a>"))
        #expect(html.contains("</code> falls as C<sup>−β</sup>"))
        #expect(!html.contains("^") && !html.contains("`"))
    }

    @Test func `captions that are alike name the stage of each picture`() throws {
        let html = try page("{figure: one/plot, two/plot}\n").text("report")
        #expect(html.contains("Loss &amp; law (one)") && html.contains("Loss &amp; law (two)"))
        #expect(
            try page("{figure: one/plot}\n").text("report").contains(
                "<figcaption>Loss &amp; law <a class=\"n\" href=\"#from-1\">[1]</a>"))
    }

    @Test func `pictures are cleaned, and told apart in words`() throws {
        let html = try body(
            "{figure: law}\n{figure: law[k=5]/plot; caption: At ${law[k=5].alpha}}\n")
        #expect(html.contains("Loss &amp; law (k = 1)") && html.contains("Loss &amp; law (k = 5)"))
        #expect(!html.contains("<script>") && html.contains("Left out"))
        #expect(html.contains("<figcaption>At <a class=\"n\""))
    }

    @Test
    func
        `one caption of several pictures stands below the first, and the others say which they are`()
        throws
    {
        let html = try body(
            "{figure: law/plot; caption: All of them.; names: k = votes, \"5\" = five}\n")
        #expect(html.contains("<figcaption>All of them. <a class=\"n\""))
        #expect(html.contains("<figcaption>The same for votes = five. <a class=\"n\""))
    }

    @Test func `a claim has a dash for what is missing, and says once why`() throws {
        let html = try page("{claims: beyond}\n").text("report")
        #expect(html.contains("– and – (–: no <code>errors</code> has samples=1000000)"), "\(html)")
    }

    @Test
    func `a column that no claim fills is left out, and a row without axes says what it holds`()
        throws
    {
        let html = try page(
            "{claims: alpha, window; as: table}\n\n{table: median(errors.loss, replicate); "
                + "across: samples; names: samples = points}\n"
        ).text("report")
        #expect(!html.contains(">source</th>") && html.contains(">claimed</th>"))
        #expect(html.contains("scope=\"colgroup\">points</th>") && html.contains(">value</th>"))
    }

    @Test func `a law stands in a line with its warnings and its checklist`() throws {
        let html = try body("{law: law[k=1]}\n\n{results: law[k=5]}\n")
        #expect(
            html.contains("<strong>law, k = 1:</strong>")
                && html.contains("<strong>law, k = 5:</strong>"))
        #expect(html.contains("⚠ few points") && html.contains("<em>How many points?</em>: Four."))
        #expect(html.contains("<br><em>not stated</em>: Tuned?; Which checkpoints?"))
    }

    @Test func `claims are judged as their results say`() throws {
        let made = try page(
            "{claims: falls, grows, absent, told}\n\n{claims: alpha, window, power, beyond; as: table}\n"
        )
        let claims = try #require(try made.json("claims").elements)
        #expect(
            claims.map { $0["verdict"]?.text } == [
                "held", "failed", "told", "told", "held", "failed", "held", "told",
            ])
        #expect(claims[0]["measured"] == "from 2.10 to 1")
        #expect(claims[0]["from"]?.elements?.count == 4)
        #expect(claims[2]["reason"]?.text?.contains("no `errors` has samples=1000000") == true)
        let html = made.text("report")
        #expect(html.contains("1 of 4 claims held; did not hold: 2; not judged: 3, 4."))
        #expect(html.contains("Basis: the work says so, section 2."))
        #expect(!html.contains("this page does not place"))
    }

    @Test func `claims at a glance are placed nowhere, and stand with their basis and verdict`()
        throws
    {
        let made = try page("{claims: falls, grows; as: verdicts}\n\n{claims: falls}\n")
        let html = made.text("report")
        #expect(try made.json("claims").elements?.count == 1)
        #expect(html.contains("the work says so, section 2</td>"))
        #expect(
            html.contains(">did not hold</span>")
                && html.contains("this page does not place")
                && html.contains("<li>Fewer points help</li>"))
    }

    @Test func `sections stand below their titles, with their own headings a level deeper`() throws
    {
        let section = given("---\ntitle: On laws\n---\n\n## Slopes\n\n[up](#first)\n", from: "s.md")
        let made = try page("# First\n\n[down](#slopes)\n", sections: [section])
        #expect(made.text("report").contains("<h2 id=\"on-laws\">On laws</h2>"))
        #expect(made.text("report").contains("<h3 id=\"slopes\">Slopes</h3>"))
        let wrong = given("---\ntitle: On laws\n---\n\n\n${max(errors.los)}\n", from: "s.md")
        #expect(failure { _ = try page("text\n", sections: [wrong]) }.contains("s.md:6:"))
    }

    @Test func `a smoke test tells its claims and judges none, and says so`() throws {
        let made = try page("{claims: falls, grows}\n", judged: false)
        let claims = try #require(try made.json("claims").elements)
        #expect(claims.allSatisfy { $0["verdict"] == "told" })
        #expect(claims[0]["measured"] == "from 2.10 to 1")
        #expect(made.text("report").contains("This run is a smoke test"))
        #expect(
            made.text("report").contains(
                "<li>The exponent</li>\n<li>In between</li>\n<li>At a million</li>\n"
                    + "<li>The <code>loss</code> falls"))
    }

    @Test(arguments: [
        ("a ${errrors.loss} b", "t.page.md:4:5: error: nothing is called `errrors` here"),
        ("a ${errors.los} b", "t.page.md:4:12: error: nothing here is called `los`"),
        ("a ${errors.loss | wide}", "t.page.md:4:18: error: unknown format ` wide`"),
        ("a\n${errors.loss", "t.page.md:5:1: error: `${` without its `}`"),
        ("{figur: law}", "t.page.md:4:2: error: unknown placing `figur`"),
        ("{figur: law}", "did you mean `figure`?"),
        ("{figure: law; captoin: x}", "t.page.md:4:15: error: `figure` has no option `captoin`"),
        ("{figure: errors}", "t.page.md:4:10: error: `errors` is no such output\n"),
        ("{figure: law[x=1]}", "t.page.md:4:14: error: `law` has no axis `x`"),
        ("{law: lw}", "t.page.md:4:7: error: nothing is called `lw` here"),
        ("text {law: law} text", ""),
        ("{law: law} text", "t.page.md:4:1: error: `{law: …}` in a line of text"),
        ("{claims: nothing*}", "t.page.md:4:10: error: no claim is called `nothing*`"),
        (
            "{claim: alpha}\n\n{claim: alpha}",
            "t.page.md:6:9: error: the claim `alpha` is placed twice"
        ),
        ("{claims: alpha; as: lst}", "t.page.md:4:21: error: no layout is called `lst`"),
        ("{table: runs; sort: size}", "t.page.md:4:21: error: no column is called `size`"),
        (
            "{table: errors.loss; across: sample}",
            "t.page.md:4:30: error: the values do not vary over `sample`"
        ),
        ("{table: runs; limit: few}", "t.page.md:4:22: error: the limit is `few`"),
        ("{table: runs; columns: nam}", "t.page.md:4:24: error: nothing is called `nam` here"),
        ("{table: runs", "t.page.md:4:1: error: `{table` without its `}`"),
        ("[x](javascript:alert)", "t.page.md:4:1: error: a link to `javascript:alert`"),
        ("[x](#nowhere)", "t.page.md:4:1: error: no heading is linked by `#nowhere`"),
        (
            "![x](https://example.org/x.png)",
            "t.page.md:4:1: error: an image from `https://example.org"
        ),
        ("a \u{100000}", "t.page.md:4:3: error: a character of Unicode's private plane 16"),
    ])
    func `a mistake is told with its place, what is allowed and what may be meant`(
        text: String, told: String
    ) {
        let error = failure { _ = try page(text) }
        #expect(told.isEmpty ? error.isEmpty : error.contains(told), "\(error)")
    }

    @Test func `front matter has a title, and nothing that a page does not know`() {
        #expect(
            failure { _ = try page("x", title: "") }.contains(
                "t.page.md:1:1: error: the page has no title"))
        #expect(
            failure { _ = try page("x", title: "---\ntitle: T\nsubtite: S\n---\n") }.contains(
                "t.page.md:3:1: error: unknown key `subtite`"))
        #expect(
            failure { _ = try page("x", title: "---\ntitle: T\n") }.contains(
                "the front matter does not end"))
    }

    @Test func `what a stranger writes is shown and never run`() throws {
        let html = try body(
            "<script>alert(1)</script>\n\na <img src=x onerror=y> b\n\n```\n<b>${x}\n{table: y\n```\n"
        )
        #expect(!html.contains("<script>") && !html.contains("<img") && !html.contains("<b>"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("&lt;b&gt;${x}\n{table: y\n"))
        #expect(
            failure { _ = try page(String(repeating: "> ", count: 5000) + "x") }.contains(
                "nests deeper than 100 levels"))
        #expect(
            failure { _ = try page(String(repeating: "x", count: 1 << 20)) }.contains(
                "expected: at most 1048576 bytes"))
        #expect(
            failure { _ = try page(String(repeating: "${", count: 400_000)) }.contains(
                "more than 20000 values and placings"))
        #expect(try body(String(repeating: "*_[`", count: 20_000)).count > 80_000)
    }

    @Test func `the reference names every placing, function and format`() {
        let text = Repository.text("docs/your-own-page.md") ?? ""
        for name in ResultExpression.functions {
            #expect(text.contains("`\(name)`") || text.contains("`\(name)("), "\(name)")
        }
        for (word, options) in PageStage.placings {
            #expect(text.contains("{\(word):"), "\(word)")
            for option in options { #expect(text.contains("\(option): "), "\(word): \(option)") }
        }
        for format in ["4 digits", "2 decimals", "percent", "1 percent", "interval"] {
            #expect(text.contains("`\(format)`"), "\(format)")
        }
    }
}
