import Canon
import LocalStore
import System
import TestSupport
import Testing

/// Outputs that are folders, from the program that writes them to whoever checks them.
@Suite struct FolderOutputTests {
    private let project = Project()

    private static func experiment(_ script: String, deep: String = "1") -> String {
        """
        experiment: f
        seed: 1
        stages:
          make:
            kind: command
            params:
              run: |
                \(script)
              outputs: {out: out/, note: note.txt}
          read:
            kind: command
            inputs: {made: make/out}
            params: {run: "cat ${inputs.made}/deep/er/one; ls -1 ${inputs.made}; : \(deep)"}
        """
    }

    private static let script =
        "mkdir -p ${outputs.out}/deep/er; echo one > ${outputs.out}/deep/er/one; "
        + "echo x,y > ${outputs.out}/t.csv; echo 1,2 >> ${outputs.out}/t.csv; "
        + "echo '#!/bin/sh' > ${outputs.out}/go; chmod +x ${outputs.out}/go; "
        + "ln -s deep/er/one ${outputs.out}/link; echo told > ${outputs.note}"

    private func write(_ script: String = FolderOutputTests.script, deep: String = "1") {
        project.write("pipelines/f.yaml", FolderOutputTests.experiment(script, deep: deep))
    }

    private func run(_ more: String = "") -> Project.Outcome {
        project.bitlaw("run pipelines/f.yaml \(more)")
    }

