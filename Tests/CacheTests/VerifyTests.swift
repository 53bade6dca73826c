import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

/// `verify` reads everything, and goes on whatever it finds.
@Suite struct VerifyTests {
    private let folder = TemporaryFolder()
    private var path: String { "\(folder.path)/s" }

    /// A store with three results and a run of them.
    private func makeStore() throws -> (results: [ActionResult], run: String) {
        let store = try Store.open(path)
        let results = try (0..<3).map { number in
            try SharingWorld.make(
                store, key: "{\"kind\":\"test\",\"number\":\(number),\"version\":1}",
                outputs: ["out": Array("output \(number)".utf8)])
        }
        let actions = results.map { result in
            "{\"key\":\"\(result.key.hex)\",\"outputs\":{\"out\":\"\(result.outputs[0].digest.hex)\"},"
                + "\"state\":\"ran\"}"
        }
        let name = try store.makeRunName("00000000")
        try store.addRun(
            Array(
                ("{\"actions\":[\n\(actions.joined(separator: ",\n"))],\n\"experiment\":\"x\","
                    + "\"format\":\"bitlaw/run/1\",\"isWhole\":true,\"outcome\":\"done\"}\n").utf8),
            name: name)
        return (results, name)
    }

    private func blob(_ digest: Digest) -> String {
        "s/cas/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2)).zst"
    }

    private func file(_ key: Digest) -> String {
        "s/actions/\(key.hex.prefix(2))/\(key.hex.dropFirst(2)).json"
    }

    private func verify() throws -> VerifyReport {
        try Store.open(path).verify(outputs: { $0 == "test" && $1 == 1 ? ["out"] : nil })
    }

    /// The reasons by the paths in the store.
    private func reasons(_ report: VerifyReport) -> [String: String] {
        Dictionary(
            report.damage.map { (String($0.path.dropFirst(path.count + 1)), $0.reason) }
        ) { first, _ in first }
    }

    @Test func `a store that is whole has nothing to tell`() throws {
        let (results, _) = try makeStore()
        let report = try verify()
        #expect(report.damage.isEmpty && report.missing.isEmpty && report.strange.isEmpty)
        #expect((report.blobs, report.results, report.others) == (6, 3, ["runs": 1]))
        #expect(report.bytes == results.count * ("output 0".utf8.count + 38))
    }

    @Test(arguments: [
        ("mkdir", "expected a file, found a folder"),
        ("mkfifo", "expected a file, found a pipe"),
        ("ln -s /dev/zero", "expected a file of the store, found a link"),
        ("ln -s nowhere", "expected a file of the store, found a link"),
        (
            "python3 -c 'import socket,sys,os; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1])[:90]); os.rename(os.path.basename(sys.argv[1])[:90], os.path.basename(sys.argv[1]))'",
            "expected a file, found a socket"
        ),
    ])
    func `what stands in place of a blob and of a result is named, set aside, and the rest is read`(
        maker: String, reason: String
    ) throws {
        let (results, _) = try makeStore()
        for place in [blob(results[0].outputs[0].digest), file(results[1].key)] {
            folder.run("rm -f '\(place)'; \(maker) '\(place)'")
        }
        let report = try verify()
        #expect(report.blobs == 6 && report.results == 3)
        #expect(report.damage.count == 2)
        #expect(report.damage.allSatisfy { $0.reason == reason && $0.outcome == .setAside })
        #expect(report.incomplete == [results[0].key])
        #expect(try Store.open(path).put(Array("output 0".utf8)) == results[0].outputs[0].digest)
        #expect(try Store.open(path).publish(results[1]) == .stored)
        let second = try verify()
        #expect(second.damage.isEmpty && second.missing.isEmpty && second.quarantined == 2)
    }

    @Test(arguments: ["mkdir", "ln -s nowhere", "mkfifo"])
    func `nothing that stands in its place keeps a blob out`(maker: String) throws {
        let (results, _) = try makeStore()
        let digest = results[0].outputs[0].digest
        folder.run("rm -f '\(blob(digest))'; \(maker) '\(blob(digest))'")
        let store = try Store.open(path)
        #expect(!store.contains(digest))
        try store.put(Array("output 0".utf8))
        #expect(try store.bytes(of: digest) == Array("output 0".utf8))
    }

    @Test func `a blob that may not be read is named, and one that can be read takes its place`()
        throws
    {
        if geteuid() == 0 { return skip("root may read all: a blob of mode 000 was not tried") }
        let (results, _) = try makeStore()
        let digest = results[0].outputs[0].digest
        folder.run("chmod 000 '\(blob(digest))'")
        let report = try verify()
        #expect(report.blobs == 6)
        #expect(report.damage.map { $0.outcome } == [.stays])
        #expect(report.incomplete == [results[0].key])
        let store = try Store.open(path)
        try store.put(Array("output 0".utf8))
        #expect(try store.bytes(of: digest) == Array("output 0".utf8))
    }

