import Canon
import LocalStore
import System
import TestSupport
import Testing

/// A store tells what is wrong with it, and every command mends what it can.
@Suite(.serialized) struct StoreTruthTests {
    private let project = Project()
    private let file = "pipelines/many.yaml"

    init() {
        project.write("pipelines/many.yaml", manyCells)
        #expect(project.bitlaw("run pipelines/many.yaml -q").code == 0)
        project.shell("chmod -R u+w .cache")
    }

    /// What the newest record says of an action: its key and the digest of its output.
    private func action(
        _ name: String, _ port: String = "out"
    ) throws -> (key: String, output: String) {
        let store = try Store.open("\(project.path)/.cache")
        let run = try #require(try store.runNames().first.flatMap { try store.run($0) })
        let found = run["actions"]?.elements?.first { $0["name"]?.text == name }
        return (
            try #require(found?["key"]?.text), try #require(found?["outputs"]?[port]?.text)
        )
    }

    private func blob(_ digest: String) -> String {
        ".cache/cas/\(digest.prefix(2))/\(digest.dropFirst(2)).zst"
    }

    private func result(_ key: String) -> String {
        ".cache/actions/\(key.prefix(2))/\(key.dropFirst(2)).json"
    }

    /// A run, the same again, and a check: what a person does.
    private func expectMended(_ ran: String, _ warning: String) {
        let first = project.bitlaw("run \(file)")
        #expect(first.code == 0 && first.output.hasPrefix(ran), "\(first.output) \(first.error)")
        #expect(first.error.contains(warning), "\(first.error)")
        #expect(!first.error.contains("not deterministic"))
        let second = project.bitlaw("run \(file)")
        #expect(second.output.hasPrefix("0 ran, 25 cached in "), "\(second.output)")
        #expect(second.error.isEmpty, "\(second.error)")
        #expect(project.bitlaw("lock \(file)").code == 0)
        let check = project.bitlaw("verify")
        #expect(check.code == 0 && check.output.hasSuffix("0 damaged\n"), "\(check.output)")
    }

    // MARK: The last outputs of a run

    @Test(arguments: [
        ("rm -f F", ""), ("truncate -s 0 F", "it is no whole frame with a size"),
        ("truncate -s -5 F", "it is no whole frame with a size"), ("echo >> F", "its frame has "),
        ("cp OTHER F", "its bytes hash to "), ("rm F; mkdir F", "expected a file, found a folder"),
        ("rm F; ln -s /etc/passwd F", "expected a file of the store, found a link"),
        ("rm F; mkfifo F", "expected a file, found a pipe"),
        ("head -c 300 /dev/urandom > F", "it is no whole frame with a size"),
    ])
    func `a last output that is gone or has another size is not called cached`(
        damage: String, reason: String
    ) throws {
        let place = blob(try action("sum").output)
        let other = blob(try action("cell[i=0]").output)
        project.shell(
            damage.replacing("OTHER", with: "'\(other)'").replacing("F", with: "'\(place)'"))
        let plan = project.bitlaw("plan \(file)")
        #expect(plan.output.contains("24 cached, 1 to run"), "\(plan.output)")
        // The plan has set it aside already, and said so.
        #expect(plan.error.contains(reason))
        expectMended("1 ran, 24 cached in ", "")
    }

    @Test func `run --verify finds a changed byte that no header tells, and executes again`() throws
    {
        let place = blob(try action("sum").output)
        project.shell("printf x | dd of='\(place)' conv=notrunc bs=1 seek=30 2>/dev/null")
        #expect(project.bitlaw("run \(file)").output.hasPrefix("0 ran, 25 cached in "))
        let outcome = project.bitlaw("run \(file) --verify")
        #expect(outcome.output.hasPrefix("1 ran, 24 cached in "), "\(outcome.output)")
        #expect(outcome.error.contains("was damaged ("))
        expectMended("0 ran, 25 cached in ", "")
    }

    // MARK: Results

    @Test(arguments: [
        ("\"outputs\":{\"out\":{[^}]*}}", "\"outputs\":{}"), ("\"out\":{", "\"nope\":{"),
        ("\"kind\":\"command\"", "\"kind\":\"commane\""), ("\"version\":3", "\"version\":7"),
    ])
    func `a result with other outputs than its kind has is set aside and made again`(
        old: String, new: String
    ) throws {
        let place = result(try action("cell[i=3]").key)
        project.shell("sed -i 's/\(old)/\(new)/' '\(place)'")
        expectMended("1 ran, 24 cached in ", "was damaged (")
    }

