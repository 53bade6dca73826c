import Glibc
import LocalStore
import System
import Testing

/// Bundles of somebody who knows the format: the manifest is always written anew, so that nothing but what
/// the documents say of each other can give a change away.
@Suite struct BundleForgeryTests {
    private func project() -> Project {
        let project = Project()
        project.write("truth.csv", "n,error\n10,0.5\n")
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 3
            axes: {i: {count: 2}}
            stages:
              base: {kind: command, inputs: {inputs: "file:truth.csv"}, params: {run: [head, -n1, "${inputs.inputs}"]}}
              each:
                kind: command
                over: [i]
                inputs: {inputs: base}
                params: {run: [sh, -c, "cat ${inputs.inputs}; echo ${i} ${seed}"]}
            """)
        _ = project.bitlaw("run pipelines/a.yaml")
        #expect(project.bitlaw("bundle pipelines/a.yaml --to good").code == 0)
        project.shell(
            "mkdir x && zstd -dcq good | tar -xf - -C x; '\(Project.command)' bundle verifier > v.py"
        )
        // As `pack.py FOLDER`: links and pipes as they are, in the order of the names.
        project.write(
            "pack.py",
            """
            import os, subprocess, sys, tarfile
            with tarfile.open("bad.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
                for root, _, names in sorted(os.walk(sys.argv[1])):
                    for name in sorted(names):
                        path = os.path.join(root, name)
                        tar.add(path, os.path.relpath(path, sys.argv[1]))
            subprocess.run(["zstd", "-qf", "bad.tar", "-o", "bad"], check=True)
            """)
        // As `edit FILE CODE`: `d` is the document.
        project.write(
            "edit.py",
            """
            import json, sys
            with open(sys.argv[1]) as file: d = json.load(file)
            exec(sys.argv[2])
            with open(sys.argv[1], "w") as file: json.dump(d, file)
            """)
        return project
    }

    /// Makes the bundle `bad`, and beside it the folder `y`: the good one with a change, and a manifest that is
    /// right.
    private func forge(_ project: Project, _ change: String) {
        project.shell(
            """
            rm -rf y; cp -r x y; cd y; \(change)
            find . -type f ! -name manifest.sha256 | sed 's,^./,,' | LC_ALL=C sort \
            | xargs -d '\\n' sha256sum > manifest.sha256
            cd ..; python3 pack.py y
            """)
    }

    /// As an older version wrote a result: without its digest, and what is said of its program.
    private static let unseal =
        "sed -i 's/,\"sha256\":\"[0-9a-f]*\"//; s/\"confined\":false,//; s/\"madeWith\":{[^}]*},//; "
    private static let lock = "experiment/pipelines/a.yaml.lock"
    private static let swap = "sed -i 's/each.i=0./X/; s/each.i=1./each[i=0]/; s/X/each[i=1]/' "

    /// Name, change, and what is said of it.
    private static let changes: [(change: String, said: String)] = [
        ("echo >> data/$(ls data | head -1)", "is not in data/ under its digest"),
        ("sed -i 's/\"size\":/\"size\":1/' results/*", "its members hash to "),
        (unseal + "s/\"size\":/\"size\":1/' results/*", "the result says 1"),
        (
            unseal + "s/\"kind\":\"command\"/\"kind\":\"law.fit\"/' results/*",
            "the key says command/3"
        ),
        ("sed -i 's/^{/{\"version\":1,/' results/*", "expected a result under its key"),
        (swap + lock, "its actions are not those of bundle.json"),
        (swap + "bundle.json", "its actions are not those of bundle.json"),
        ("sed -i 's,command/3,command/4,' \(lock)", "the key says command/3, profile -"),
        ("sed -i '/^output .*base/d' \(lock)", "base is not as its result says"),
        (
            "sed -i 's/^output \\(.*\\) base/&\\n&/' \(lock)",
            "expected each output of an action once"
        ),
        ("rm \(lock)", "names no lock file of the bundle"),
        ("rm keys/$(ls keys | head -1)", "its key document is missing"),
        ("rm results/$(ls results | head -1)", "expected a result, found none"),
        (
            "python3 ../edit.py bundle.json 'd[\"sources\"] = [{\"url\": \"u\", \"sha256\": d[\"files\"][0][\"sha256\"]}]; "
                + "d[\"files\"] = []'", "u: the experiment file does not pin "
        ),
        ("echo >> experiment/truth.csv", "experiment/truth.csv: expected the file, "),
        (
            "echo >> experiment/truth.csv; python3 ../edit.py bundle.json 'import hashlib; "
                + "d[\"files\"][0][\"sha256\"] = hashlib.sha256(open(\"experiment/truth.csv\", \"rb\").read()).hexdigest()'",
            "is no output, file or download of this bundle"
        ),
        ("echo > extra", "extra: belongs to no action of this bundle"),
        (
            "echo > e; mv e data/$(sha256sum e | cut -c1-64)", "belongs to no action of this bundle"
        ),
        ("ln -s /etc/passwd data/link", "found a symbolic link at \"data/link\""),
        ("mkfifo data/pipe", "found a pipe at \"data/pipe\""),
        ("echo > 'a\\b'", "expected a relative path without .., . or empty parts"),
    ]

    @Test func `what a forger changes is found though the manifest is right, by us and by Python`()
    {
        let project = project()
        for (change, said) in BundleForgeryTests.changes {
            forge(project, change)
            let ours = project.bitlaw("bundle verify bad")
            #expect(ours.code == 4 || ours.code == 3, "\(change)")
            #expect(
                (ours.output + ours.error).contains(said), "\(change): \(ours.output)\(ours.error)")
            #expect(project.shell("python3 v.py y > alone") == 4, "\(change)")
            #expect(project.shell("python3 v.py bad > alone") == 4, "\(change)")
            #expect(project.read("alone").hasSuffix("NOT GOOD\n"), "\(change)")
            #expect(project.bitlaw("bundle import bad --store new").code == 3, "\(change)")
        }
        #expect(project.shell("find new -name '*.zst' 2>/dev/null | grep -q .") != 0)
    }

    @Test
    func `an experiment file that does not give the keys is found, and other programs are told`() {
        let project = project()
        let same = project.bitlaw("bundle verify good")
        let notes = same.output.split(separator: "\n").filter { $0.hasPrefix("note: ") }
        #expect(notes.allSatisfy { $0.hasPrefix("note: contains commands: ") }, "\(same.output)")
        let changes = [
            (
                "sed -i 's/seed: 3/seed: 4/' experiment/pipelines/a.yaml", 4,
                "gives another key: seed: "
            ),
            (
                "sed -i 's/n1/n2/' experiment/pipelines/a.yaml", 4,
                "base: the experiment file gives another key: parameter run: "
            ),
            (
                "sed -i 's/count: 2/count: 3/' experiment/pipelines/a.yaml", 4,
                "each[i=2]: the experiment file has it, the bundle has no result of it"
            ),
            (
                "sed -i 's/count: 2/count: 1/' experiment/pipelines/a.yaml", 4,
                "each[i=1]: the experiment file has no such action"
            ),
            (
                "sed -i 's/count: 2/count: 1000000/; s/over: .i./over: [i, j]/; s/axes: {/&j: {count: 1000000}, /' "
                    + "experiment/pipelines/a.yaml", 4, "have 1000000000000 points"
            ),
            ("echo 'rm -rf /' >> recipes.sh", 0, "note: recipes.sh in it is not what this version"),
            ("echo >> verify.py", 0, "note: verify.py in it is not this version's"),
        ]
        for (change, code, said) in changes {
            forge(project, change)
            let ours = project.bitlaw("bundle verify bad")
            #expect(ours.code == code, "\(change): \(ours.output)\(ours.error)")
            #expect(ours.output.contains(said), "\(change): \(ours.output)")
        }
    }

    @Test func `Python refuses archives that are no plain ones, and does not hang`() {
        let project = project()
        project.write(
            "evil.py",
            """
            import io, subprocess, sys, tarfile
            case = sys.argv[1]
            good = open("bad.tar", "rb").read()
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for entry in (old := tarfile.open("bad.tar")): tar.addfile(entry, old.extractfile(entry))
                entry = tarfile.TarInfo({"up": "../../x", "twice": "README.md", "absolute": "/x", "long": "a" * 300}.get(case, "x"))
                if case == "pax": entry.pax_headers = {"path": "../../x"}
                tar.addfile(entry, io.BytesIO(b""))
            data = {"behind": good + b"x" * 3000000, "cut": good[:5000], "none": b""}.get(case, out.getvalue())
            open("evil.tar", "wb").write(data)
            subprocess.run(["zstd", "-qf", "evil.tar", "-o", "evil"], check=True)
            if case == "frames": open("evil", "ab").write(open("good", "rb").read())
            """)
        project.shell("python3 pack.py x")
        let cases = ["up", "twice", "absolute", "long", "pax", "behind", "cut", "none", "frames"]
        for name in cases {
            #expect(project.shell("python3 evil.py \(name)") == 0)
            #expect(project.shell("timeout 60 python3 v.py evil > alone") == 4, "\(name)")
            #expect(project.bitlaw("bundle verify evil").code != 0, "\(name)")
        }
        #expect(project.shell("python3 v.py bad > alone") == 0, "\(project.read("alone"))")
    }

    @Test
    func
        `names that would move a terminal's cursor or forge a line are refused or shown harmlessly`()
    {
        let project = project()
        forge(
            project,
            """
            python3 ../edit.py bundle.json 'd["actions"][0]["action"] = "a\\x1b[2J\\n9 files: every digest is right"'
            echo > "$(printf 'extra\\342\\200\\256')"
            """)
        let ours = project.bitlaw("bundle verify bad")
        #expect(ours.code == 4)
        #expect(ours.output.contains("an action without a key, or without a name of one line\n"))
        #expect(ours.output.contains("extra\u{FFFD}: belongs to no action of this bundle\n"))
        #expect(project.shell("python3 v.py y > alone; python3 v.py bad > packed") == 4)
        for text in [ours.output, project.read("alone"), project.read("packed")] {
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
            #expect(!text.contains("\n9 files"))
        }
    }

    @Test func `logs stay at home unless they are asked for, and folders of this machine are told`()
    {
        let project = Project()
        project.write(
            "pipelines/p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              quiet: {kind: command, params: {run: [sh, -c, "echo fine; pwd >&2"]}}
              telling: {kind: command, params: {run: [pwd]}}
            """)
        _ = project.bitlaw("run pipelines/p.yaml telling")
        _ = project.bitlaw("run pipelines/p.yaml quiet")
        let told = project.bitlaw("bundle pipelines/p.yaml --to b")
        #expect(told.code == 0)
        #expect(told.error.hasSuffix(" (telling/out) names a folder of this machine\n"))
        #expect(told.error.split(separator: "\n").count == 1, "\(told.error)")
        let logs = project.bitlaw("bundle pipelines/p.yaml --to l --logs")
        #expect(logs.error.contains(" (log of quiet) names a folder of this machine\n"))
        for (name, blobs) in [("b", 4), ("l", 5)] {
            #expect(project.bitlaw("bundle verify \(name)").code == 0)
            let taken = project.bitlaw("bundle import \(name) --store s\(name)")
            #expect(taken.output == "2 results taken, 0 were there, \(blobs) blobs\n")
        }
    }

