import Canon
import Glibc
import TestSupport
import Testing

/// `browse`: pages over a store, driven in a real browser by their addresses.
@Suite struct BrowseTests {
    /// A sweep whose program names things as an attacker would, and draws and prints what should never run.
    private static func experiment(_ scale: Double) -> String {
        """
        experiment: sweep
        seed: 1
        constants: {scale: \(scale)}
        axes:
          n: [100, 400, 1600]
          model: [plain, "<script>bad()</script>"]
        stages:
          train:
            kind: command
            over: [n, model]
            params:
              run: [sh, -c, 'printf "{\\"loss\\": %s, \\"</script><script>bad()</script>\\": 1}" "$0"',
                    "${scale / sqrt(n)}"]
          mean:
            kind: command
            inputs: {points: train}
            params:
              run: [sh, -c, 'printf "n,loss\\n1,0.5\\n2,0.25\\n" > a.csv;
                printf "<svg xmlns=\\"http://www.w3.org/2000/svg\\" onload=\\"bad()\\">" > a.svg;
                printf "<script>bad()</script><circle r=\\"1\\"/></svg>" >> a.svg;
                printf "<!DOCTYPE html><script>bad()</script><img src=x onerror=bad()>" > a.html']
              outputs: {table: a.csv, picture: a.svg, page: a.html}
          weights: {kind: spiral.manifold}

        """
    }

    private func browsed(_ arguments: String = "") -> Project {
        let project = Project()
        for scale in [1.0, 2.0] {
            project.write("pipelines/sweep.yaml", Self.experiment(scale))
            let run = project.bitlaw("run pipelines/sweep.yaml")
            #expect(run.code == 0, "\(run.error)")
        }
        let made = project.bitlaw("browse pipelines/sweep.yaml --out pages \(arguments)")
        #expect(made.code == 0, "\(made.error)")
        #expect(made.output == "\(project.path)/pages/index.html\n")
        return project
    }