    @Test(arguments: ["cas", "actions", "runs"])
    func `a folder of the store that is gone is made again, and told`(name: String) throws {
        let (results, _) = try makeStore()
        folder.run("rm -r s/\(name)")
        let report = try verify()
        #expect(reasons(report) == [name: "the folder was gone"])
        #expect(report.damage[0].outcome == .madeAnew)
        #expect(folder.run("test -d s/\(name)") == 0)
        switch name {
        case "cas": #expect(report.incomplete == results.map { $0.key }.sorted())
        case "actions":
            #expect(Set(report.missing.map { $0.digest }) == Set(results.map { $0.key }))
        default: #expect(report.missing.isEmpty)
        }
    }

    @Test func `a folder without anything of value is made again without a word`() throws {
        _ = try makeStore()
        folder.run("rm -r s/tmp s/locks s/quarantine")
        #expect(try verify().damage.isEmpty)
        #expect(folder.run("test -d s/tmp -a -d s/locks -a -d s/quarantine") == 0)
    }

    @Test func `a file in place of a shard, and a folder in place of the index, are set aside`()
        throws
    {
        let (results, _) = try makeStore()
        let shard = results[0].outputs[0].digest.hex.prefix(2)
        folder.run("rm -r s/cas/\(shard); echo x > s/cas/\(shard); rm -f s/index; mkdir s/index")
        let found = reasons(try verify())
        #expect(found["cas/\(shard)"] == "expected a folder, found something else")
        #expect(found["index"] == "expected a file, found something else")
        #expect(try verify().damage.isEmpty)
    }

    @Test(arguments: ["mkdir", "mkfifo"])
    func `what stands in place of a lock, a pin or the notes on exports is set aside`(
        maker: String
    ) throws {
        let (results, _) = try makeStore()
        let added = results[0].outputs[0].digest
        do {
            let store = try Store.open(path)
            try store.pinAdded(added)
            try store.pinPushed([results[0].key])
            try store.keep(ExportLedger(folder: "../out"))
        }
        folder.run(
            "for f in s/locks/* s/pins/* s/exports/*; do rm \"$f\"; \(maker) \"$f\"; done")
        do {
            let store = try Store.open(path)
            try store.pinAdded(added)
            try store.pinPushed([results[0].key])
            #expect(try store.exportLedger(of: "\(folder.path)/out").isDamaged)
            try store.keep(ExportLedger(folder: "../out"))
        }
        let report = try verify()
        #expect(report.damage.isEmpty && report.missing.isEmpty, "\(report.damage)")
        #expect(report.quarantined >= 4)
    }

    @Test func `a blob and a result in a wrong shard are put back where they belong`() throws {
        let (results, _) = try makeStore()
        let (moved, other) = (results[0].outputs[0].digest, results[1].outputs[0].digest)
        folder.run(
            """
            mkdir s/cas/zz s/actions/zz; mv '\(blob(moved))' s/cas/zz/; mv '\(file(results[2].key))' s/actions/zz/
            mkdir -p s/cas/00; mv '\(blob(other))' s/cas/00/
            """)
        let report = try verify()
        #expect(report.damage.count == 3)
        #expect(report.missing.isEmpty)
        for damage in report.damage {
            guard case .putBack = damage.outcome else {
                Issue.record("\(damage)")
                continue
            }
        }
        #expect(try verify().damage.isEmpty)
    }

    @Test func `what has no name of the store is told, and stays`() throws {
        _ = try makeStore()
        folder.run(
            "mkdir s/cas/notes; touch s/cas/x s/cas/notes/y s/mine"
        )
        let report = try verify()
        #expect(Set(report.strange) == ["cas/notes/y", "cas/x", "mine"])
        #expect(report.damage.isEmpty)
        #expect(folder.run("test -e s/cas/notes/y -a -e s/mine") == 0)
    }

    @Test(arguments: [
        ("\"size\":8", "\"size\":9", "it says that `out` has 9 bytes, it has 8"),
        (
            "\"size\":8", "\"size\":9007199254740992",
            "it says that `out` has 9007199254740992 bytes, it has 8"
        ),
        ("\"out\":{", "\"nope\":{", "expected the outputs out of test, found nope"),
    ])
    func `a result that says what is not so is set aside`(old: String, new: String, reason: String)
        throws
    {
        let (results, _) = try makeStore()
        let name = file(results[0].key)
        // As an older version wrote it: without its own digest.
        var members = try #require(try JSON(parsing: folder.read(name)).members)
        members["sha256"] = nil
        folder.run("chmod u+w '\(name)'")
        folder.write(name, JSON.object(members).canonicalText.replacing(old, with: new))
        let report = try verify()
        #expect(report.damage.map { $0.reason } == [reason])
        #expect(try Store.open(path).result(for: results[0].key) == nil)
    }