    @Test func `a result that says another size of a last output is set aside and made again`()
        throws
    {
        let place = result(try action("sum").key)
        project.shell("sed -i 's/\"size\":/\"size\":1/' '\(place)'")
        expectMended("1 ran, 24 cached in ", "was damaged (")
    }

    @Test func `one changed digit of a digest costs one execution, and no wrong word`() throws {
        let (key, output) = try action("sum")
        let other = output.hasPrefix("a") ? "b" : "a"
        project.shell(
            "sed -i 's/\"digest\":\"./\"digest\":\"\(other)/' '\(result(key))'")
        expectMended("1 ran, 24 cached in ", "was damaged (")
        #expect(project.bitlaw("export \(file) sum --to out").code == 0)
    }

    @Test(arguments: ["mkdir", "mkfifo", "ln -s nowhere"])
    func `what stands in place of a result is set aside and the action executed again`(
        maker: String
    ) throws {
        let place = result(try action("cell[i=3]").key)
        project.shell("rm '\(place)'; \(maker) '\(place)'")
        expectMended("1 ran, 24 cached in ", "was damaged (")
    }

    // MARK: Folders

    @Test(arguments: [
        ("runs", "0 ran, 25 cached in "), ("actions", "25 ran in "), ("cas", "25 ran in "),
    ])
    func `a run makes a folder of the store again that is gone, and says so`(
        name: String, counts: String
    ) {
        project.shell("rm -r .cache/\(name)")
        expectMended(counts, ".cache/\(name) was damaged (the folder was gone) and is made anew")
    }

