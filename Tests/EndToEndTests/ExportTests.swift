import Canon
import Testing

/// What `export` does with files that are there, and what it calls those that it writes.
@Suite struct ExportTests {
    /// A project with one stage over the values of one axis.
    private func project(_ values: String) -> Project {
        let project = Project()
        project.write("a.yaml", experiment(values))
        return project
    }

    private func experiment(_ values: String) -> String {
        """
        experiment: a
        seed: 1
        axes:
          x: [\(values)]
        stages:
          t:
            kind: command
            over: [x]
            params: {run: [printf, "%s", "=${x}"]}

        """
    }

    private func files(_ project: Project, _ folder: String = "out/a") -> [String] {
        project.shell("ls -1 \(folder) | LC_ALL=C sort > list")
        return project.read("list").split(separator: "\n").map(String.init)
    }

    @Test func `every result has a file of its own`() {
        let values =
            #""org/tiny", "org:tiny", "org tiny", org_tiny, "c++", "Ünicode", 1, "1", null, "null", a_, a, 1e21"#
        let long = String(repeating: "x", count: 300)
        let forms =
            "\"\u{e9}\", \"e\u{301}\", \"\(long)a\", \"\(long)b\", \"../../../etc/x\", -rf, \".\""
        let project = project("\(values), \(forms)")
        #expect(project.bitlaw("run a.yaml").code == 0)
        let outcome = project.bitlaw("export a.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        let found = files(project)
        #expect(found.count == 20)
        #expect(Set(outcome.output.split(separator: "\n")).count == 20)
        for name in found { #expect(name.utf8.count <= 200 && name.utf8.allSatisfy { $0 < 0x80 }) }
        for name in [
            "t_x=org%2Ftiny.out", "t_x=org%3Atiny.out", "t_x=org%20tiny.out", "t_x=org_tiny.out",
            "t_x=c++.out", "t_x=%C3%9Cnicode.out", "t_x=1.out", "t_x=%221%22.out", "t_x=null.out",
            "t_x=%22null%22.out", "t_x=a_.out", "t_x=a.out", "t_x=1e+21.out",
        ] { #expect(found.contains(name), "\(name)") }
        #expect(project.read("out/a/t_x=org%2Ftiny.out") == "=org/tiny")
        // The lock has two lines for each, one of its key and one of its output, and no two alike.
        #expect(project.bitlaw("lock a.yaml").code == 0)
        let lock = project.read("a.yaml.lock").split(separator: "\n").filter { $0.contains("t[x=") }
        #expect(Set(lock.map { $0.prefix { $0 != "]" } }).count == 40)
    }

    @Test func `stage and axis with an underscore share no file with another stage`() {
        let project = Project()
        project.write(
            "a.yaml",
            """
            experiment: a
            seed: 1
            axes: {c: [1], b_c: [1]}
            stages:
              s_b: {kind: command, over: [c], params: {run: [echo, one]}}
              s: {kind: command, over: [b_c], params: {run: [echo, two]}}
            """)
        #expect(project.bitlaw("run a.yaml").code == 0)
        #expect(project.bitlaw("export a.yaml --to out").code == 0)
        #expect(files(project, "out") == ["s,b_c=1.out", "s_b_c=1.out"])
    }

    @Test func `a file of the person's own is refused before anything is written`() {
        let project = project("1, 2, 3")
        _ = project.bitlaw("run a.yaml")
        project.shell("mkdir -p out/a; echo mine > out/a/t_x=2.out; mkdir out/a/t_x=3.out")
        let outcome = project.bitlaw("export a.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.output == "")
        #expect(
            outcome.error == """
                error: \(project.path)/out/a/t_x=2.out: a file is there that no export from this store wrote
                \(project.path)/out/a/t_x=3.out: expected a file of an earlier export, found a folder
                nothing was written, so that nothing of yours is lost
                  fix: move what stands there, name another folder with --to, or replace with --force

                """)
        #expect(files(project) == ["t_x=2.out", "t_x=3.out"])
        #expect(project.read("out/a/t_x=2.out") == "mine\n")
        // A folder is never replaced.
        #expect(project.bitlaw("export a.yaml --force").code == 2)
        project.shell("rmdir out/a/t_x=3.out")
        #expect(project.bitlaw("export a.yaml --force").code == 0)
        #expect(project.read("out/a/t_x=2.out") == "=2")
    }

    @Test func `what export wrote it writes anew, unless it was changed since`() {
        let project = project("1, 2")
        _ = project.bitlaw("run a.yaml")
        #expect(project.bitlaw("export a.yaml").error.hasSuffix(": 2 written, 0 unchanged\n"))
        #expect(project.bitlaw("export a.yaml").error.hasSuffix(": 0 written, 2 unchanged\n"))
        project.write("a.yaml", experiment("1, 2").replacing("%s", with: "<%s>"))
        _ = project.bitlaw("run a.yaml")
        #expect(project.bitlaw("export a.yaml t").error.hasSuffix(": 2 written, 0 unchanged\n"))
        #expect(project.read("out/a/t_x=1.out") == "<=1>")
        project.write("a.yaml", experiment("1, 2"))
        project.shell("echo edited > out/a/t_x=1.out")
        let outcome = project.bitlaw("export a.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("t_x=1.out: the file was changed since bitlaw wrote it\n"))
        #expect(project.read("out/a/t_x=1.out") == "edited\n")
        #expect(project.read("out/a/t_x=2.out") == "<=2>")
    }

    @Test func `files of points that are gone are named, and removed if asked and unchanged`()
        throws
    {
        let project = project("1, 2, 3, 4")
        _ = project.bitlaw("run a.yaml")
        _ = project.bitlaw("export a.yaml")
        project.write("a.yaml", experiment("1, 4"))
        project.shell("echo edited > out/a/t_x=3.out; echo mine > out/a/notes.txt")
        let told = project.bitlaw("export a.yaml")
        #expect(
            told.error.hasSuffix(
                """
                2 files of earlier exports are no longer part of a.yaml:
                  \(project.path)/out/a/t_x=2.out
                  \(project.path)/out/a/t_x=3.out
                  fix: bitlaw export a.yaml --prune

                """), "\(told.error)")
        let pruned = project.bitlaw("export a.yaml --prune")
        #expect(pruned.error.contains("removed \(project.path)/out/a/t_x=2.out\n"))
        #expect(pruned.error.contains("changed since bitlaw wrote them, so they are left"))
        #expect(files(project) == ["notes.txt", "t_x=1.out", "t_x=3.out", "t_x=4.out"])
        let lines = project.bitlaw("export a.yaml --prune --json").output.split(separator: "\n")
        let states = try lines.map { try JSON(parsing: String($0))["state"]?.text ?? "" }
        #expect(states == ["unchanged", "unchanged", "left"])
    }

    @Test func `a bundle takes the place of an earlier bundle only`() {
        let project = project("1")
        _ = project.bitlaw("run a.yaml")
        project.write("notes.txt", "mine")
        let outcome = project.bitlaw("bundle a.yaml --to notes.txt")
        #expect(outcome.code == 2)
        #expect(
            outcome.error
                == "error: notes.txt: expected nothing or an earlier bundle there, found another file\n"
                + "  fix: name another file with --to, or move this one\n")
        #expect(project.read("notes.txt") == "mine")
        for _ in 0..<2 { #expect(project.bitlaw("bundle a.yaml --to b.tar.zst").code == 0) }
    }

    @Test func `another experiment's files are not pruned`() {
        let project = project("1, 2")
        project.write("b.yaml", experiment("5").replacing("experiment: a", with: "experiment: b"))
        for name in ["a", "b"] {
            _ = project.bitlaw("run \(name).yaml")
            #expect(project.bitlaw("export \(name).yaml --to both --prune").code == 0)
        }
        #expect(files(project, "both") == ["t_x=1.out", "t_x=2.out", "t_x=5.out"])
    }

    @Test func `a damaged note of what was written costs no file`() {
        let project = project("1, 2")
        _ = project.bitlaw("run a.yaml")
        _ = project.bitlaw("export a.yaml")
        for damage in ["echo '{' > $f", "rm $f; mkdir $f", "rm -rf $f; : > $f"] {
            // What was damaged before is set aside: a good note stands there again.
            #expect(project.bitlaw("export a.yaml --force").code == 0)
            project.shell("for f in .cache/exports/*.json; do \(damage); done")
            project.shell("echo edited > out/a/t_x=1.out")
            let outcome = project.bitlaw("export a.yaml")
            #expect(outcome.code == 2, "\(damage)")
            #expect(
                outcome.error.contains("what earlier exports wrote is not known any more"),
                "\(outcome.error)")
            #expect(project.read("out/a/t_x=1.out") == "edited\n")
        }
        project.shell("rm -rf .cache/exports")
        #expect(project.bitlaw("export a.yaml --force").code == 0)
    }

    @Test func `the notes move with the project`() {
        let project = project("1, 2")
        project.shell("mkdir old; mv a.yaml old")
        _ = project.bitlaw("run a.yaml -C old")
        _ = project.bitlaw("export a.yaml -C old")
        project.shell("mv old new")
        project.write("new/a.yaml", experiment("1"))
        let outcome = project.bitlaw("export a.yaml -C new --prune")
        #expect(
            outcome.error.contains("removed \(project.path)/new/out/a/t_x=2.out\n"),
            "\(outcome.error)")
    }

    @Test func `a page that was changed is not written over by a run or a report`() {
        let project = Project()
        func write(_ title: String) {
            project.write(
                "a.yaml",
                "experiment: a\nseed: 1\nstages: {p: {kind: page, inputs: {page: file:a.page.md}}}\n"
            )
            project.write("a.page.md", "---\ntitle: \(title)\n---\n")
        }
        let page = "\(project.path)/out/a/report.html"
        write("One")
        #expect(project.bitlaw("run a.yaml").output.contains("report: \(page)\n"))
        write("Two")
        #expect(project.bitlaw("run a.yaml").output.contains("report: \(page)\n"))
        #expect(project.read("out/a/report.html").contains("Two"))
        project.shell("echo mine > out/a/report.html")
        let run = project.bitlaw("run a.yaml")
        #expect(run.code == 0)
        #expect(
            run.output.contains(
                """
                report: not written, for \(page) stands in its way: the file was changed since bitlaw wrote it
                  fix: move it away, or replace it: bitlaw report a.yaml --force

                """), "\(run.output)")
        #expect(project.bitlaw("report a.yaml").code == 2)
        #expect(project.read("out/a/report.html") == "mine\n")
        #expect(project.bitlaw("report a.yaml --force").code == 0)
        #expect(project.read("out/a/report.html").contains("Two"))
    }

    @Test func `files whose names differ in the form of a letter only are two inputs`() {
        let project = Project()
        project.write(
            "a.yaml",
            """
            experiment: a
            seed: 1
            stages:
              both:
                kind: command
                inputs: {inputs: ["file:donn\u{e9}es.csv", "file:donne\u{301}es.csv"]}
                params: {run: [cat, "${inputs.inputs}"]}
              second:
                kind: command
                inputs: {inputs: "file:donne\u{301}es.csv"}
                params: {run: [cat, "${inputs.inputs}"]}
            """)
        project.write("donn\u{e9}es.csv", "composed\n")
        project.write("donne\u{301}es.csv", "decomposed\n")
        let outcome = project.bitlaw("run a.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(project.bitlaw("export a.yaml").code == 0)
        #expect(project.read("out/a/both.out") == "composed\ndecomposed\n")
        #expect(project.read("out/a/second.out") == "decomposed\n")
        #expect(project.bitlaw("run a.yaml").output.hasPrefix("0 ran, 2 cached"))
        #expect(project.bitlaw("bundle a.yaml").error.contains("two forms of Unicode"))
    }
}
