import Canon
import LocalStore
import Testing

/// `--only`, `--from` and `--force`: what a run executes.
@Suite struct SelectionTests {
    private let steps = """
        experiment: steps
        seed: 1
        axes:
          n: {count: 3}
        stages:
          data: {kind: command, params: {run: [echo, data]}}
          train: {kind: command, over: [n], inputs: {inputs: data}, params: {run: [sh, -c, "echo ${n}; cat ${inputs.inputs}"]}}
          law: {kind: command, inputs: {inputs: train}, params: {run: [cat, "${inputs.inputs}"]}}
          side: {kind: command, inputs: {inputs: data}, params: {run: [cat, "${inputs.inputs}"]}}

        """

    private func project(_ text: String? = nil) -> Project {
        let project = Project()
        project.write("pipelines/s.yaml", text ?? steps)
        return project
    }

    @Test func `only executes what is named, once its inputs are cached`() {
        let project = project()
        for command in ["run", "plan"] {
            let early = project.bitlaw("\(command) pipelines/s.yaml --only law")
            #expect(early.code == 1)
            let told = """
                error: pipelines/s.yaml: --only executes nothing else, and these inputs have no result:
                  data   fix: bitlaw run pipelines/s.yaml 'data'
                  train[n=0]   fix: bitlaw run pipelines/s.yaml 'train[n=0]'
                  train[n=1]   fix: bitlaw run pipelines/s.yaml 'train[n=1]'
                  train[n=2]   fix: bitlaw run pipelines/s.yaml 'train[n=2]'
                  or without --only: what is missing is made then

                """
            #expect(early.error == told)
        }
        // Nothing was executed for it.
        #expect(project.bitlaw("plan pipelines/s.yaml").output.contains("0 cached, 1 to run"))
        _ = project.bitlaw("run pipelines/s.yaml train")
        let plan = project.bitlaw("plan pipelines/s.yaml --only law")
        #expect(
            plan.output.hasSuffix(
                "--only selects 1 action of 1 stage (law); what they read is cached\n"
                    + "4 cached, 1 to run, 0 maybe\n"), "\(plan.output)")
        let run = project.bitlaw("run pipelines/s.yaml --only law")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.hasPrefix("1 ran, 4 cached in "))
        #expect(project.bitlaw("status pipelines/s.yaml").output.contains("side   0/1 cached"))
    }

    @Test func `only goes on without what a partial input may miss`() {
        let project = project(
            steps.replacing(
                "law: {kind: command, inputs: {inputs: train}",
                with: "law: {kind: command, inputs: {inputs: {stage: train, partial: true}}"))
        _ = project.bitlaw("run pipelines/s.yaml 'train[n=0]' 'train[n=2]'")
        let run = project.bitlaw("run pipelines/s.yaml --only law")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("partial: law goes on without train[n=1]: no result\n"))
        #expect(
            project.bitlaw("show pipelines/s.yaml law --output out").output == "0\ndata\n2\ndata\n")
    }

    @Test func `from takes what depends on a stage, and makes what that needs`() {
        let project = project()
        let plan = project.bitlaw("plan pipelines/s.yaml --from train").output
        #expect(
            plan.contains(
                "--from selects 4 actions of 2 stages (train, law), and 1 action that they need\n"),
            "\(plan)")
        #expect(!plan.contains("side"))
        #expect(
            project.bitlaw("run pipelines/s.yaml --from train").output.hasPrefix("5 ran in "))
        #expect(project.bitlaw("status pipelines/s.yaml").output.contains("side   0/1 cached"))
    }

    @Test func `force executes again what is cached, and finds the same digests`() {
        let project = project()
        _ = project.bitlaw("run pipelines/s.yaml")
        let plan = project.bitlaw("plan pipelines/s.yaml --force --only train").output
        #expect(
            plan.contains("again  train[n=1]  --force: executed again and compared\n"), "\(plan)")
        #expect(plan.contains("1 cached, 0 to run, 0 maybe, 3 again\n"), "\(plan)")
        let train = project.bitlaw("run pipelines/s.yaml --force --only train")
        #expect(train.code == 0, "\(train.error)")
        #expect(train.output.hasPrefix("3 ran, 1 cached in "))
        #expect(train.output.contains("\n3 executed again, same digests\n"))
        // A target is forced itself; what it needs is not.
        #expect(
            project.bitlaw("run pipelines/s.yaml law --force").output.hasPrefix(
                "1 ran, 4 cached in "))
        #expect(project.bitlaw("run pipelines/s.yaml --force").output.hasPrefix("6 ran in "))
        #expect(project.bitlaw("run pipelines/s.yaml").output.hasPrefix("0 ran, 6 cached in "))
    }

    @Test func `other bits under force are told loudly, and the stored result stays`() throws {
        let project = project()
        project.write("count", "")
        let counting = steps.replacing(
            "echo ${n}; cat ${inputs.inputs}",
            with: "test ${n} != 1 || echo x >> '\(project.path)/count'; echo ${n}; "
                + "test ${n} != 1 || wc -l < '\(project.path)/count'")
        project.write("pipelines/s.yaml", counting)
        _ = project.bitlaw("run pipelines/s.yaml")
        let before = project.bitlaw("show pipelines/s.yaml law --output out").output
        #expect(before == "0\n1\n1\n2\n")
        let forced = project.bitlaw("run pipelines/s.yaml --force")
        #expect(forced.code == 4, "\(forced.error)")
        // printf '1\n1\n' | sha256sum, printf '1\n2\n' | sha256sum
        let stored = Digest(of: Array("1\n1\n".utf8).span).hex
        let found = Digest(of: Array("1\n2\n".utf8).span).hex
        let told = """
            5 executed again, same digests
            DIFFERENT: train[n=1]/out: stored \(stored), now \(found)
              the stored result is kept and counts; the new one stands beside it: bitlaw why \
            pipelines/s.yaml 'train[n=1]'
              its program is not deterministic, or reads what its key does not name

            """
        #expect(forced.output.contains(told), "\(forced.output)")
        #expect(project.bitlaw("show pipelines/s.yaml law --output out").output == before)
        let store = try Store.open("\(project.path)/.cache", creating: false)
        #expect(store.contains(try Digest(hex: found)))
        let record = try #require(try store.runNames().first.flatMap { try store.run($0) })
        let train = record["actions"]?.elements?.first { $0["name"] == "train[n=1]" }
        #expect(train?["again"] == ["out": .string(found)])
        #expect(train?["outputs"] == ["out": .string(stored)])
        #expect(project.bitlaw("run pipelines/s.yaml").output.hasPrefix("0 ran, 6 cached in "))
        let json = project.bitlaw("run pipelines/s.yaml --only train --force --json")
        #expect(json.code == 4)
        let last = try JSON(parsing: String(json.output.split(separator: "\n").last ?? ""))
        let repeated = last["repeated"]?.elements ?? []
        #expect(repeated.count == 3)
        #expect(repeated.count { $0["same"] == false } == 1)
    }

    @Test func `an action that fails when it is forced keeps its stored result`() {
        let project = project()
        project.write("ok", "")
        project.write(
            "pipelines/s.yaml",
            steps.replacing(
                "[echo, data]", with: "[sh, -c, \"test -e '\(project.path)/ok' && echo data\"]"))
        _ = project.bitlaw("run pipelines/s.yaml")
        project.shell("rm ok")
        let forced = project.bitlaw("run pipelines/s.yaml --force --only data")
        #expect(forced.code == 1)
        #expect(forced.error.contains("failed: data: sh ended with exit code 1"))
        #expect(project.bitlaw("run pipelines/s.yaml").output.hasPrefix("0 ran, 6 cached in "))
    }

    @Test func `what selects by itself is not combined`() {
        let project = project()
        for options in ["law --only train", "--only law --from train", "law --from train"] {
            let outcome = project.bitlaw("run pipelines/s.yaml \(options)")
            #expect(outcome.code == 2, "\(options)")
            #expect(outcome.error.contains("expected targets, or --only, or --from"))
        }
        let unknown = project.bitlaw("run pipelines/s.yaml --only lwa")
        #expect(unknown.code == 2)
        #expect(unknown.error.contains("did you mean `law`?"))
    }

    @Test func `a run ends with what to do next, and --open opens the page`() {
        let project = project()
        project.shell(
            "mkdir bin; printf '#!/bin/sh\\necho \"$1\" > \"%s/opened\"\\n' \"$PWD\" > bin/xdg-open; chmod +x bin/xdg-open"
        )
        let run = project.bitlaw("run pipelines/s.yaml")
        #expect(
            run.output.hasSuffix(
                "\nnext: bitlaw show pipelines/s.yaml law  its inputs, digests and log\n"),
            "\(run.output)")
        let path = "PATH=\"$PWD/bin:$PATH\""
        let none = project.bitlaw("run pipelines/s.yaml --open", environment: path)
        #expect(none.code == 0)
        #expect(none.error.contains("--open: the run gave no page\n"))
        project.write(
            "points.csv", "x,y\n10,2.1\n30,1.3\n100,0.8\n300,0.57\n1000,0.41\n3000,0.35\n")
        project.write(
            "pipelines/law.yaml",
            """
            experiment: law
            seed: 1
            stages:
              law:
                kind: law.fit
                inputs: {points: "file:points.csv"}
                params: {x: x, y: y, form: power-law, bootstrap: 20}
              report:
                kind: page
                inputs: {page: file:law.page.md, results: law}

            """)
        project.write("law.page.md", "---\ntitle: A law\n---\n\n{law: law}\n")
        let page = project.bitlaw("run pipelines/law.yaml --open", environment: path)
        #expect(page.code == 0, "\(page.error)")
        #expect(
            page.output.contains("report: \(project.path)/out/law/report.html\n"), "\(page.output)")
        #expect(page.output.contains("next: bitlaw report pipelines/law.yaml --open"))
        #expect(project.read("opened") == "\(project.path)/out/law/report.html\n")
        let absent = project.bitlaw(
            "report pipelines/law.yaml --open", environment: "PATH=\"$PWD\"")
        #expect(absent.code == 0)
        #expect(absent.error.contains("--open: xdg-open, which opens pages, is not installed\n"))
    }

    @Test func `what a law warns of stands under the law`() throws {
        let project = project()
        // Such points show no floor.
        project.write(
            "points.csv",
            "N,y\n10,1.01\n20,0.49\n40,0.249\n80,0.1262\n160,0.0618\n320,0.0315\n640,0.0156\n1280,0.0077\n"
        )
        project.write(
            "pipelines/law.yaml",
            """
            experiment: law
            seed: 1
            stages:
              law:
                kind: law.fit
                inputs: {points: "file:points.csv"}
                params: {x: N, y: y, form: power-law-with-floor, bootstrap: 20}

            """)
        let run = project.bitlaw("run pipelines/law.yaml --json")
        let last = try JSON(parsing: String(run.output.split(separator: "\n").last ?? ""))
        #expect(last["laws"]?.elements?.first?["warnings"] == ["E is at its bound"])
        let text = project.bitlaw("run pipelines/law.yaml").output
        #expect(text.contains("points)\n  warning: E is at its bound\nnext: "), "\(text)")
    }
}