    @Test func `a result without outputs is none`() throws {
        let (results, _) = try makeStore()
        let empty = ActionResult(
            key: results[0].key, kind: "test", version: 1, outputs: [], log: nil, seconds: 1,
            madeAt: "2026-01-01T00:00:00Z")
        folder.run("rm '\(file(results[0].key))'")
        try Store.open(path).publish(empty)
        let report = try verify()
        #expect(
            report.damage.map { $0.reason } == ["expected the outputs out of test, found none"])
    }

    @Test func `records, notes, pins, signatures, states and export lists are read too`() throws {
        let (results, run) = try makeStore()
        let added: Digest
        do {
            let store = try Store.open(path)
            added = try store.put([7, 7])
            try store.pinAdded(added)
            try store.pinPushed([results[0].key])
            let account = try #require(AccountSecret(bytes: [UInt8](repeating: 7, count: 32)))
            let key = account.stateKey(for: results[0].key)
            try store.keepCheckpoint([1, 2, 3], for: results[0].key, by: key)
            let signature = try #require(results[0].signature(by: SharingWorld.key(1)))
            try store.add(signatures: [signature], of: results[0])
            try store.keep(ExportLedger(folder: "../out"))
        }
        let whole = try verify()
        #expect(whole.damage.isEmpty && whole.missing.isEmpty)
        #expect(
            whole.others == [
                "runs": 1, "pins": 2, "signatures": 1, "exports": 1, "checkpoints": 1,
            ])
        folder.run(
            """
            chmod -R u+w s; echo >> s/runs/\(run).json; echo '{}' > s/runs/x.begun
            for f in s/pins/*; do echo x > "$f"; done
            for f in s/signatures/*/* s/exports/* s/checkpoints/*; do printf x | dd of="$f" conv=notrunc bs=1 seek=20 2>/dev/null; done
            """)
        let report = try verify()
        let kept = report.damage.filter { $0.outcome == .stays }.map {
            $0.path.dropFirst(path.count + 1)
        }
        #expect(Set(kept.map { $0.prefix(5) }) == ["runs/", "pins/"])
        #expect(kept.count >= 2)
        let found = reasons(report)
        #expect(found["runs/x.begun"]?.hasPrefix("expected `format`") == true)
        #expect(found["pins/added-\(added.hex)"] == "expected a list of the digest in its name")
        #expect(found.keys.count { $0.hasPrefix("signatures/") } == 1)
        #expect(found.keys.count { $0.hasPrefix("exports/") } == 1)
        #expect(found.keys.count { $0.hasPrefix("checkpoints/") } == 1)
        #expect(folder.text("s/pins/added-\(added.hex)") == "[\"\(added.hex)\"]")
    }

    @Test func `an added file, a pinned result and a recorded result that are gone are named`()
        throws
    {
        let (results, run) = try makeStore()
        do {
            let store = try Store.open(path)
            try store.pinAdded(try store.put([7, 7]))
            try store.pinPushed([Digest(of: [9].span)])
        }
        let added = Digest(of: [UInt8(7), 7].span)
        folder.run("rm '\(blob(added))' '\(file(results[1].key))'")
        let missing = try verify().missing
        #expect(missing.contains { $0.digest == added && $0.role == .added })
        #expect(missing.contains { $0.digest == results[1].key && $0.role == .result(run: run) })
        #expect(missing.count == 3)
    }

    @Test(arguments: 0..<2)
    func `a changed byte of a record, a pin or a result is told, or changes nothing that it says`(
        seed: UInt64
    ) throws {
        let (results, run) = try makeStore()
        try Store.open(path).pinPushed([results[0].key])
        folder.run("chmod -R u+w s; ls s/pins/* > names")
        let pin = String(folder.text("names").dropLast())
        var random = SeededGenerator(seed)
        for name in ["s/runs/\(run).json", pin, file(results[0].key)] {
            let good = folder.read(name)
            let meaning = try JSON(parsing: good)
            for place in good.indices {
                var bad = good
                bad[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                folder.write(name, bad)
                let report = try verify()
                let isTold = !report.damage.isEmpty || !report.missing.isEmpty
                #expect(
                    isTold || isSame(try? JSON(parsing: bad), meaning), "\(name): byte \(place)")
                folder.run("rm -rf s/quarantine; mkdir -p '\(ProjectFolder.folder(of: name))'")
                folder.write(name, good)
            }
        }
        #expect(try verify().damage.isEmpty)
    }

    /// Whether two documents say the same of results: when and how long does not count.
    private func isSame(_ one: JSON?, _ other: JSON) -> Bool {
        func core(_ json: JSON?) -> JSON? {
            guard var members = json?.members else { return json }
            for name in ["seconds", "madeAt", "sha256", "log"] { members[name] = nil }
            return .object(members.filter { name, _ in other[name] != nil })
        }
        return core(one) == core(other)
    }
}
