import Canon
import LocalStore
import TestSupport
import Testing

/// What an experiment file means for a run: values, files that it includes, values that are set.
@Suite struct ExperimentFileTests {
    @Test func `every example of the page of the experiment file has a plan`() throws {
        let page = try #require(Repository.text("docs/EXPERIMENT-FILE.md"))
        let examples = page.split(separator: "```yaml\n").dropFirst().compactMap {
            $0.split(separator: "```").first
        }
        #expect(examples.count == 3)
        for example in examples {
            let project = Project()
            project.write("bitlaw.yaml", "# the project\n")
            project.write("pipelines/e.yaml", String(example))
            project.write("pipelines/axes.yaml", "axes: {n: [1, 2]}\n")
            project.shell("mkdir shared")
            project.write(
                "shared/stages.yaml",
                "stages: {a: {kind: command, over: [n], params: {run: [echo, \"${n}\"]}}}\n")
            let plan = project.bitlaw("plan pipelines/e.yaml")
            #expect(plan.code == 0, "\(plan.error)\n\(example)")
            #expect(plan.error.isEmpty, "\(plan.error)")
        }
    }

    @Test(arguments: [
        ("3.10", "3.1"), ("007", "7"), ("1e2", "100"), ("1.0", "1"),
        ("9007199254740993", "9007199254740992"),
    ])
    func `two versions that are one number are two things to depend on`(one: String, other: String)
    {
        let project = Project()
        func run(_ version: String) -> String {
            project.write(
                "d.yaml",
                "experiment: d\nseed: 1\nstages: {t: {kind: command, params: {run: [echo, x], depends: [\(version)]}}}\n"
            )
            return project.bitlaw("run d.yaml --json").output
        }
        #expect(run(one).contains("\"ran\":1"))
        #expect(run(other).contains("\"ran\":1"), "the result of \(one) was served for \(other)")
        #expect(run(one).contains("\"ran\":0"))
    }

    @Test func `a program gets a number as it is written in the file`() {
        let project = Project()
        project.write(
            "n.yaml",
            """
            experiment: n
            seed: 1
            constants: {version: 3.10, two: 2.0}
            axes: {x: [1e-3, 2.50, "01"]}
            stages: {t: {kind: command, over: [x], params: {run: [echo, "${x}", "${version}", "${two}", "${two * 2}", 007, "$${HOME}"]}}}
            """)
        #expect(project.bitlaw("run n.yaml").code == 0)
        _ = project.bitlaw("export n.yaml --to out")
        #expect(project.shell("cat out/* | sort > all") == 0)
        #expect(
            project.read("all")
                == "01 3.10 2.0 4 007 ${HOME}\n1e-3 3.10 2.0 4 007 ${HOME}\n2.50 3.10 2.0 4 007 ${HOME}\n"
        )
    }

    @Test func `the path of an input file may depend on an axis`() {
        let project = Project()
        for name in ["a", "b"] { project.write("data-\(name).txt", "text of \(name)\n") }
        project.write(
            "f.yaml",
            """
            experiment: f
            seed: 1
            axes: {name: [a, b]}
            stages: {t: {kind: command, over: [name], inputs: {inputs: "file:data-${name}.txt"}, params: {run: [cat, "${inputs.inputs}"]}}}
            """)
        #expect(project.bitlaw("run f.yaml").code == 0)
        _ = project.bitlaw("export f.yaml --to out")
        #expect(project.shell("cat out/* > all") == 0)
        #expect(project.read("all") == "text of a\ntext of b\n")
        let missing = project.bitlaw("plan f.yaml --set 'axes.name=[a, c]'")
        #expect(missing.code == 2)
        #expect(missing.error.contains("f.yaml:4:"), "\(missing.error)")
        #expect(missing.error.contains("the file `data-c.txt` cannot be read"), "\(missing.error)")
    }

    @Test func `what was set is told, recorded, and other work than what the file says`() throws {
        let project = Project()
        project.write("many.yaml", manyCells)
        #expect(
            project.bitlaw("run many.yaml --set axes.i=[3,4]").error.contains("set axes.i=[3,4]\n"))
        #expect(project.bitlaw("plan many.yaml --set seed=7").error.hasPrefix("set seed=7\n"))
        let plan = project.bitlaw("plan many.yaml --set seed=7 --json").output
        #expect(plan.contains(#""settings":["seed=7"]"#))
        let store = try Store.open("\(project.path)/.cache", creating: false)
        let name = try #require(try store.runNames().first)
        let record = try #require(try store.run(name))
        #expect(record["settings"] == ["axes.i=[3,4]"])
        #expect(record["actions"]?.elements?.count == 5)
        let again = project.bitlaw("status many.yaml --set axes.i=[3,4]")
        #expect(again.code == 0, "\(again.error)")
        let wrong = project.bitlaw("run many.yaml --set axes.j=[3]")
        #expect(wrong.code == 2)
        #expect(
            wrong.error.contains("--set:1:6: error: the file has no `axes.j`"), "\(wrong.error)")
    }

    @Test func `a bundle of several files with settings is checked by us and by a page of Python`()
    {
        let project = Project()
        project.write("bitlaw.yaml", "# the project\n")
        project.write(
            "pipelines/b.yaml",
            "experiment: b\nseed: 1\ninclude: parts/axes.yaml\nconstants: {k: 1}\n"
                + "stages: {t: {kind: command, over: [n], params: {run: [echo, \"${n} ${k}\"]}}}\n")
        project.shell("mkdir pipelines/parts")
        project.write("pipelines/parts/axes.yaml", "axes: {n: [1, 2]}\n")
        #expect(project.bitlaw("run pipelines/b.yaml --set constants.k=5").code == 0)
        let made = project.bitlaw("bundle pipelines/b.yaml --set constants.k=5")
        #expect(made.code == 0, "\(made.error)")
        let good = project.bitlaw("bundle verify b.bundle.tar.zst")
        #expect(
            good.output.hasSuffix("2 results: every digest is right\n"),
            "\(good.output)\(good.error)")
        #expect(
            project.shell(
                "mkdir x && cd x && zstd -dcq ../b.bundle.tar.zst | tar xf - && python3 verify.py > ../alone"
            ) == 0)
        #expect(project.read("alone").hasSuffix("every digest is right\n"))
        // What the index hides or adds is noticed.
        for script in [
            #"sed -i 's/constants.k=5/constants.k=6/' bundle.json"#,
            #"sed -i 's/axes.yaml/axis.yaml/' bundle.json"#,
            #"echo '# more' >> experiment/pipelines/parts/axes.yaml"#,
        ] {
            let code = project.shell(
                """
                rm -rf y && cp -r x y && cd y && \(script) && rm manifest.sha256 \
                && find . -type f | sed 's,^./,,' | sort | xargs sha256sum > ../m && mv ../m manifest.sha256 \
                && { echo bundle.json; find . -type f | sed 's,^./,,' | grep -v '^bundle.json$' | sort; } > ../l \
                && tar cf - --no-recursion -T ../l | zstd -q -f -o ../y.tar.zst
                """)
            #expect(code == 0)
            #expect(project.bitlaw("bundle verify y.tar.zst").code == 4, "\(script)")
        }
    }
}