    /// The names of the pages that begin so.
    private func pages(_ project: Project, _ lead: String) -> [String] {
        project.shell("ls pages > list")
        return project.read("list").split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(lead) }
    }

    /// What a browser makes of a page; `nil` where there is no browser, which is said.
    private func shown(_ project: Project, _ page: String) -> String? {
        project.shown("file://\(project.path)/pages/\(page)")
    }

    /// The cells of the rows of the table that a browser shows.
    private func rows(_ dom: String) -> [[String]] {
        guard let body = dom.firstMatch(of: /<tbody>(.*?)<\/tbody>/.dotMatchesNewlines())?.1 else {
            return []
        }
        return body.matches(of: /<tr>(.*?)<\/tr>/.dotMatchesNewlines()).map { row in
            row.1.matches(of: /<td[^>]*>(.*?)<\/td>/.dotMatchesNewlines()).map { cell in
                String(cell.1.replacing(/<[^>]*>/, with: ""))
            }
        }
    }

    @Test func `tables sort and filter in a browser, by an address that can be linked`() throws {
        let project = browsed()
        let page = try #require(pages(project, "stage-train-").first)
        guard let all = shown(project, page) else { return }
        #expect(rows(all).count == 6 && all.contains("6 of 6 rows"), "\(all.suffix(3000))")
        let header = all.matches(of: /<th[^>]*><button[^>]*>(.*?)<\/button>/).map { String($0.1) }
        let column = try #require(header.firstIndex(of: "loss"), "\(header)")
        let falling = try #require(shown(project, page + "#sort=-loss&filter=n>100"))
        #expect(falling.contains("4 of 6 rows"))
        // 2/√400 and 2/√1600, each for two models.
        #expect(rows(falling).map { $0[column] } == ["0.1", "0.1", "0.05", "0.05"])
        let rising = try #require(shown(project, page + "#sort=loss&filter=plain,loss<0.15"))
        #expect(rows(rising).map { $0[column] } == ["0.05", "0.1"])
        #expect(rising.contains("aria-sort=\"ascending\""))
    }

    @Test func `a number leads to its action, and that to what it reads and what used it`() throws {
        let project = browsed()
        let page = try #require(pages(project, "stage-train-").first)
        guard let table = shown(project, page) else { return }
        let link = try #require(table.firstMatch(of: /<td class="n"[^>]*><a href="([^"]*)"/)?.1)
        let action = String(link.prefix { $0 != "#" })
        let name = String(link.drop { $0 != "#" }.dropFirst())
        let details = project.read("pages/\(action)")
        #expect(details.contains("<section class=\"action\" id=\"\(name)\">"))
        let used = try #require(
            details.firstMatch(of: /<h3>Used by<\/h3><ul><li><a href="([^"#]*)#[^"]*">mean<\/a>/)?.1
        )
        let mean = project.read("pages/\(used)")
        #expect(mean.contains("<h3>Reads</h3><ul><li>points ← <a href=\"\(action)#\(name)\">"))
        // Its table, its picture without what would run, its page as text.
        #expect(mean.contains("<tr><th>n</th><th>loss</th></tr><tr><td>1</td><td>0.5</td></tr>"))
        #expect(mean.contains("<img alt=\"\" src=\"data:image/svg+xml;base64,"))
        #expect(mean.contains("Left out, for a page runs and loads nothing"))
    }

    @Test func `two runs stand side by side with their differences`() throws {
        let project = browsed()
        let page = try #require(pages(project, "beside-").first)
        guard let dom = shown(project, page + "#filter=loss") else { return }
        let row = try #require(rows(dom).first)
        // The means of 1/√n and 2/√n over 100, 400 and 1600.
        #expect(row[0] == "train" && row[1] == "loss", "\(row)")
        #expect(row[2] == "0.058333" && row[3] == "0.11667" && row[4] == "0.058333", "\(row)")
        #expect(dom.contains("The first stage whose outputs differ: train."))
    }

    @Test func `nothing of a stranger runs or stands as markup on any page`() throws {
        let project = browsed()
        for page in pages(project, "") {
            let text = project.read("pages/\(page)")
            #expect(!text.contains("<script>bad") && !text.contains("onload=\""), "\(page)")
            #expect(!text.contains("<img src=x"), "\(page)")
            // Two scripts at most: data, which is none to a browser, and ours, by its hash.
            #expect(text.matches(of: /<script/).count <= 2 && text.contains("script-src 'sha256-"))
            #expect(text.utf8.count < 2_000_000)
            guard let dom = shown(project, page) else { return }
            #expect(dom.matches(of: /<script/).count <= 2 && !dom.contains("<img src=x"), "\(page)")
        }
    }

    @Test
    func
        `an experiment's page begins with what was found, and its page stands in a frame that runs nothing`()
        throws
    {
        let project = Project()
        #expect(project.bitlaw("init first").code == 0)
        let run = project.bitlaw("run first/experiment.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(project.bitlaw("browse first/experiment.yaml --out pages").code == 0)
        let overview = project.read("pages/\(try #require(pages(project, "experiment-").first))")
        let findings = try #require(overview.firstRange(of: "<h2>Findings</h2>"))
        let stages = try #require(overview.firstRange(of: "<h2>Stages</h2>"))
        #expect(findings.lowerBound < stages.lowerBound)
        let found = overview[findings.upperBound..<stages.lowerBound]
        let law = try #require(run.output.firstMatch(of: /law: (mixture = \S+)/)?.1)
        #expect(
            found.contains(">law</a>: \(law.replacing("^−", with: "<sup>−"))")
                && found.contains(">page</a>: the page"), "\(found)")
        let own = project.read("pages/\(try #require(pages(project, "actions-page-").first))")
        #expect(
            own.contains(
                "<iframe sandbox=\"\" title=\"the page as it looks\" srcdoc=\"&lt;!DOCTYPE"))
        let fit = project.read("pages/\(try #require(pages(project, "actions-law-").first))")
        let picture = try #require(fit.firstRange(of: "data:image/svg+xml"))
        let document = try #require(fit.firstRange(of: "<h3>Output law</h3>"))
        #expect(picture.lowerBound < document.lowerBound)
    }

    @Test func `the folder holds pages alone, and the same store gives the same bytes`() throws {
        let project = browsed()
        let first = try JSON(
            parsing: project.bitlaw("browse pipelines/sweep.yaml --out pages --json").output)
        #expect(first["written"] == 0, "\(first.canonicalText)")
        let other = try JSON(
            parsing: project.bitlaw("browse pipelines/sweep.yaml --out second --json").output)
        #expect(other["digest"] == first["digest"] && other["written"] == first["pages"])
        project.write("mine/notes.txt", "precious\n")
        let refused = project.bitlaw("browse --out mine")
        #expect(refused.code == 2 && refused.error.contains("other files are in the folder"))
        #expect(project.read("mine/notes.txt") == "precious\n")
        #expect(project.shell("ls mine | wc -l | grep -qx 1") == 0)
    }

    @Test func `without a file every experiment of the store has its pages`() {
        let project = browsed()
        project.write(
            "pipelines/other.yaml",
            "experiment: other\nseed: 1\nstages: {a: {kind: spiral.manifold}}\n")
        #expect(project.bitlaw("run pipelines/other.yaml").code == 0)
        let all = project.bitlaw("browse --out all -q")
        #expect(all.code == 0, "\(all.error)")
        let index = project.read("all/index.html")
        #expect(index.contains(">other</a>, 1 run,") && index.contains(">sweep</a>, 2 runs,"))
    }

    @Test
    func `watched pages show progress, numbers and log of a running action, and stay in the end`() {
        let project = Project()
        project.write(
            "pipelines/slow.yaml",
            """
            experiment: slow
            seed: 1
            stages:
              train:
                kind: command
                params:
                  run: [sh, -c, 'echo begun >&2; n=0; while [ $n -lt 600 ]; do n=$((n+1));
                    echo "progress $n/600 loss 0.$n" >&2; sleep 0.1; done; echo 1']

            """)
        let script = """
            '\(Project.command)' run pipelines/slow.yaml -q >/dev/null 2>&1 & run=$!
            i=0; while [ ! -e .cache/runs ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done
            '\(Project.command)' browse --out pages --watch -q >/dev/null 2>&1 & watch=$!
            i=0; while ! grep -q 'class="running"' pages/now.html 2>/dev/null && [ $i -lt 300 ]
            do sleep 0.1; i=$((i+1)); done
            sleep 3; cp pages/now.html live.html
            kill -INT $run; wait $run; kill -INT $watch; wait $watch
            """
        project.shell(script)
        let live = project.read("live.html")
        #expect(live.contains("class=\"running\"") && live.contains("begun"), "\(live)")
        #expect(live.contains("\"refresh\":2"))
        // Three seconds of ten steps each, and one number that the program tells.
        let step = live.firstMatch(
            of: /<progress max="600" value="([0-9]+)"><.progress> ([0-9]+) of 600,/)
        #expect(step.flatMap { Int($0.1) } ?? 0 > 0 && step?.1 == step?.2, "\(live)")
        #expect(live.contains(" left</p>") && live.contains("<figcaption>loss: 0."), "\(live)")
        project.shell("cp live.html pages/live.html")
        if let dom = shown(project, "live.html") {
            #expect(dom.contains("<figure class=\"metric\">") && dom.contains("<path d=\"M4 "))
        }
        let after = project.read("pages/now.html")
        #expect(!after.contains("refresh\":") && after.contains("No run of this store goes on."))
    }
}