    @Test func `a store without cas is damaged, and verify counts what the next run makes`() {
        project.shell("rm -r .cache/cas")
        let outcome = project.bitlaw("verify")
        #expect(outcome.code == 3)
        #expect(outcome.output.contains("/cas: the folder was gone; made anew\n"))
        #expect(outcome.output.contains("0 blobs (0 B) and 25 results read, 1 damaged\n"))
        #expect(
            outcome.output.contains(
                "to be made again: and 5 more; bitlaw verify --json lists them\n"))
        #expect(
            outcome.output.hasSuffix(
                "the next run makes 25 things again; 0 are lost for good\n"), "\(outcome.output)")
    }

    @Test func `a lost blob is damage, with what becomes of it`() throws {
        project.write("note.txt", "a note")
        #expect(project.bitlaw("add note.txt").code == 0)
        let added = String(project.bitlaw("add note.txt").output.prefix(64))
        project.shell("rm '\(blob(try action("sum").output))'")
        let one = project.bitlaw("verify")
        #expect(one.code == 3)
        #expect(
            one.output.contains("to be made again: output `out` of command "), "\(one.output)")
        #expect(one.output.hasSuffix("the next run makes 1 thing again; 0 are lost for good\n"))
        project.shell("find .cache/pins -name 'added-*' | sed 's/.*added-//' > added")
        let digest = String(project.read("added").prefix(64))
        #expect(added.isEmpty || added.count == 64)
        project.shell("rm -f '\(blob(digest))'")
        let two = project.bitlaw("verify")
        #expect(two.code == 3)
        #expect(two.output.contains("lost: the added file \(digest.prefix(8))"), "\(two.output)")
        #expect(two.output.hasSuffix("the next run makes 1 thing again; 1 is lost for good\n"))
        let json = project.bitlaw("verify --json")
        let found = try JSON(parsing: json.output)
        #expect(json.code == 3 && found["lost"]?.elements?.count == 1)
        #expect(found["remade"]?.elements?.count == 1)
    }

    @Test func `gc keeps the good outputs of a damaged result`() throws {
        let (key, output) = try action("sum")
        project.shell("echo x > '\(result(key))'")
        #expect(project.bitlaw("gc").code == 0)
        #expect(project.shell("test -e '\(blob(output))'") == 0)
        expectMended("1 ran, 24 cached in ", "")
    }

    // MARK: Runs

    @Test func `a folder in place of a record is told, and stops no command but gc`() throws {
        let store = try Store.open("\(project.path)/.cache")
        let name = try #require(try store.runNames().first)
        project.shell("rm '.cache/runs/\(name).json'; mkdir '.cache/runs/\(name).json'")
        for command in ["status", "plan", "run", "why"] {
            let target = command == "why" ? " sum" : ""
            let outcome = project.bitlaw("\(command) \(file)\(target)")
            #expect(outcome.code == 0, "\(command): \(outcome.error)")
        }
        let check = project.bitlaw("verify")
        #expect(check.code == 3)
        #expect(check.output.contains("expected a file, found a folder; left as it is"))
        #expect(check.output.contains("lost: runs/\(name).json: gc removes nothing until "))
        #expect(project.bitlaw("gc").code == 3)
    }

    @Test func `status lists a run that was killed, and one that goes on`() {
        project.write(
            "pipelines/slow.yaml",
            """
            experiment: slow
            seed: 1
            stages:
              a: {kind: command, params: {run: [sh, -c, "touch '\(project.path)/began'; while ! test -e '\(project.path)/go'; do sleep 0.01; done; echo x"]}}
            """)
        project.shell(
            "'\(Project.command)' run pipelines/slow.yaml -q >/dev/null 2>&1 & echo $! > engine; "
                + "while ! test -e began; do sleep 0.01; done")
        let running = project.bitlaw("status pipelines/slow.yaml")
        #expect(
            running.output.contains("  running  1 action begun or found\n"), "\(running.output)")
        project.shell(
            "kill -9 $(cat engine); while kill -0 $(cat engine) 2>/dev/null; do sleep 0.01; done")
        let killed = project.bitlaw("status pipelines/slow.yaml")
        #expect(
            killed.output.contains(
                "  unfinished: it was killed, or could not write its record; 1 action begun or found; "
                    + "bitlaw run goes on\n"), "\(killed.output)")
        #expect(
            project.bitlaw("status pipelines/slow.yaml --json").output.contains(
                "\"outcome\":\"unfinished\""))
        project.write("go", "")
    }

    // MARK: Descriptions of keys that came from anybody

    @Test(arguments: [
        (#""parameters":\{"#, #""parameters":{"x":1,"#),
        (#""parameters":\{.*?\}"#, #""parameters":{}"#),
        (#""count":\d+"#, #""count":-5"#), (#""count":\d+"#, #""count":1000000000000000"#),
        (#""count":\d+"#, #""count":"x""#), (#""inputs":\{.*\},"kind""#, #""inputs":{},"kind""#),
        (#""manifold":\["#, #""manifolds":["#),
        (#""manifold":\[(.*?)\]"#, #""manifold":[\1,\1]"#),
    ])
    func `verify --repair refuses a description of a key that is of no action`(
        pattern: String, other: String
    ) throws {
        project.write(
            "pipelines/spiral.yaml",
            """
            experiment: spiral
            seed: 1
            stages:
              manifold: {kind: spiral.manifold}
              mixture: {kind: spiral.mixture}
              points:
                kind: spiral.sample
                inputs: {manifold: manifold, mixture: mixture}
                params: {count: 20}
            """)
        try #require(project.bitlaw("run pipelines/spiral.yaml -q").code == 0)
        let key = try action("points", "points").key
        // The description under another key, with a result that names a blob which is nowhere.
        project.write(
            "forge.py",
            """
            import hashlib, json, os, re, subprocess, sys
            blob, result, pattern, other = sys.argv[1:]
            document = subprocess.check_output(['zstd', '-dcq', blob]).decode()
            changed = re.sub(pattern, other, document, count=1)
            assert changed != document
            key = hashlib.sha256(changed.encode()).hexdigest()
            for area in 'cas', 'actions': os.makedirs(f'.cache/{area}/{key[:2]}', exist_ok=True)
            open('document', 'w').write(changed)
            subprocess.check_call(['zstd', '-q', 'document', '-o', f'.cache/cas/{key[:2]}/{key[2:]}.zst'])
            forged = json.load(open(result))
            for member in 'sha256', 'made': forged.pop(member, None)
            forged['key'] = key
            for output in forged['outputs'].values(): output['digest'] = hashlib.sha256(b'gone').hexdigest()
            open(f'.cache/actions/{key[:2]}/{key[2:]}.json', 'w').write(json.dumps(forged))
            """)
        let forged = project.shell(
            "python3 forge.py '\(blob(key))' '\(result(key))' '\(pattern)' '\(other)'")
        try #require(forged == 0)
        let outcome = project.bitlaw("verify --repair")
        #expect(outcome.code == 3)
        #expect(!outcome.output.contains("signal"), "\(outcome.output)")
        #expect(
            outcome.output.contains("the description of its key is of no action"),
            "\(outcome.output)")
    }

    // MARK: Any bytes

    /// Changes something of a store: bytes, a length, a name, a member, or what stands there.
    private func change(_ random: inout SeededGenerator) {
        project.shell("find .cache -type f ! -path '*/quarantine/*' ! -name format | sort > files")
        let names = project.read("files").split(separator: "\n").map(String.init)
        guard let name = names.randomElement(using: &random) else { return }
        let path = "\(project.path)/\(name)"
        var bytes = bytesOfFile(path) ?? []
        switch Int.random(in: 0..<10, using: &random) {
        case 0: project.shell("rm '\(name)'; mkdir '\(name)'")
        case 1: project.shell("rm '\(name)'; mkfifo '\(name)'")
        case 2: project.shell("rm '\(name)'; ln -s /dev/zero '\(name)'")
        case 3: project.shell("truncate -s \(bytes.count / 2) '\(name)'")
        case 4: project.shell("mv '\(name)' '\(name)x'")
        case 5, 6:
            // Members of a document, without its own digest.
            guard var members = try? JSON(parsing: bytes).members else { return change(&random) }
            (members["sha256"], members["made"]) = (nil, nil)
            let member = members.keys.sorted().randomElement(using: &random) ?? ""
            members[member] = [.null, -1, 1e300, "x", [], [:]].randomElement(using: &random)
            project.write(name, JSON.object(members).canonicalText)
        default:
            guard !bytes.isEmpty else { return }
            let place = Int.random(in: bytes.indices, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try? writeWholeFile(bytes, to: path, .none)
        }
    }

    @Test func `no bytes in a store end a command by a signal, and a run mends what it reads`() {
        project.shell("cp -a .cache good")
        var random = SeededGenerator(4)
        let commands = [
            "plan \(file)", "status \(file)", "verify", "verify --repair", "gc", "why \(file) sum",
            "lock \(file)", "export \(file) --to out", "audit --unconfined \(file) sum",
            "run \(file) -q --verify", "push \(file) --to lab",
        ]
        for round in 0..<trials(10) {
            project.shell("rm -rf .cache; cp -a good .cache")
            for _ in 0..<Int.random(in: 1...3, using: &random) { change(&random) }
            for command in commands.shuffled(using: &random).prefix(2) {
                let outcome = project.bitlaw(command)
                #expect(
                    (0...4).contains(outcome.code), "\(round): \(command): \(outcome.error)")
            }
            let run = project.bitlaw("run \(file)")
            // A link in place of a fixed file or a folder is refused.
            if run.code == 3 && run.error.contains("found a link") { continue }
            #expect(run.code == 0, "\(round): \(run.error)")
            let again = project.bitlaw("run \(file)")
            #expect(again.output.hasPrefix("0 ran, 25 cached in "), "\(round): \(again.error)")
        }
    }

    @Test(arguments: ["echo damage", "head -c 40 /dev/zero", "printf ''"])
    func `a run mends damaged blobs that stand where its outputs belong`(damage: String) throws {
        let before = try project.digests()
        project.shell("chmod -R u+w .cache; for f in .cache/cas/*/*; do \(damage) > $f; done")
        let run = project.bitlaw("run \(file)")
        #expect(run.code == 0 && run.output.contains("25 ran"), "\(run.output)\(run.error)")
        #expect(try project.digests() == before)
        #expect(project.bitlaw("verify").code == 0)
    }

    @Test func `a run that a full disk ended is not called done`() {
        guard project.shell("mkdir disk; mount -t tmpfs -o size=2m tmpfs disk 2>/dev/null") == 0
        else {
            return skip("no permission to mount a small tmpfs, so the full disk was not tried")
        }
        defer { project.shell("umount disk") }
        project.write(
            "pipelines/full.yaml",
            """
            experiment: full
            seed: 1
            axes: {i: {count: 6}}
            stages:
              a:
                kind: command
                over: [i]
                params: {run: [python3, -c, "import random, sys; random.seed(${i}); sys.stdout.buffer.write(random.randbytes(600000))"]}
            """)
        let run = project.bitlaw("run pipelines/full.yaml -j1 --store disk/s")
        #expect(run.code == 3, "\(run.error)")
        #expect(run.error.contains("No space left on device"))
        let status = project.bitlaw("status pipelines/full.yaml --store disk/s")
        #expect(
            status.output.contains("  failed  ") || status.output.contains("  unfinished: "),
            "\(status.output)")
        #expect(!status.output.contains("  done  "))
    }

    // MARK: Kills

    @Test func `kill -9 within the first second of a run loses nothing that was finished`() throws {
        let expected = try project.digests()
        var random = SeededGenerator(17)
        for round in 0..<trials(12) {
            project.write(
                "pipelines/k.yaml", manyCells.replacing("seed: 1", with: "seed: 1\(round)"))
            let wait = Int.random(in: 0..<400, using: &random)
            project.shell(
                "'\(Project.command)' run pipelines/k.yaml -q >/dev/null 2>&1 & run=$!; sleep \(Double(wait) / 1000); "
                    + "kill -9 $run 2>/dev/null; wait $run 2>/dev/null; true")
            let finished = project.shell("exit $(ls .cache/actions/*/*.json | wc -l)")
            // With the killed run's notes, gc keeps all that it finished.
            #expect(project.bitlaw("gc").code == 0)
            #expect(project.shell("exit $(ls .cache/actions/*/*.json | wc -l)") == finished)
            let check = project.bitlaw("verify")
            #expect(check.code == 0, "\(check.output)")
            #expect(project.bitlaw("run pipelines/k.yaml -q").code == 0)
        }
        #expect(project.bitlaw("run \(file)").output.hasPrefix("0 ran, 25 cached in "))
        #expect(try project.digests() == expected)
        #expect(project.bitlaw("verify").code == 0)
    }

    // MARK: Versions

    @Test func `a store of format 1 is read as it is, and gets new members with new results`()
        throws
    {
        project.write(
            "old.py",
            """
            import glob, json, os, shutil, subprocess
            for name in 'cas', 'actions', 'runs': os.makedirs(f'old/{name}')
            open('old/format', 'w').write('bitlaw store 1\\n')
            open('old/CACHEDIR.TAG', 'w').write(open('.cache/CACHEDIR.TAG').read())
            for blob in glob.glob('.cache/cas/*/*'):
                place = blob.replace('.cache', 'old')
                os.makedirs(os.path.dirname(place), exist_ok=True)
                subprocess.check_call(['zstd', '-dqf', blob, '-o', 'plain'])
                subprocess.check_call(['zstd', '-q', 'plain', '-o', place])
            for result in glob.glob('.cache/actions/*/*'):
                place = result.replace('.cache', 'old')
                os.makedirs(os.path.dirname(place), exist_ok=True)
                json_ = json.load(open(result))
                for member in 'confined', 'madeWith', 'sha256', 'made': json_.pop(member, None)
                open(place, 'w').write(json.dumps(json_, sort_keys=True, separators=(',', ':')))
            record = json.load(open(glob.glob('.cache/runs/*.json')[0]))
            for member in 'sha256', 'made': record.pop(member, None)
            open('old/runs/2026-01-01T00-00-00Z-12345678.json', 'w').write(json.dumps(record))
            shutil.copytree('old', 'copy')
            """)
        try #require(project.shell("python3 old.py") == 0)
        let check = project.bitlaw("verify --store old")
        #expect(check.code == 0 && check.output.hasSuffix("0 damaged\n"), "\(check.output)")
        #expect(
            project.bitlaw("status \(file) --store old").output.contains("run 2026-01-01T00-00-00Z")
        )
        #expect(
            project.bitlaw("gc --store old").output.hasPrefix("removed 0 runs, 0 results, 0 blobs"))
        let run = project.bitlaw("run \(file) --store old")
        #expect(run.output.hasPrefix("0 ran, 25 cached in ") && run.error.isEmpty, "\(run.error)")
        #expect(
            project.shell("for d in cas actions; do diff -r copy/$d old/$d || exit 1; done") == 0)
        project.write("pipelines/many.yaml", manyCells.replacing("echo next", with: "echo new"))
        #expect(project.bitlaw("run \(file) --store old").output.hasPrefix("13 ran, 12 cached in "))
        #expect(project.shell("test $(grep -l '\"sha256\"' old/actions/*/* | wc -l) = 13") == 0)
        #expect(
            project.shell(
                "cd copy/actions && for f in */*; do cmp $f ../../old/actions/$f || exit 1; done")
                == 0)
    }

    @Test func `no command writes into a store of a newer version`() {
        project.shell("echo 'bitlaw store 2' > .cache/format; cp -a .cache before; mkdir other")
        #expect(project.bitlaw("run \(file) -q --store other/s").code == 0)
        for command in [
            "run \(file)", "plan \(file)", "status \(file)", "gc", "verify", "verify --repair",
            "add \(file)", "export \(file) --to out", "lock \(file)", "why \(file) sum",
            "show \(file) sum", "pull \(file) --from other/s",
            "push \(file) --store other/s --to .cache", "run \(file) --store other/s --also .cache",
        ] {
            let outcome = project.bitlaw(command)
            #expect(outcome.code == 3, "\(command): \(outcome.error)")
            #expect(
                outcome.error.contains("the store has format 2, this bitlaw knows up to 1"),
                "\(command): \(outcome.error)")
        }
        #expect(project.shell("diff -r before .cache") == 0)
    }
}