    @Test func `a folder is made, read by the next stage, cached, shown and exported`() throws {
        write()
        let first = run()
        #expect(first.code == 0, "\(first.error)")
        #expect(run().output.contains("0 ran, 2 cached"))
        let read = project.bitlaw("show pipelines/f.yaml read --output out").output
        #expect(read == "one\ndeep\ngo\nlink\nt.csv\n")
        let digest = Digest(of: Array("one\n".utf8).span).hex
        let list = project.bitlaw("show pipelines/f.yaml make --output out").output
        #expect(
            list.contains("\(digest)  deep/er/one\n")
                && list.contains("link to deep/er/one  link\n"))
        let show = "show pipelines/f.yaml make --output"
        #expect(project.bitlaw("\(show) out/t.csv").output == "x,y\n1,2\n")
        let wrong = project.bitlaw("\(show) out/nothing")
        #expect(wrong.code == 2 && wrong.error.contains("has no file `nothing`"))
        #expect(project.bitlaw("\(show) note/x").error.contains("expected: note, out, out/FILE"))
        #expect(
            project.bitlaw("show pipelines/f.yaml make").output
                .contains("folder of 3 files, \(4 + 8 + 10) B"))
        let export = project.bitlaw("export pipelines/f.yaml --to out")
        #expect(export.code == 0, "\(export.error)")
        #expect(
            project.shell(
                "cd out && cat make.out/deep/er/one && test -x make.out/go && test -w make.out/t.csv "
                    + "&& test \"$(readlink make.out/link)\" = deep/er/one") == 0)
    }

    @Test func `a program that leaves what no folder has fails alone, by the name of that`() {
        for (script, found) in [
            ("mkfifo ${outputs.out}/pipe", "`pipe` in the folder"),
            ("ln -s /etc/passwd ${outputs.out}/p", "a link to /etc/passwd, which is absolute"),
            ("rmdir out; echo 1 > out", "a file in its place"),
            ("rmdir out; mkfifo out", "a pipe in its place"),
        ] {
            write("mkdir -p ${outputs.out}; echo 1 > ${outputs.note}; \(script)")
            let outcome = run()
            #expect(outcome.code == 1, "\(script): \(outcome.error)")
            #expect((outcome.output + outcome.error).contains(found), "\(script): \(outcome.error)")
        }
    }

    @Test func `an export writes over what it wrote, and over nothing else`() {
        write()
        #expect(run().code == 0)
        let export = "export pipelines/f.yaml make --to out"
        #expect(project.bitlaw(export).code == 0)
        #expect(project.bitlaw(export).error.contains("0 written, 2 unchanged"))
        project.shell("echo mine >> out/make.out/t.csv")
        let refused = project.bitlaw(export)
        #expect(refused.code == 2, "\(refused.error)")
        #expect(refused.error.contains("out/make.out/t.csv"))
        #expect(refused.error.contains("the file was changed since bitlaw wrote it"))
        #expect(project.bitlaw("\(export) --force").code == 0)
        project.shell("rm -r out/make.out/deep; ln -s ../../pipelines out/make.out/deep")
        let link = project.bitlaw(export)
        #expect(link.code == 2 && link.error.contains("expected a folder"), "\(link.error)")
        project.shell("rm out/make.out/deep")
        // A file that the folder has no more.
        write(
            FolderOutputTests.script + "; rm ${outputs.out}/t.csv; rm -r ${outputs.out}/deep; "
                + "mkdir -p ${outputs.out}/deep/er; echo two > ${outputs.out}/deep/er/one")
        #expect(run().code == 0)
        let again = project.bitlaw(export)
        #expect(again.error.contains("make.out/t.csv"), "\(again.error)")
        #expect(project.read("out/make.out/deep/er/one") == "two\n")
        #expect(project.bitlaw("\(export) --prune").error.contains("removed"))
        #expect(project.shell("test ! -e out/make.out/t.csv && test -e out/make.out/go") == 0)
    }

    @Test func `a folder travels by push and pull, and is whole or not there`() {
        write()
        #expect(run().code == 0)
        let push = project.bitlaw("push pipelines/f.yaml --to ./there --unsigned")
        #expect(push.code == 0, "\(push.error)")
        let pull = project.bitlaw("pull pipelines/f.yaml --from ./there --store new")
        #expect(pull.code == 0, "\(pull.error)")
        #expect(
            project.bitlaw("run pipelines/f.yaml --store new").output.contains("0 ran, 2 cached"))
        let lost = Digest(of: Array("x,y\n1,2\n".utf8).span).hex
        project.shell("rm there/cas/\(lost.prefix(2))/\(lost.dropFirst(2)).zst")
        _ = project.bitlaw("pull pipelines/f.yaml --from ./there --store other")
        let run = project.bitlaw("run pipelines/f.yaml --store other")
        #expect(run.code == 0 && !run.output.contains("2 cached"), "\(run.output)")
    }

    @Test func `a lost file of a folder is found by verify, and made again`() {
        write()
        #expect(run().code == 0)
        let lost = Digest(of: Array("x,y\n1,2\n".utf8).span).hex
        project.shell("rm .cache/cas/\(lost.prefix(2))/\(lost.dropFirst(2)).zst")
        let found = project.bitlaw("verify --store .cache")
        #expect(found.code != 0 && found.output.contains("`t.csv` in the output `out`"))
        let repair = project.bitlaw("verify --repair --commands")
        #expect(repair.code == 0, "\(repair.output) \(repair.error)")
        #expect(run().output.contains("0 ran, 2 cached"))
        project.shell("rm .cache/cas/\(lost.prefix(2))/\(lost.dropFirst(2)).zst")
        #expect(run().output.contains("1 ran, 1 cached"))
    }

    @Test func `a bundle has the files of folders, and both verifiers miss one that is not there`()
    {
        write()
        #expect(run().code == 0)
        let bundle = project.bitlaw("bundle pipelines/f.yaml --to good.tar.zst --unsigned")
        #expect(bundle.code == 0, "\(bundle.error)")
        #expect(project.bitlaw("bundle verify good.tar.zst").code == 0)
        #expect(project.bitlaw("bundle import good.tar.zst --store new").code == 0)
        #expect(
            project.bitlaw("run pipelines/f.yaml --store new").output.contains("0 ran, 2 cached"))
        project.shell("mkdir b && cd b && zstd -dcq ../good.tar.zst | tar x")
        #expect(
            project.shell("python3 b/verify.py > checked.txt") == 0,
            "\(project.read("checked.txt"))")
        let file = Digest(of: Array("x,y\n1,2\n".utf8).span).hex
        project.shell("rm b/data/\(file); sed -i '/\(file)/d' b/manifest.sha256")
        #expect(project.shell("python3 b/verify.py > checked.txt") == 4)
        #expect(project.read("checked.txt").contains("'t.csv' is not in data/"))
        project.shell(
            "cd b && tar c --format=ustar $(find * -type f | LC_ALL=C sort) | zstd -q > ../bad.tar.zst"
        )
        let bad = project.bitlaw("bundle verify bad.tar.zst")
        #expect(bad.code == 4, "\(bad.output) \(bad.error)")
    }

    @Test func `an audit and diff name the files of a folder that differ`() {
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        guard case .works = SandboxTrial.run(person) else {
            skip("no bubblewrap works here, so no audit of a folder was tried")
            return
        }
        func confined(_ words: String) -> Project.Outcome {
            project.bitlaw(words, environment: "BITLAW_CONFIG='\(project.path)/config'")
        }
        write()
        #expect(confined("run pipelines/f.yaml -q").code == 0)
        #expect(confined("audit pipelines/f.yaml").code == 0)
        #expect(confined("lock pipelines/f.yaml").code == 0)
        project.shell("cp pipelines/f.yaml.lock old.lock")
        write(
            FolderOutputTests.script
                + "; echo 3,4 >> ${outputs.out}/t.csv; chmod -x ${outputs.out}/go")
        #expect(confined("run pipelines/f.yaml -q").code == 0)
        #expect(confined("lock pipelines/f.yaml").code == 0)
        let diff = confined("diff old.lock pipelines/f.yaml.lock --values").output
        #expect(diff.contains("2 of 6 entries differ") && diff.contains("`t.csv`"), "\(diff)")
        #expect(diff.contains("`go` is not executable any more"))
        let audit = confined("audit pipelines/f.yaml --against old.lock")
        #expect(audit.code == 4)
        #expect(audit.output.contains("2 of 6 entries differ"), "\(audit.output)")
    }

    /// Kills at instants spread by a fixed generator, while files come into the store and out of it.
    @Test func `after kill -9 while a folder is put or unpacked a plain rerun goes on`() {
        write(
            "mkdir -p ${outputs.out}; cd ${outputs.out}; "
                + "i=0; while [ $i -lt 1500 ]; do echo $i > f$i; i=$((i + 1)); done; cd ..; "
                + "echo told > ${outputs.note}; mkdir -p ${outputs.out}/deep/er; "
                + "echo one > ${outputs.out}/deep/er/one")
        var random = SeededGenerator(9)
        for round in 0..<trials(12) {
            let delay = Double.random(in: 0.02..<0.6, using: &random)
            project.shell(
                "'\(Project.command)' run pipelines/f.yaml -q -j2 >/dev/null 2>&1 & engine=$!; "
                    + "sleep \(delay); { kill -9 $engine; } 2>/dev/null; wait $engine 2>/dev/null; true"
            )
            if round % 4 != 3 { continue }
            let again = run()
            #expect(again.code == 0, "round \(round): \(again.error)")
            // A worker that outlived its engine has the store open until it sees that; then a run cleans.
            let cleaned = project.shell(
                "for i in $(seq 100); do test -z \"$(ls -A .cache/tmp)\" && exit 0; sleep 0.1; "
                    + "'\(Project.command)' run pipelines/f.yaml -q >/dev/null; done; exit 1")
            #expect(cleaned == 0, "round \(round)")
            let report = project.bitlaw("verify --json").output
            #expect(report.contains("\"damage\":[]") && report.contains("\"incomplete\":[]"))
            project.shell("rm -rf .cache")
        }
    }

    @Test func `clean-up keeps the files of folders`() {
        write()
        #expect(run().code == 0)
        #expect(project.bitlaw("gc").code == 0)
        #expect(run().output.contains("0 ran, 2 cached"))
        #expect(project.bitlaw("verify").code == 0)
    }
}
