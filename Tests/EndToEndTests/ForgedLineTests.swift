import Canon
import LocalStore
import TestSupport
import Testing

/// Names and words of others: they forge no line of ours and steer no terminal.
@Suite struct ForgedLineTests {
    /// What a stranger would like to be read as a line of ours, and what a terminal would obey.
    private static let evil = "x\nFORGED\u{1b}[31m\u{9b}1m\u{202E}"
    /// The same inside of a JSON text.
    private static let quoted = #"x\nFORGED\u001b[31m\u009b1m\u202e"#

    private func project() -> Project {
        let project = Project()
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            axes: {t: ["one\\nFORGED", "two"]}
            stages:
              json:
                kind: command
                params:
                  run: [printf, '%s', '{"v": "\(ForgedLineTests.quoted)", "\(ForgedLineTests.quoted)": 1}']
              each: {kind: command, over: [t], params: {run: [echo, "${t}"]}}

            """)
        #expect(project.bitlaw("run pipelines/a.yaml").code == 0)
        return project
    }

    /// Expects that a command printed what it was asked for, and none of what a stranger wanted.
    private func expectHarmless(_ command: String, _ project: Project, _ code: CInt) {
        let outcome = project.bitlaw(command)
        #expect(outcome.code == code, "\(command): \(outcome.error)")
        for text in [outcome.output, outcome.error] {
            #expect(
                !text.split(separator: "\n").contains { $0.hasPrefix("FORGED") },
                "\(command): \(text)")
            let steering = text.unicodeScalars.filter {
                ["\u{1b}", "\u{9b}", "\u{202E}", "\r"].contains($0)
            }
            #expect(steering.isEmpty, "\(command): \(text)")
        }
    }

    @Test func `names in a stranger's lock file forge no line of diff and audit`() {
        let project = project()
        #expect(project.bitlaw("lock pipelines/a.yaml").code == 0)
        project.write(
            "edit.py",
            """
            import json, sys
            lines = open("pipelines/a.yaml.lock").read().split("\\n")
            evil = json.loads(r'"\(ForgedLineTests.quoted)"')
            for place, line in enumerate(lines):
                if line.startswith("action") and line.endswith(" json"):
                    lines[place] = line[:-4] + json.dumps(evil)
                if line.startswith("output") and line.endswith(" json"):
                    lines[place] = line[:-4] + json.dumps(evil)
            open("bad.lock", "w").write("\\n".join(lines))
            """)
        #expect(project.shell("python3 edit.py && ! cmp -s bad.lock pipelines/a.yaml.lock") == 0)
        for (command, code) in [
            ("diff pipelines/a.yaml bad.lock", 4), ("diff bad.lock pipelines/a.yaml --values", 4),
            ("audit --unconfined pipelines/a.yaml --against bad.lock", 1),
        ] as [(String, CInt)] {
            let outcome = project.bitlaw(command)
            // A lock file with such a name may be refused; then that is said without it.
            expectHarmless(
                command, project, outcome.code == 2 || outcome.code == 3 ? outcome.code : code)
        }
    }

    @Test func `words of a stranger's run record forge no line of status and diff`() throws {
        let project = project()
        project.shell(
            """
            cp -r .cache theirs; cd theirs/runs; f=$(ls *.json)
            python3 - "$f" <<'END'
            import json, sys
            record = json.load(open(sys.argv[1]))
            evil = json.loads(r'"\(ForgedLineTests.quoted)"')
            record["outcome"] = evil
            record.pop("sha256", None)
            for action in record["actions"]: action["name"] += evil
            json.dump(record, open(sys.argv[1], "w"))
            END
            cp "$f" "2099-01-01T00-00-00Z-000001-99-00000000
            FORGED.json"
            """)
        let store = try Store.open("\(project.path)/.cache", creating: false)
        let run = try #require(try store.runNames().first)
        expectHarmless("status pipelines/a.yaml --store theirs", project, 0)
        expectHarmless("diff pipelines/a.yaml \(run) --store theirs", project, 4)
        expectHarmless("diff .cache theirs", project, 0)
    }

    @Test func `values of outputs, claims and axes forge no line`() {
        let project = project()
        project.write(
            "pipelines/a.claims.yaml",
            """
            experiment: a.yaml
            claims:
              one: {says: "a\\nFORGED \\e[31m", from: json, at: v, value: other}
              two: {from: json, at: "none\\nFORGED", value: 1}

            """)
        project.shell(
            "sed 's/FORGED/OTHER/g; s/axes.*/axes: {t: [two]}/' pipelines/a.yaml > pipelines/b.yaml"
        )
        _ = project.bitlaw("run pipelines/b.yaml --store other")
        for command in [
            "claims check pipelines/a.claims.yaml", "claims explain pipelines/a.claims.yaml one",
            "show pipelines/a.yaml json", "plan pipelines/a.yaml -v", "why pipelines/a.yaml json",
            "show pipelines/a.yaml each", "status pipelines/a.yaml", "diff .cache other --values",
            "verify", "export pipelines/a.yaml --to out", "audit --unconfined pipelines/a.yaml",
            "run pipelines/a.yaml --store fresh", "keys list", "graph pipelines/a.yaml",
        ] {
            let outcome = project.bitlaw(command)
            expectHarmless(command, project, outcome.code)
            #expect((0...4).contains(outcome.code))
        }
    }

    @Test
    func `an output goes as it is into a pipe, and cells that a spreadsheet computes are told`() {
        let project = Project()
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            stages:
              bytes: {kind: command, params: {run: [printf, '\\377\\000\\033[31m']}}
              table:
                kind: table.import
                inputs: {file: "file:points.csv"}
                params: {columns: [{name: x}, {name: word, type: text}]}

            """)
        project.write("points.csv", "x,word\n-1,\"=HYPERLINK(1)\"\n1e3,@x\n")
        let run = project.bitlaw("run pipelines/a.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(
            project.shell(
                "'\(Project.command)' show pipelines/a.yaml bytes --output out | od -An -tx1 | grep -qx "
                    + "' ff 00 1b 5b 33 31 6d'") == 0)
        // script(1) gives the program a terminal.
        let show = "'\(Project.command)' show pipelines/a.yaml bytes --output out"
        let terminal = project.shell("script -qec \"\(show)\" /dev/null > typed 2>&1")
        #expect(terminal == 2)
        #expect(project.read("typed").contains("7 B that are no text for a terminal"))
        let export = project.bitlaw("export pipelines/a.yaml --to out")
        #expect(
            export.error.contains(
                "table.table.csv: a spreadsheet takes 2 cells of it for formulas; the bytes are as the stage "
                    + "wrote them. fix: "), "\(export.error)")
    }
}