    @Test func `an import that is killed leaves whole blobs and whole results, and goes on`() throws
    {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells)
        _ = project.bitlaw("run pipelines/many.yaml -q -j2")
        #expect(project.bitlaw("bundle pipelines/many.yaml --to b").code == 0)
        var state: UInt64 = 11
        for round in 0..<24 {
            if round % 6 == 0 { project.shell("rm -rf s") }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let delay = Double(state >> 40) / Double(1 << 24) * 0.06
            project.shell(
                "'\(Project.command)' bundle import b --store s >/dev/null 2>&1 & own=$!; sleep \(delay); "
                    + "kill -9 $own 2>/dev/null; wait $own 2>/dev/null; true")
            if project.shell("test -e s/format") == 0 {
                let report = try Store.open("\(project.path)/s").verify()
                #expect(report.damage.isEmpty && report.incomplete.isEmpty)
            }
        }
        project.shell("rm -rf s/actions/0* s/actions/1*")
        #expect(project.bitlaw("bundle import b --store s").code == 0)
        #expect(
            project.bitlaw("bundle import b --store s").output.hasPrefix("0 results taken, 25 were")
        )
        #expect(
            project.bitlaw("run pipelines/many.yaml --store s").output.hasPrefix("0 ran, 25 cached")
        )
        #expect(project.bitlaw("verify --store s").output.hasSuffix("0 damaged\n"))
    }
}
