import Canon
import LocalStore
import System
import Testing
import Trust

/// Lock files, reports and signed audits that somebody edited, merged, or hands on.
@Suite struct RecordTests {
    private func project() -> Project {
        let project = Project()
        project.write("data.json", "{\"value\": 0.5}")
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            stages:
              base: {kind: command, inputs: {inputs: "file:data.json"}, params: {run: [cat, "${inputs.inputs}"]}}
              next: {kind: command, inputs: {inputs: base}, params: {run: [cat, "${inputs.inputs}"]}}
            """)
        _ = project.bitlaw("run pipelines/a.yaml")
        _ = project.bitlaw("lock pipelines/a.yaml")
        project.shell("cp pipelines/a.yaml.lock good")
        return project
    }

    private let lock = "pipelines/a.yaml.lock"

    /// An edit of the lock file, what `run --locked` says, and what `audit --against` says with its exit code.
    @Test func `a lock file that leaves out, adds or relabels something passes for nothing else`() {
        let project = project()
        let digits = String(repeating: "0", count: 64)
        let edits: [(edit: String, run: String, audit: String, code: CInt)] = [
            (
                "sed -i '/^output .*base/d' ", "output out: (none) → ",
                "expected: nothing: it is not in the record", 4
            ),
            (
                "sed -i '/ base$/d' ", "only in the second: base",
                "base (command/3): pipelines/a.yaml.lock has no result of it", 1
            ),
            (
                "printf 'action \(digits) - command/3 z\noutput \(digits) out z\n' >> ",
                "only in the first: z",
                "z (command/3): pipelines/a.yaml.lock has it, the experiment has no such action", 1
            ),
            (
                "sed -i 's/^action ...\\(.* base\\)/action 000\\1/' ", "base: another key",
                "1 action has the same bits under another key than pipelines/a.yaml.lock says", 0
            ),
            (
                "sed -i 's,command/3 base,command/4 base,' ",
                "under another kind or profile: command/4, profile - → command/3, profile -",
                "2 actions made again: every output bit-identical", 0
            ),
        ]
        for (edit, run, audit, code) in edits {
            project.shell("cp good \(lock); \(edit) \(lock)")
            let locked = project.bitlaw("run pipelines/a.yaml --locked")
            #expect(locked.code == 4, "\(edit)")
            #expect(locked.output.contains(run), "\(edit): \(locked.output)")
            let found = project.bitlaw("audit --unconfined pipelines/a.yaml --against \(lock)")
            #expect(found.code == code, "\(edit): \(found.output)")
            #expect(found.output.contains(audit), "\(edit): \(found.output)")
        }
    }

    @Test func `what merges and other systems do to a lock file is understood or told`() {
        let project = project()
        project.shell("sed -i 's/^output .* base/&\\n&/' \(lock)")
        #expect(
            project.bitlaw("run pipelines/a.yaml --locked").error.contains(
                "a.yaml.lock:5: expected each output of an action once, found \"output "))
        project.shell("cp good \(lock); sed -i 's/^action .*next/<<<<<<< HEAD\\n&/' \(lock)")
        let merged = project.bitlaw("diff \(lock) pipelines/a.yaml")
        #expect(merged.code == 3)
        #expect(
            merged.error.contains("a.yaml.lock:5: a conflict that a merge left: <<<<<<< HEAD\n"))
        #expect(merged.error.contains("bitlaw lock pipelines/a.yaml\n"))
        project.shell("sed 's/$/\\r/' good > \(lock)")
        #expect(project.bitlaw("run pipelines/a.yaml --locked").code == 0)
    }

    @Test func `in a fresh checkout the lock file alone says what to expect`() {
        let (author, reader) = (project(), Project())
        author.shell("cp -r pipelines data.json '\(reader.path)'")
        let hint = reader.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(hint.code == 3)
        #expect(hint.error.contains("--against pipelines/a.yaml.lock"), "\(hint.error)")
        #expect(reader.shell("test -e .cache") != 0)
        let good = reader.bitlaw(
            "audit --unconfined pipelines/a.yaml --against pipelines/a.yaml.lock")
        #expect(
            good.output == Project.notConfined
                + "2 actions made again: every output bit-identical\n", "\(good.error)")
        // Without the author's bytes a difference is told by its digests.
        reader.write("data.json", "{\"value\": 0.75}")
        let bad = reader.bitlaw(
            "audit --unconfined pipelines/a.yaml --against pipelines/a.yaml.lock")
        #expect(bad.code == 4)
        #expect(bad.output.contains("differences enter at: base\n"))
        #expect(!bad.output.contains("JSON:"))
    }

    @Test func `a report that is handed on names no folder of this machine`() throws {
        let project = project()
        project.write("data.json", "{\"value\": 0.25}")
        _ = project.bitlaw("run pipelines/a.yaml")
        let against = "--against \"$PWD/\(lock)\" --report r.json --junit r.xml"
        #expect(project.bitlaw("audit --unconfined pipelines/a.yaml \(against)").code == 4)
        let report = try JSON(parsing: project.read("r.json"))
        #expect(report["against"] == "a.yaml.lock")
        #expect(!project.read("r.json").contains(project.path))
        #expect(!project.read("r.xml").contains(project.path))
        _ = project.bitlaw("audit --unconfined pipelines/a.yaml base --report r.json")
        #expect(try JSON(parsing: project.read("r.json"))["against"] == "the store")
    }

    @Test
    func `a report says which actions a sample chose, and JUnit carries what a program wrote`()
        throws
    {
        let project = project()
        _ = project.bitlaw("audit --unconfined pipelines/a.yaml next --report r.json")
        let chosen = try JSON(parsing: project.read("r.json"))["actions"]?.elements?.map {
            $0["chosen"]
        }
        #expect(chosen == [false, true])
        project.write(
            "pipelines/f.yaml",
            """
            experiment: f
            seed: 1
            stages:
              bad: {kind: command, params: {run: [sh, "\(project.path)/f.sh"]}}
            """)
        project.write("f.sh", "echo fine")
        _ = project.bitlaw("run pipelines/f.yaml")
        // Colours, a zero byte, markup, and bytes that are no UTF-8.
        project.write("f.sh", "printf '\\033[31mred\\0 <&>\\r\\377\\n' >&2; exit 3")
        let failed = project.bitlaw("audit --unconfined pipelines/f.yaml --junit r.xml")
        #expect(failed.code == 1)
        #expect(
            failed.output.hasSuffix("1 action could not be made again\nnothing was compared\n"))
        let text =
            "import xml.etree.ElementTree as e; c = e.parse(\"r.xml\").getroot().find(\"testcase\")[0]; "
            + "assert c.tag == \"error\" and \"[31mred <&>\" in c.text, c.text"
        #expect(project.shell("python3 -c '\(text)'") == 0)
    }

    @Test func `an envelope that says it is by a given key and is not is refused`() throws {
        let project = project()
        for name in ["ann", "bob"] {
            try SigningKey().write(to: "\(project.path)/\(name).key")
            _ = project.bitlaw(
                "audit --unconfined pipelines/a.yaml --sign \(name).key --attestation \(name).json")
        }
        let merge = "audit --merge ann.json forged.json --key ann.key.pub --key bob.key.pub"
        let edits = [
            // Another digest in the payload, under the old signature.
            "p = json.loads(b64decode(d[\"payload\"])); p[\"subject\"][0][\"digest\"][\"sha256\"] = \"0\" * 64; "
                + "r = p[\"predicate\"][\"buildDefinition\"][\"internalParameters\"][\"results\"]; "
                + "r[0][\"outputs\"][\"out\"] = \"0\" * 64; d[\"payload\"] = b64encode(json.dumps(p).encode()).decode()",
            // The signature of one under the name of the other.
            "d[\"signatures\"][0][\"sig\"] = json.load(open(\"ann.json\"))[\"signatures\"][0][\"sig\"]",
        ]
        for edit in edits {
            project.write(
                "edit.py",
                """
                import json
                from base64 import b64decode, b64encode
                d = json.load(open("bob.json"))
                \(edit)
                json.dump(d, open("forged.json", "w"))
                """)
            #expect(project.shell("python3 edit.py") == 0)
            let outcome = project.bitlaw(merge)
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.contains("refused: forged.json: the signature by "))
            #expect(outcome.output.contains("base: 1 of 1 signer agrees\n"))
        }
        // One signature that stands there often is one signer.
        project.write(
            "edit.py",
            """
            import json
            d = json.load(open("ann.json"))
            d["signatures"] += [dict(d["signatures"][0], keyid=""), d["signatures"][0]]
            json.dump(d, open("forged.json", "w"))
            """)
        #expect(project.shell("python3 edit.py") == 0)
        let often = project.bitlaw("\(merge) --at-least 2")
        #expect(often.code == 4)
        #expect(often.output.contains("base: 1 of 1 signer agrees\n"))
        // An audit of something else is no evidence here.
        project.shell(
            "sed 's/seed: 1/seed: 2/; s/experiment: a/experiment: b/' pipelines/a.yaml > pipelines/b.yaml"
        )
        project.shell("sed -i 's/cat, /head, -n5, /' pipelines/b.yaml")
        _ = project.bitlaw("run pipelines/b.yaml")
        let foreign = project.bitlaw("bundle pipelines/b.yaml --attestation ann.json")
        #expect(foreign.code == 2)
        #expect(foreign.error.contains("found one of a with none of their keys"))
    }

    @Test func `a lock file is compared with a whole store, of which only its experiment counts`() {
        let project = project()
        project.shell(
            "sed 's/experiment: a/experiment: b/; s/cat/tac/' pipelines/a.yaml > pipelines/b.yaml")
        _ = project.bitlaw("run pipelines/b.yaml")
        let same = project.bitlaw("diff \(lock) .cache")
        #expect(same.output == "the same: 2 actions\n")
        #expect(project.bitlaw("diff .cache \(lock)").code == 0)
        project.write("data.json", "{\"value\": 0.75}")
        _ = project.bitlaw("run pipelines/a.yaml --store other")
        let found = project.bitlaw("diff \(lock) other --values")
        #expect(found.code == 4)
        #expect(found.output.hasPrefix("base: another key\n"), "\(found.output)")
        #expect(
            found.output.contains(
                "2 actions differ; a difference begins in 1 of them, 1 differs only through its inputs"
            ))
    }

    @Test func `another profile of arithmetic is told though the keys' documents are not here`() {
        let project = Project()
        project.write(
            "pipelines/m.yaml",
            """
            experiment: m
            seed: 1
            stages:
              manifold: {kind: spiral.manifold}
              mixture: {kind: spiral.mixture}
              data:
                kind: spiral.sample
                inputs: {manifold: manifold, mixture: mixture}
                params: {count: 8}
              train: {kind: mlp.train, inputs: {data: data}, params: {hidden: [2], steps: 1}}
            """)
        #expect(project.bitlaw("run pipelines/m.yaml -q").code == 0)
        _ = project.bitlaw("lock pipelines/m.yaml")
        project.shell(
            "sed -i 's,portable/1 mlp,other/1 mlp,; s/^action ...\\(.* train\\)/action 000\\1/' pipelines/m.yaml.lock"
        )
        let locked = project.bitlaw("run pipelines/m.yaml --locked")
        #expect(locked.code == 4)
        #expect(
            locked.output.contains(
                "not as locked: train: another key\nnot as locked:   profile: other/1 → portable/1\n"
            ),
            "\(locked.output)")
    }

    @Test func `what an audit could not write or sign with is told before it begins`() throws {
        let project = project()
        let late = project.bitlaw("audit --unconfined pipelines/a.yaml --report nowhere/r.json")
        #expect(late.code == 2)
        #expect(late.error.hasPrefix("error: nowhere/r.json: expected a folder to write into, "))
        try SigningKey().write(to: "\(project.path)/ann.key")
        let wrong = project.bitlaw(
            "audit --unconfined pipelines/a.yaml --sign ann.key.pub --attestation a")
        #expect(wrong.code == 3)
        #expect(wrong.error.contains("expected an Ed25519 private key"), "\(wrong.error)")
        #expect(project.bitlaw("audit --unconfined pipelines/a.yaml --key ann.key.pub").code == 2)
        #expect(project.shell("test -e a") != 0)
    }

    @Test func `diff compares values where both sides are stored`() throws {
        let project = project()
        let first = project.bitlaw("diff \(lock) pipelines/a.yaml --values")
        #expect(first.output == "the same: 2 actions\n")
        project.write("data.json", "{\"value\": 0.75}")
        _ = project.bitlaw("run pipelines/a.yaml")
        let found = project.bitlaw("diff \(lock) pipelines/a.yaml --values --origins")
        #expect(found.code == 4)
        #expect(
            found.output.contains(
                "  out: JSON: 1 of 1 value differs; first value: 0.5 → 0.75; largest distance "),
            "\(found.output)")
        let json = project.bitlaw("diff \(lock) pipelines/a.yaml --values --json")
        let difference = try JSON(parsing: json.output)["differences"]?.elements?.first
        #expect(difference?["values"]?["out"]?["first"] == "value")
    }

    /// What a run left that ended before its record was written: everything cached, and the newest record
    /// of one that failed.
    @Test
    func
        `a run that finds everything cached says so, though the newest record knows the same keys`()
        throws
    {
        let ada = Project()
        let experiment = """
            experiment: a
            seed: 1
            stages:
              base: {kind: command, params: {run: [echo, base]}}
              last: {kind: command, inputs: {inputs: base}, params: {run: [sh, -c, "test -e '\(ada.path)/marker' && cat ${inputs.inputs}"]}}
            """
        ada.write("pipelines/a.yaml", experiment)
        #expect(ada.bitlaw("run pipelines/a.yaml").code == 1)
        ada.write("marker", "")
        let eve = Project()
        eve.write("pipelines/a.yaml", experiment)
        #expect(eve.bitlaw("run pipelines/a.yaml").code == 0)
        // A pull brings results and writes no record.
        #expect(ada.bitlaw("pull pipelines/a.yaml --from '\(eve.path)/.cache'").code == 0)
        #expect(ada.bitlaw("run pipelines/a.yaml").output.hasPrefix("0 ran, 2 cached"))
        #expect(try ada.digests() == eve.digests())
        let records = try Store.open("\(ada.path)/.cache").runNames().count
        #expect(records == 2)
        #expect(ada.bitlaw("run pipelines/a.yaml").output.hasPrefix("0 ran, 2 cached"))
        #expect(
            try Store.open("\(ada.path)/.cache").runNames().count == 2, "nothing new was to be said"
        )
    }
}
