import Glibc
import TestSupport
import Testing

/// What comes from others is bounded in sum, and steers no terminal.
@Suite struct BoundsTests {
    private func project() -> Project {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells.replacing("count: 12", with: "count: 2"))
        return project
    }

    @Test func `a run's record or an index of twenty sparse gigabytes is refused by its size`() {
        let project = project()
        #expect(project.bitlaw("run pipelines/many.yaml -q -j2").code == 0)
        project.shell("truncate -s 20G .cache/index")
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 5 cached in "))
        project.shell("truncate -s 20G .cache/runs/2099-01-01T00-00-00Z-000000x.json")
        let status = project.bitlaw("status pipelines/many.yaml")
        #expect(status.code == 0)
        #expect(
            status.error.contains(
                "2099-01-01T00-00-00Z-000000x.json is damaged (expected a file of at most 536870912 bytes, "
                    + "found 21474836480); it stays as it is"),
            "\(status.error)")
        // A plan only looks there for how long things took.
        #expect(project.bitlaw("plan pipelines/many.yaml").code == 0)
    }

    @Test(arguments: [(3, 15_000_000), (16, 15_000_000)])
    func `a small archive of large documents costs little memory`(count: Int, size: Int) {
        let project = project()
        #expect(project.bitlaw("run pipelines/many.yaml -q -j2").code == 0)
        #expect(project.bitlaw("bundle pipelines/many.yaml --to good").code == 0)
        project.write(
            "bomb.py",
            """
            import hashlib, io, subprocess, tarfile
            old = tarfile.open(fileobj=io.BytesIO(subprocess.run(["zstd", "-dc", "good"], stdout=subprocess.PIPE).stdout))
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
                for entry in old: tar.addfile(entry, old.extractfile(entry))
                for number in range(\(count)):
                    data = b"[%d," % number + b"0," * (\(size) // 2) + b"0]"
                    entry = tarfile.TarInfo("keys/" + hashlib.sha256(data).hexdigest() + ".json")
                    entry.size = len(data)
                    tar.addfile(entry, io.BytesIO(data))
            open("bomb.tar", "wb").write(out.getvalue())
            subprocess.run(["zstd", "-qf19", "bomb.tar", "-o", "bomb"], check=True)
            """)
        #expect(project.shell("python3 bomb.py") == 0)
        for command in ["bundle verify bomb", "bundle import bomb"] {
            let outcome = project.bitlaw(command, environment: "ulimit -v 1000000;")
            #expect([3, 4].contains(outcome.code), "\(outcome.code) \(outcome.error)")
            if count == 16 {
                #expect(
                    outcome.error.contains(
                        "expected documents that are small beside their archive"),
                    "\(outcome.error)")
            }
        }
    }

    @Test func `a download is one address, within limits, and never one with a password`() {
        let digest = String(repeating: "1", count: 64)
        func experiment(_ url: String) -> String {
            "experiment: s\nseed: 1\nstages: {a: {kind: command, inputs: {inputs: {url: \"\(url)\", "
                + "sha256: \"\(digest)\"}}, params: {run: [cat, \"${inputs.inputs}\"]}}}\n"
        }
        let project = project()
        project.write("pipelines/e.yaml", experiment("http://127.0.0.1:1/[1-100000000]"))
        project.write("bin/curl", "#!/bin/sh\necho \"$@\" > '\(project.path)/words'\nexit 7\n")
        project.shell("chmod +x bin/curl")
        let failed = project.bitlaw(
            "run pipelines/e.yaml", environment: "PATH='\(project.path)/bin':$PATH")
        #expect(failed.code == 1)
        let words = project.read("words")
        for option in ["--globoff", "--max-filesize", "--max-time", "--proto =http,https"] {
            #expect(words.contains(option), "\(words)")
        }
        #expect(words.hasSuffix(" -- http://127.0.0.1:1/[1-100000000]\n"), "\(words)")
        for url in ["https://ada:hunter2@example.org/x", "http://ada@example.org"] {
            project.write("pipelines/e.yaml", experiment(url))
            let refused = project.bitlaw("run pipelines/e.yaml")
            #expect(refused.code == 2)
            #expect(
                refused.error.contains("`url` has a password or name in it"), "\(refused.error)")
        }
    }

    @Test func `a log, a record and a list of others steer no terminal`() {
        let project = project()
        project.write(
            "pipelines/e.yaml",
            """
            experiment: e
            seed: 1
            stages:
              a: {kind: command, params: {run: [sh, -c, "printf '\\\\033]0;TITLE\\\\007\\\\033[2J\\\\342\\\\200\\\\256x' >&2; echo 1"]}}
              b: {kind: command, params: {run: [sh, -c, "printf '\\\\033[31mred\\\\302\\\\233' >&2; exit 1"]}}
            """)
        let ran = project.bitlaw("run pipelines/e.yaml")
        #expect(ran.code == 1)
        #expect(ran.error.contains("    | \\u001b[31mred\\u009b"), "\(ran.error)")
        let shown = project.bitlaw("show pipelines/e.yaml a")
        #expect(
            shown.output.contains("    | \\u001b]0;TITLE\\u0007\\u001b[2J\\u202ex"),
            "\(shown.output)")
        project.shell(
            "sed -i 's/\"outcome\": *\"[a-z]*\"/\"outcome\": \"\\\\u001b[2Jdone\"/' .cache/runs/*.json"
        )
        #expect(project.bitlaw("status pipelines/e.yaml").output.contains("\\u001b[2Jdone"))
        for outcome in [ran, shown, project.bitlaw("status pipelines/e.yaml")] {
            #expect(!(outcome.output + outcome.error).contains("\u{1B}"))
            #expect(!(outcome.output + outcome.error).unicodeScalars.contains("\u{202E}"))
        }
    }
}
