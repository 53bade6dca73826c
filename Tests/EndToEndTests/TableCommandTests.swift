import Canon
import System
import TestSupport
import Testing

/// `table` and `compare`: parameters and results of one's own programs side by side.
@Suite struct TableCommandTests {
    /// Two stages of programs: losses over size, model and replicate; a mean for each model.
    private static func experiment(_ scale: Double) -> String {
        """
        experiment: sweep
        seed: 1
        constants: {scale: \(scale)}
        axes:
          n: [100, 1000]
          model: [{name: wide, width: 64}, {name: thin, width: 8}]
          replicate: {count: 2}
        stages:
          train:
            kind: command
            over: [n, model, replicate]
            params:
              run: [sh, -c, 'echo "{\\"test\\": {\\"loss\\": $0}, \\"curve\\": [1, 2]}" > metrics.json',
                    "${scale * (64 / model.width) * 10 / n + replicate / 1000}"]
              outputs: {metrics: metrics.json}
          note:
            kind: command
            over: [model]
            params:
              run: [sh, -c, 'printf "words,flops\\n%s,1e9\\n" "$0" > note.csv', "${model.name}"]
              outputs: {note: note.csv}

        """
    }

    private func swept(_ scale: Double = 1) -> Project {
        let project = Project()
        project.write("pipelines/sweep.yaml", Self.experiment(scale))
        let run = project.bitlaw("run pipelines/sweep.yaml")
        #expect(run.code == 0, "\(run.error)")
        return project
    }

