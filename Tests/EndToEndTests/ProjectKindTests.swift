import Canon
import TestSupport
import Testing

/// Kinds that a project describes in files: run, documented, completed, pinned.
@Suite struct ProjectKindTests {
    private static let kind = #"""
        version: 1
        summary: Sums a column.
        parameters:
          column: {type: text, default: y, summary: The column.}
          scale: {type: number, from: 0, default: 1, unit: nats, summary: What the sum is multiplied by.}
        inputs:
          data: {summary: "A table, CSV."}
        outputs: {sum: sum.json}
        run: [python3, sum.py, "${inputs.data}", "${column}", "${scale}", "${outputs.sum}"]
        files: [sum.py]
        example:
          table: {kind: command, params: {run: [printf, 'y\n1\n2\n']}}
          sum: {kind: sum, inputs: {data: table}, params: {scale: 4}}
        """#

    private static let program = """
        import csv, json, sys
        data, column, scale, place = sys.argv[1:]
        total = sum(float(row[column]) for row in csv.DictReader(open(data, newline="")))
        json.dump({"sum": float(scale) * total}, open(place, "w"))

        """

    private static let stages = #"""
          table: {kind: command, params: {run: [printf, 'y\n1\n2\n']}}
          named: {kind: sum, inputs: {data: table}, params: {scale: 4}}
          nameless:
            kind: command
            inputs: {data: table}
            params:
              run: [python3, sum.py, "${inputs.data}", y, "4", "${outputs.sum}"]
              files: [sum.py]
              outputs: {sum: sum.json}
        """#

    private static func world() -> ProgramWorld? {
        guard let world = ProgramWorld(.confined, stages: stages) else { return nil }
        world.project.write("kinds/sum.yaml", kind)
        world.project.write("sum.py", program)
        return world
    }

    @Test func `a kind of a file gives the bits of the same command, under a key of its own`()
        throws
    {
        guard let world = Self.world() else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.hasPrefix("3 ran in "))
        let named = world.bitlaw("show pipelines/p.yaml named --output sum").output
        #expect(named == "{\"sum\": 12.0}")
        #expect(world.bitlaw("show pipelines/p.yaml nameless --output sum").output == named)
        #expect(
            world.bitlaw("show pipelines/p.yaml named").output.contains("named  (sum version 1)\n"))
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("0 ran, 3 cached in "))
        // Its version and its program are in its key.
        world.project.write("kinds/sum.yaml", Self.kind.replacing("version: 1", with: "version: 2"))
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("1 ran, 2 cached in "))
        world.project.write("sum.py", "# Other words.\n" + Self.program)
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("2 ran, 1 cached in "))
        // What documents it does not.
        world.project.write(
            "kinds/sum.yaml",
            Self.kind.replacing("version: 1", with: "version: 2").replacing(
                "The column.", with: "One."))
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("0 ran, 3 cached in "))
        #expect(world.bitlaw("audit pipelines/p.yaml").code == 0)
    }

    @Test func `it is listed, documented with an example that runs, in the schema, and completed`()
        throws
    {
        guard let world = Self.world() else { return }
        let list = world.bitlaw("kinds").output
        #expect(list.contains("\nThis project, in kinds/\n  sum"), "\(list)")
        let text = world.bitlaw("kinds sum").output
        for part in [
            "sum  (version 1)\n", "column: text; default \"y\"\n",
            "scale: a number of at least 0, in nats; default 1\n", "data: A table, CSV.\n",
            "sum → sum.json: A file.\n",
        ] { #expect(text.contains(part), "\(part)\n\(text)") }
        let example = try #require(text.split(separator: "example, a file that runs:\n\n").last)
        #expect(example.hasPrefix("experiment: example\nseed: 1\nstages:\n  table: "))
        world.project.write("pipelines/e.yaml", String(example))
        #expect(world.bitlaw("run pipelines/e.yaml").output.hasPrefix("2 ran in "))
        let json = try JSON(parsing: world.bitlaw("kinds sum --json").output)
        #expect(json["example"] == .string(String(example)) && json["version"] == 1)
        #expect(world.bitlaw("schema").output.contains("What the sum is multiplied by."))
        let completed = world.project.bitlaw(
            "---completion kinds -- positional@0 2 0 bitlaw kinds ''", environment: "SAP_SHELL=bash"
        )
        #expect(completed.output.split(separator: "\n").contains("sum"), "\(completed)")
        #expect(completed.output.split(separator: "\n").contains("law.fit"))
        #expect(world.bitlaw("kinds sun").error.contains("did you mean `sum`?"))
    }

    @Test func `a mistake in its file is told there, by every command`() {
        guard let world = Self.world() else { return }
        world.project.write("kinds/sum.yaml", Self.kind.replacing("${scale}", with: "${scal}"))
        world.project.write("kinds/other.yaml", "version: 1\n")
        for command in ["run pipelines/p.yaml", "kinds", "kinds sum", "schema", "kinds --golden"] {
            let outcome = world.bitlaw(command)
            #expect(outcome.code == 2, "\(command)")
            #expect(
                outcome.error.contains(
                    "kinds/sum.yaml:9:58: error: unknown name `scal`\n")
                    && outcome.error.contains("did you mean `scale`?"),
                "\(command): \(outcome.error)")
        }
        #expect(
            world.bitlaw("kinds").error.contains("kinds/other.yaml:1:1: error: kind `other` has no")
        )
        // Who asks for another kind is not in its way.
        #expect(world.bitlaw("kinds law.fit").code == 0)
        world.project.shell("rm kinds/*.yaml; mkdir kinds/sum.yaml")
        let folder = world.bitlaw("run pipelines/p.yaml")
        #expect(
            folder.error.hasPrefix(
                "pipelines/p.yaml:5:17: error: the file kinds/sum.yaml of this kind cannot be read"),
            "\(folder.error)")
        #expect(folder.error.contains("it is a folder"))
    }

    @Test func `its bits are pinned by its example, and what moves them is told`() {
        guard let world = Self.world() else { return }
        let none = world.bitlaw("kinds --golden")
        #expect(none.code == 1)
        #expect(
            none.output
                == "kinds/sum.yaml: no bits are pinned\n  fix: bitlaw kinds --golden --record, "
                + "and git add kinds/sum.yaml.lock\n")
        let record = world.bitlaw("kinds --golden --record")
        #expect(
            record.code == 0 && record.output == "kinds/sum.yaml: pinned in kinds/sum.yaml.lock\n")
        let good = world.bitlaw("kinds sum --golden")
        #expect(good.code == 0)
        #expect(good.output == "kinds/sum.yaml: 2 outputs of 2 actions as pinned\n")
        // Nothing of it comes from a store, and nothing goes there.
        #expect(world.project.shell("test ! -e .cache") == 0)
        world.project.write("sum.py", "# Other words.\n" + Self.program)
        let words = world.bitlaw("kinds --golden")
        #expect(
            words.code == 0
                && words.output
                    == "kinds/sum.yaml: 2 outputs of 2 actions as pinned, under other keys\n"
        )
        world.project.write("sum.py", Self.program.replacing("\"sum\":", with: "\"total\":"))
        let moved = world.bitlaw("kinds --golden")
        #expect(moved.code == 4)
        #expect(moved.output.contains("kinds/sum.yaml: sum: another key"), "\(moved.output)")
        #expect(moved.output.contains("  output sum: "))
        #expect(moved.output.contains("fix: restore the bits; or pin the new ones"))
        #expect(world.bitlaw("kinds --golden --record").code == 0)
        #expect(world.bitlaw("kinds --golden").code == 0)
        #expect(world.bitlaw("kinds law.fit --golden").code == 2)
        #expect(world.bitlaw("kinds --record").code == 2)
    }

    @Test func `a program that gives other bits under one key is told, and not pinned over`() {
        guard let world = Self.world() else { return }
        world.project.write(
            "sum.py", "import os, sys\nopen(sys.argv[4], 'w').write(os.urandom(8).hex())\n")
        #expect(world.bitlaw("kinds --golden --record").code == 0)
        let pinned = world.project.read("kinds/sum.yaml.lock")
        for command in ["kinds --golden", "kinds --golden --record"] {
            let outcome = world.bitlaw(command)
            #expect(outcome.code == 4)
            #expect(outcome.output.contains("kinds/sum.yaml: sum: other bits under one key"))
            #expect(
                outcome.output.contains("raise `version` in kinds/sum.yaml: one key has one result")
            )
        }
        #expect(world.project.read("kinds/sum.yaml.lock") == pinned)
        // A stage that says that its bits may differ is held to nothing.
        world.project.write(
            "kinds/sum.yaml",
            Self.kind.replacing("{kind: sum,", with: "{kind: sum, deterministic: false,"))
        #expect(world.bitlaw("kinds --golden").code == 0)
        world.project.write("sum.py", "raise SystemExit(3)\n")
        let failed = world.bitlaw("kinds --golden")
        #expect(failed.code == 1)
        #expect(
            failed.error.contains("kinds/sum.yaml: failed: sum: python3 ended with exit code 3"))
    }

    @Test func `its file is an experiment for every command`() {
        guard let world = Self.world() else { return }
        #expect(world.bitlaw("run kinds/sum.yaml").output.hasPrefix("2 ran in "))
        #expect(world.bitlaw("show kinds/sum.yaml sum --output sum").output == "{\"sum\": 12.0}")
        #expect(world.bitlaw("lock kinds/sum.yaml").code == 0)
        #expect(world.bitlaw("run kinds/sum.yaml --locked").code == 0)
        #expect(world.bitlaw("audit kinds/sum.yaml").code == 0)
        #expect(world.bitlaw("bundle kinds/sum.yaml --to k.tar.zst").code == 0)
        let verify = world.bitlaw("bundle verify k.tar.zst")
        #expect(verify.code == 0, "\(verify.output)")
        #expect(
            world.bitlaw("run kinds/sum.yaml --set stages.sum.params.scale=2").output
                .hasPrefix("1 ran, 1 cached in "))
        world.project.write(
            "kinds/sum.yaml", String(Self.kind.split(separator: "\nexample:")[0]) + "\n")
        let bare = world.bitlaw("kinds --golden")
        #expect(bare.code == 1 && bare.output.hasPrefix("kinds/sum.yaml: it has no `example`"))
        let none = world.bitlaw("run kinds/sum.yaml")
        #expect(none.code == 2)
        #expect(
            none.error.hasPrefix(
                "kinds/sum.yaml:1:1: error: the file of the kind `sum` has no `example`"))
    }

    @Test func `a bundle of an experiment has its kinds, and is checked by itself`() {
        guard let world = Self.world() else { return }
        #expect(world.bitlaw("run pipelines/p.yaml -q").code == 0)
        let create = world.bitlaw("bundle pipelines/p.yaml --to b.tar.zst")
        #expect(create.code == 0, "\(create.error)")
        let verify = world.bitlaw("bundle verify b.tar.zst")
        #expect(verify.code == 0, "\(verify.output)\(verify.error)")
        #expect(world.project.shell("zstd -dc b.tar.zst | tar -t | grep -q kinds/sum.yaml") == 0)
    }

    @Test func `the beginning of a kind around a program runs as it is written`() {
        guard let world = Self.world() else { return }
        let new = world.bitlaw("new kind my.mean --program")
        #expect(new.code == 0, "\(new.error)")
        #expect(
            new.output.hasPrefix("wrote kinds/my.mean.yaml\nwrote kinds/my.mean.py\n\nnext:\n"),
            "\(new.output)")
        let run = world.bitlaw("run kinds/my.mean.yaml")
        #expect(run.code == 0 && run.output.hasPrefix("2 ran in "), "\(run.error)")
        #expect(
            world.bitlaw("show kinds/my.mean.yaml my_mean --output sum").output == "{\"sum\": 3.0}")
        #expect(world.bitlaw("kinds my.mean --golden --record").code == 0)
        #expect(world.bitlaw("kinds my.mean --golden").code == 0)
        let again = world.bitlaw("new kind my.mean --program")
        #expect(again.code == 2 && again.error.contains("kinds/my.mean.yaml is there already"))
        for (words, told) in [
            ("command --program", "the kind `command` is there already"),
            ("a/b --program", "`a/b` is no name for a kind"),
            ("x --program --subject Laws", "--subject names a folder of Bitlaw's source"),
        ] {
            let wrong = world.bitlaw("new kind \(words)")
            #expect(wrong.code == 2 && wrong.error.contains(told), "\(wrong.error)")
        }
    }
}
