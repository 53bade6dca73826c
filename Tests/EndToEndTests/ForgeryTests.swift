import Canon
import Glibc
import LocalStore
import TestSupport
import Testing
import Trust

/// Programs of an experiment that answer for their workers, or put results where an audit looks.
@Suite(.serialized) struct ForgeryTests {
    /// What the forgers want to be believed.
    private static let forged = Digest(of: Array("FORGED\n".utf8).span)

    /// A program whose output a built-in kind and another program read, beside a neighbour of each.
    ///
    /// What `prep.sh` does is no part of a key: the same keys are made by an honest one and a forger.
    private func project(_ forger: String = "") -> Project {
        let project = Project()
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            stages:
              prep: {kind: command, params: {run: [sh, "\(project.path)/prep.sh"]}}
              own:
                kind: law.simulate
                params:
                  form: power-law-with-floor
                  parameters: {A: 1, alpha: 0.5, E: 0.1}
                  inputs: {x: [1, 2, 4, 8, 16, 32]}
              other: {kind: command, params: {run: [echo, other]}}
              fit: {kind: table.import, inputs: {file: prep}, params: {columns: [{name: y}]}}
              count: {kind: command, inputs: {inputs: prep}, params: {run: [sh, -c, "cat ${inputs.inputs}; echo 4"]}}

            """)
        project.write("points.csv", "x,y\n1,1.1\n2,0.8\n4,0.6\n8,0.45\n")
        write(forger, in: project)
        return project
    }

    /// Writes the program anew: it forges, and then does its honest work.
    private func write(_ forger: String, in project: Project) {
        project.write("prep.sh", "\(forger)\ncat '\(project.path)/points.csv'\n")
    }

    /// Writes to each socket of the worker, and of the engine above it, as by `echo > /proc/N/fd/M`.
    private static let echo = """
        line='{"done":[["out","\(forged.hex)",7]],"log":null,"seconds":1}'
        engine=$(cut -d' ' -f4 /proc/$PPID/stat)
        for process in $PPID $engine; do
          for place in /proc/$process/fd/*; do
            case "$(readlink "$place")" in socket:*) echo "$line" > "$place" ;; esac
          done
        done 2>/dev/null
        """

    /// A program that takes a copy of another process's socket, as a debugger may, and writes into it.
    private static let grasp = """
        import ctypes, os, sys
        line = b'{"done":[["out","\(forged.hex)",7]],"log":null,"seconds":1}\\n'
        call = ctypes.CDLL(None, use_errno=True).syscall
        worker = os.getppid() if len(sys.argv) < 3 else int(sys.argv[2])
        engine = int(open(f"/proc/{worker}/stat").read().rsplit(")", 1)[1].split()[1])
        def sockets(process):
            found = {}
            for name in os.listdir(f"/proc/{process}/fd"):
                try: place = os.readlink(f"/proc/{process}/fd/{name}")
                except OSError: continue
                if place.startswith("socket:["): found[int(place[8:-1])] = int(name)
            return found
        try:
            process, mine = {"worker": worker, "engine": engine}[sys.argv[1]], sockets(worker)
            # The two ends of a channel have numbers side by side.
            for number, name in sockets(process).items():
                if process == worker or {number - 1, number + 1} & set(mine):
                    copy = call(438, call(434, process, 0), name, 0)
                    if copy >= 0: os.write(copy, line)
        except PermissionError: pass
        """

    private func honest(_ project: Project) throws -> String {
        _ = project.bitlaw("run pipelines/a.yaml --store honest")
        return try project.digests("honest")
    }

    @Test(arguments: ["-j 1", "-j 4"])
    func `nobody answers for a worker through the open files of worker and engine`(jobs: String)
        throws
    {
        let project = project()
        let honest = try honest(project)
        write(ForgeryTests.echo, in: project)
        let outcome = project.bitlaw("run pipelines/a.yaml \(jobs)")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(try project.digests() == honest)
        #expect(!(try project.digests()).contains(ForgeryTests.forged.hex))
    }

    @Test(arguments: ["worker", "engine"], ["-j 1", "-j 4"])
    func `what another process writes into a worker's channel fails the attempt by name`(
        whose: String, jobs: String
    ) throws {
        let project = project()
        let honest = try honest(project)
        project.write("grasp.py", ForgeryTests.grasp)
        write("python3 '\(project.path)/grasp.py' \(whose) $PPID; sleep 0.3", in: project)
        let outcome = project.bitlaw("run pipelines/a.yaml \(jobs)")
        // Without root nobody gets at the channel, and the program does its honest work.
        guard geteuid() == 0 else {
            #expect(outcome.code == 0)
            return #expect(try project.digests() == honest)
        }
        #expect(outcome.code == 1)
        #expect(
            outcome.error.contains(
                "failed: prep: something other than bitlaw and the worker of stage `prep` wrote into the "
                    + "channel between them: expected a request and its answers, found bytes from process "
            ),
            "\(outcome.error)")
        #expect(outcome.error.contains("\n  fix: read what the programs of this experiment do"))
        let digests = try project.digests()
        #expect(!digests.contains(ForgeryTests.forged.hex))
        // The neighbours are what they are.
        for line in digests.split(separator: "\n") where line.contains("\"out") {
            #expect(honest.contains(line), "\(line)")
        }
        // Nothing was kept: the honest program runs next time.
        write("", in: project)
        #expect(project.bitlaw("run pipelines/a.yaml").code == 0)
        #expect(try project.digests() == honest)
    }

    @Test func `a program sees neither the request, nor the channel, nor the engine's variables`()
        throws
    {
        let project = Project()
        project.write(
            "look.sh",
            """
            cat <&0
            ls -l /proc/self/fd /proc/$PPID/fd/0 | grep -c 'socket:'
            readlink /proc/$PPID/fd/0
            tr '\\0' '\\n' < /proc/$PPID/environ | grep -c HUNTER
            env | grep -c HUNTER
            true
            """)
        project.write(
            "pipelines/l.yaml",
            "experiment: l\nseed: 1\nstages:\n  look: {kind: command, params: {run: [sh, "
                + "\"\(project.path)/look.sh\"]}}\n"
        )
        let outcome = project.bitlaw("run pipelines/l.yaml", environment: "HUNTER=2")
        #expect(outcome.code == 0, "\(outcome.error)")
        let shown = project.bitlaw("show pipelines/l.yaml look --output out").output
        // Without root the worker's own variables and descriptors are closed as well.
        #expect(["0\n/dev/null\n0\n0\n", "0\n0\n0\n"].contains(shown), "\(shown)")
    }

    // MARK: What a worker itself may say

    /// Stands for a worker: answers each request as its first argument says.
    private static let liar = """
        import json, sys
        def say(**members): print(json.dumps(members), flush=True)
        say(ready=True)
        for line in sys.stdin:
            request = json.loads(line)
            mark = {"key": request["key"], "number": request["number"]}
            done = {"done": [["out", "\(forged.hex)", 7, False]], "log": None, "seconds": 1}
            mode = sys.argv[1]
            if mode == "key": say(**done, **{**mark, "key": "ab" * 32})
            elif mode == "number": say(**done, **{**mark, "number": "1"})
            elif mode == "bare": say(**done)
            elif mode == "form": print("done", flush=True)
            elif mode == "absent": say(**done, **mark)
            elif mode == "names": say(**{**done, "done": []}, **mark)
            elif mode == "late":
                two = [{"failed": "no", "exit": 1, **mark}, {**done, **mark}]
                print("\\n".join(map(json.dumps, two)), flush=True)
        """

    @Test(arguments: [
        ("key", "found an answer under another key, abababab"),
        ("number", "found an answer without the number of the request"),
        ("bare", "found a line that is no answer"),
        ("form", "found a line that is no answer"),
        ("late", "found an answer that nothing was asked for"),
        ("absent", "its worker stored output `out`, but the store has no blob"),
        ("names", "the worker's answer is that of another action: expected the outputs out"),
    ])
    func `an answer counts that its request alone can have, about blobs that are there`(
        mode: String, words: String
    ) {
        let project = Project()
        project.write("liar.py", ForgeryTests.liar)
        project.write(
            "pipelines/l.yaml",
            "experiment: l\nseed: 1\nstages: {one: {kind: command, params: {run: [echo, hi]}}}\n")
        let outcome = project.bitlaw(
            "run pipelines/l.yaml", environment: "BITLAW_WORKER='python3 liar.py \(mode)'")
        #expect(outcome.code == 1, "\(outcome.error)")
        #expect(outcome.error.contains(words), "\(outcome.error)")
        #expect(outcome.error.contains("stage `one`") || outcome.error.contains("failed: one: "))
        #expect(project.bitlaw("show pipelines/l.yaml one --output out").code == 2)
    }

    // MARK: Results in the audit's store

    /// Makes files of a store by which `fit` and `count` have forged outputs, and a lock file that says so.
    private static let plant = """
        import hashlib, json, os, subprocess, sys
        lock = open("pipelines/a.yaml.lock").read()
        for path in sys.argv[1:]:
            result = json.load(open(path))
            for name, output in result["outputs"].items():
                data = f"FORGED {name}\\n".encode()
                digest = hashlib.sha256(data).hexdigest()
                lock = lock.replace(output["digest"], digest)
                output.update(digest=digest, size=len(data))
                os.makedirs(f"forged/cas/{digest[:2]}", exist_ok=True)
                subprocess.run(["zstd", "-qf", "-o", f"forged/cas/{digest[:2]}/{digest[2:]}.zst"],
                               input=data, check=True)
            place = "forged/" + path.split("/", 1)[1]
            os.makedirs(os.path.dirname(place), exist_ok=True)
            said = {name: value for name, value in result.items() if name not in ("sha256", "made")}
            text = json.dumps(said, sort_keys=True, separators=(",", ":"))
            result["sha256"] = hashlib.sha256(text.encode()).hexdigest()
            # The other one is damaged: its digest is not that of what it says.
            if path == sys.argv[1]: result["seconds"] += 1
            json.dump(result, open(place, "w"), sort_keys=True, separators=(",", ":"))
        open("pipelines/a.yaml.lock", "w").write(lock)
        """

    /// A project whose `prep` plants forged results of `fit` and `count`, which the lock file names.
    private func planted() throws -> Project {
        let project = project()
        _ = try honest(project)
        #expect(project.bitlaw("lock pipelines/a.yaml --store honest").code == 0)
        project.write("plant.py", ForgeryTests.plant)
        let store = try Store.open("\(project.path)/honest", creating: false)
        let run = try #require(try store.runNames().first.flatMap { try store.run($0) })
        let paths = (run["actions"]?.elements ?? []).compactMap { action -> String? in
            guard ["fit", "count"].contains(action["name"]?.text ?? ""),
                let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) })
            else { return nil }
            return Store.resultPath("honest", key)
        }
        #expect(paths.count == 2)
        #expect(project.shell("python3 plant.py \(paths.joined(separator: " "))") == 0)
        write(
            "chmod -R u+w ../../../actions ../../../cas; cp -r '\(project.path)/forged/.' ../../../",
            in: project)
        try SigningKey().write(to: "\(project.path)/rev.key")
        return project
    }

    @Test(arguments: ["", "-j 1", "--each-alone", "fit count"])
    func
        `results that a program plants in the audit's store are refused by name, and nothing is signed`(
            options: String
        ) throws
    {
        let project = try planted()
        let outcome = project.bitlaw(
            "audit --unconfined pipelines/a.yaml \(options) --store honest --against pipelines/a.yaml.lock "
                + "--sign rev.key --attestation rev.json --report r.json --junit r.xml")
        #expect(outcome.code == 4, "\(outcome.output)\(outcome.error)")
        for name in ["fit (table.import/", "count (command/3)"] {
            #expect(
                outcome.output.contains("planted: \(name)"), "\(outcome.output)")
        }
        #expect(
            outcome.output.contains(
                "a program of this experiment wrote 2 results into the store of this audit: nothing is "
                    + "certified\n  fix: read what its `command` stages do"))
        #expect(outcome.error.contains("--sign: nothing is signed, for results were planted"))
        #expect(project.shell("test ! -e rev.json") == 0)
        let report = try JSON(parsing: project.read("r.json"))
        #expect(report["counts"]?["planted"] == 2)
        #expect(project.read("r.xml").contains("<failure type=\"planted\""))
    }

    @Test func `the bits of a planted result are not those that the audit found`() throws {
        let project = try planted()
        _ = project.bitlaw(
            "audit --unconfined pipelines/a.yaml --store honest --against pipelines/a.yaml.lock --report r.json"
        )
        let report = try JSON(parsing: project.read("r.json"))
        let fit = report["actions"]?.elements?.first { $0["action"] == "fit" }
        for output in fit?["outputs"]?.elements ?? [] {
            #expect(output["verdict"] == "different")
            #expect(output["found"] != output["expected"])
        }
    }

    @Test func `an honest audit of the same experiment is certified, in a kept folder too`() throws
    {
        let project = project()
        _ = try honest(project)
        try SigningKey().write(to: "\(project.path)/rev.key")
        for options in ["", "--scratch kept", "--scratch kept", "--each-alone"] {
            let outcome = project.bitlaw(
                "audit --unconfined pipelines/a.yaml --store honest \(options) --sign rev.key --attestation rev.json"
            )
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
            #expect(
                outcome.output == Project.notConfined
                    + "5 actions made again: every output bit-identical\n")
        }
    }

    @Test
    func `what lies in a kept folder counts for nothing where the experiment starts programs`()
        throws
    {
        let project = try planted()
        write("", in: project)
        project.shell(
            "mkdir -p kept/store; cp -r honest/. kept/store/; cp -rf forged/. kept/store/")
        let outcome = project.bitlaw(
            "audit --unconfined pipelines/a.yaml --store honest --against pipelines/a.yaml.lock --scratch kept"
        )
        #expect(outcome.code == 4)
        #expect(
            outcome.error.contains("nothing that lies there is used, everything is executed in "))
        #expect(outcome.output.contains("differs: fit/"))
        #expect(outcome.output.contains("differs: count/out"))
    }
}