    @Test func `a table has a row an action, typed axes, and every number by its path`() throws {
        let project = swept()
        let csv = project.bitlaw(
            "table pipelines/sweep.yaml train --format csv "
                + "--columns 'n,model,model.width,replicate,test.*,state'"
        )
        #expect(
            csv.output
                == """
                n,model,model.width,replicate,test.loss,state
                100,wide,64,0,0.1,done
                100,wide,64,1,0.101,done
                100,thin,8,0,0.8,done
                100,thin,8,1,0.801,done
                1000,wide,64,0,0.01,done
                1000,wide,64,1,0.011,done
                1000,thin,8,0,0.08,done
                1000,thin,8,1,0.081,done

                """, "\(csv.error)")
        #expect(csv.error.contains("lists and long texts are no cells: \"curve\""))
        let json = try JSON(
            parsing: project.bitlaw("table pipelines/sweep.yaml train --format json").output)
        #expect(json["format"] == "bitlaw/table/1")
        #expect(
            json["columns"]?.elements?.prefix(3) == [
                ["name": "n", "role": "axis", "type": "number"],
                ["name": "model", "role": "axis", "type": "text"],
                ["name": "model.width", "role": "axis", "type": "number"],
            ])
        #expect(json["rows"]?.elements?.count == 8)
    }

    @Test func `rows are chosen, ordered, and taken together over replicates with their scatter`()
        throws
    {
        let project = swept()
        let mean = project.bitlaw(
            "table pipelines/sweep.yaml train --where 'n == 1000 and test.loss < 1' --mean replicate "
                + "--sort=-test.loss --columns model,n,test.loss,test.loss.sd --format csv")
        let rows = mean.output.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.count == 3, "\(mean.error)")
        #expect(rows[0] == ["model", "n", "test.loss", "test.loss.sd"])
        #expect(rows[1].first == "thin" && rows[2].first == "wide")
        let (value, scatter) = (try #require(Double(rows[2][2])), try #require(Double(rows[2][3])))
        #expect((value - 0.0105).magnitude < 1e-15)
        #expect((scatter - 0.0005 * 2.0.squareRoot()).magnitude < 1e-15)
    }

    @Test func `stages stand side by side where the axes that both have agree`() throws {
        let project = swept()
        let text = project.bitlaw(
            "table pipelines/sweep.yaml train note --where 'replicate == 0' "
                + "--columns n,model,test.loss,words,flops")
        #expect(
            text.output
                == """
                   n  model  test.loss  words  flops
                 100  wide         0.1  wide     1e9
                 100  thin         0.8  thin     1e9
                1000  wide        0.01  wide     1e9
                1000  thin        0.08  thin     1e9

                """, "\(text.output)")
        let latex = project.bitlaw(
            "table pipelines/sweep.yaml note --columns model,flops --format latex")
        #expect(latex.output.contains("\\begin{tabular}{lr}\n\\toprule\nmodel & flops \\\\\n"))
        let wide = project.bitlaw(
            "table pipelines/sweep.yaml train note --columns n,model,replicate,test.loss,words,flops,"
                + "model.width,train.state,train.seconds --format latex")
        #expect(wide.output.contains("% Part 1 of 2.\n\\begin{tabular}{"), "\(wide.error)")
        // Each part begins with the axes, and no column is in both.
        #expect(wide.output.ranges(of: "\nn & model & replicate & ").count == 2)
        #expect(wide.output.ranges(of: "flops").count == 1)
        let markdown = project.bitlaw(
            "table pipelines/sweep.yaml note --columns model,flops --format markdown")
        #expect(markdown.output.hasPrefix("| model | flops |\n|---|---:|\n| wide | 1e9 |\n"))
    }

    @Test func `what has not run stands in the table as such`() throws {
        let project = Project()
        project.write("pipelines/sweep.yaml", Self.experiment(1))
        #expect(project.bitlaw("run pipelines/sweep.yaml 'train[n=100]'").code == 0)
        let table = project.bitlaw(
            "table pipelines/sweep.yaml train --columns n,test.loss,state --format csv")
        #expect(table.output.contains("\n100,0.1,done\n"), "\(table.error)")
        #expect(table.output.contains("\n1000,,not run\n"))
    }

    @Test(arguments: [
        ("table pipelines/sweep.yaml", "expected a stage\n  expected: train, note"),
        ("table pipelines/sweep.yaml trian", "did you mean `train`?"),
        (
            "table pipelines/sweep.yaml train --columns loss",
            "no column `loss`\n  expected: \"n\", \"model\", \"model.width\", \"replicate\", "
        ),
        (
            "table pipelines/sweep.yaml train --where 'n <'",
            "--where 'n <': the expression ends too early at character 4"
        ),
        (
            "table pipelines/sweep.yaml train --where 'n'",
            "--where 'n': expected a condition, such as loss < 0.1"
        ),
        (
            "table pipelines/sweep.yaml train --mean test.loss",
            "`test.loss` is no axis, but a value"
        ),
    ])
    func `a table that cannot be made says what there is`(command: String, told: String) {
        let project = swept()
        let outcome = project.bitlaw(command)
        #expect(outcome.code == 2)
        #expect(outcome.error.contains(told), "\(outcome.error)")
    }

    @Test func `two runs are compared by parameters, numbers and the first stage that differs`()
        throws
    {
        let project = swept()
        project.write("pipelines/sweep.yaml", Self.experiment(2))
        #expect(project.bitlaw("run pipelines/sweep.yaml").code == 0)
        let text = project.bitlaw("compare previous newest")
        #expect(text.code == 0, "\(text.error)")
        #expect(text.output.contains("the first stage whose outputs differ: train\n"))
        #expect(text.output.contains("parameters that differ:\n  train: parameter run"))
        let json = try JSON(parsing: project.bitlaw("compare previous newest --json").output)
        let number = try #require(json["numbers"]?.elements?.first)
        #expect(number["name"] == "test.loss" && number["actions"] == 8)
        // The means of 0.1, 0.8, 0.01 and 0.08 twice, with 0 and 0.001; then of twice as much.
        #expect(((number["first"]?.double ?? 0) - 0.248).magnitude < 1e-12)
        #expect(((number["difference"]?.double ?? 0) - 0.2475).magnitude < 1e-12)
        let both = project.bitlaw(
            "table pipelines/sweep.yaml train --runs previous,newest --where 'n == 100' "
                + "--columns run,model,replicate,test.loss --format csv")
        #expect(both.output.contains("previous,wide,0,0.1\n"), "\(both.error)")
        #expect(both.output.contains("newest,wide,0,0.2\n"))
    }

    @Test func `runs of two experiments are not compared`() {
        let project = swept()
        project.write(
            "pipelines/other.yaml",
            "experiment: other\nseed: 1\nstages: {a: {kind: spiral.manifold}}\n")
        #expect(project.bitlaw("run pipelines/other.yaml").code == 0)
        // The run before it is of another experiment: the newest has none that is called so.
        let outcome = project.bitlaw("compare previous newest")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("previous: expected a lock file"), "\(outcome.error)")
    }

    @Test func `a commit that has the lock file is a side of a comparison`() throws {
        let project = swept()
        let git = "git -c user.name=a -c user.email=a@b"
        guard project.shell("git init -q . 2>/dev/null") == 0 else {
            return print("skipped: git is not installed; no commit was compared")
        }
        #expect(project.bitlaw("lock pipelines/sweep.yaml").code == 0)
        #expect(project.shell("\(git) add pipelines && \(git) commit -qm one") == 0)
        project.write("pipelines/sweep.yaml", Self.experiment(2))
        #expect(project.bitlaw("run pipelines/sweep.yaml").code == 0)
        let outcome = project.bitlaw(
            "compare HEAD:pipelines/sweep.yaml pipelines/sweep.yaml --json")
        #expect(outcome.code == 0, "\(outcome.error)")
        let number = try JSON(parsing: outcome.output)["numbers"]?.elements?.first
        #expect(((number?["difference"]?.double ?? 0) - 0.2475).magnitude < 1e-12)
        let missing = project.bitlaw("compare HEAD~7:pipelines/sweep.yaml pipelines/sweep.yaml")
        #expect(missing.code == 2)
        #expect(missing.error.contains("expected a commit that has pipelines/sweep.yaml.lock"))
    }

    @Test func `numpy reads a table as a structured array`() throws {
        let project = swept()
        #expect(
            project.bitlaw("table pipelines/sweep.yaml train --format npy --to t.npy").code == 0)
        guard project.shell("python3 -c 'import numpy' 2>/dev/null") == 0 else {
            return print("skipped: numpy is not installed; no structured array was read")
        }
        project.write(
            "read.py",
            """
            import numpy
            t = numpy.load("t.npy")
            assert t.shape == (8,) and t["n"].dtype == numpy.float64, t.dtype
            assert list(t["model"][:4]) == ["wide", "wide", "thin", "thin"], t["model"]
            assert abs(t["test.loss"].sum() - 1.984) < 1e-12, t["test.loss"]
            """)
        #expect(project.shell("python3 read.py") == 0)
    }
}
