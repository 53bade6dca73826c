import Canon
import LocalStore
import System
import TestSupport
import Testing

@Suite struct ResultTests {
    private func result(
        _ store: Store, _ bytes: [UInt8], key: Digest, isConfined: Bool = true
    ) throws -> ActionResult {
        ActionResult(
            key: key, kind: "test", version: 1,
            outputs: [.init(name: "out", digest: try store.put(bytes), size: bytes.count)],
            log: nil,
            seconds: 0.5, madeAt: "2026-01-01T00:00:00Z",
            execution: ActionResult.Execution(isConfined: isConfined))
    }

    private let key = Digest(of: [UInt8(1)].span)

    private func name(_ key: Digest) -> String {
        "store/actions/\(key.hex.prefix(2))/\(key.hex.dropFirst(2)).json"
    }

    @Test
    func
        `a result comes back; an equal one is there already; one with other bits is kept beside it`()
        throws
    {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let first = try result(store, [1], key: key)
        #expect(try store.publish(first) == .stored)
        #expect(try store.result(for: key)?.result == first)
        #expect(try store.publish(first) == .alreadyThere)
        #expect(try store.publish(try result(store, [2], key: key)) == .conflict(first))
        #expect(try store.result(for: key)?.result == first)
        #expect(folder.run("test $(ls store/actions/*/*conflict* | wc -l) = 1") == 0)
    }

    @Test func `malformed results are set aside and treated as missing`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let good = try result(store, [1], key: key).json.canonicalText
        let hex = Digest(of: [UInt8(1)].span).hex
        let bad = [
            "", "{", "null", "[]", "{\"format\":\"bitlaw/result/2\"}",
            good.replacing("bitlaw/result/1", with: "bitlaw/result/9"),
            good.replacing("\"out\"", with: "\"../out\""),
            good.replacing("\"out\"", with: "\"/etc\""),
            good.replacing("\"key\":\"\(hex)", with: "\"key\":\"\(String(hex.reversed()))"),
            good.replacing("\"size\":1", with: "\"size\":-1"), String(good.dropLast()), good + good,
            good.replacing("\"seconds\":0.5", with: "\"seconds\":\"x\""),
        ]
        for (count, text) in bad.enumerated() {
            folder.run("mkdir -p 'store/actions/\(key.hex.prefix(2))'")
            folder.write(name(key), Array(text.utf8))
            #expect(try store.result(for: key) == nil, "\(text)")
            #expect(store.damage.count == count + 1)
        }
        #expect(try store.publish(try result(store, [1], key: key)) == .stored)
    }

    @Test(arguments: [true, false])
    func `every flipped bit of a result is damage, and none makes another result`(
        isConfined: Bool
    ) throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let plain = try result(store, [1], key: key, isConfined: isConfined)
        let first = plain.marked([AuthenticationCode(of: [1], key: [2])])
        _ = try store.publish(first)
        let good = folder.read(name(key))
        folder.run("rm -f '\(name(key))'")
        for place in good.indices {
            for bit in 0..<8 {
                var bad = good
                bad[place] ^= 1 << bit
                folder.write(name(key), bad)
                // What says who made it is under no digest: it may be a code of somebody else.
                if let found = try store.result(for: key)?.result {
                    #expect(found.marked([]) == plain && found.made != first.made, "byte \(place)")
                } else {
                    #expect(store.damage.last?.path.hasSuffix(name(key)) == true)
                }
            }
        }
        folder.run("rm -f '\(name(key))'")
        #expect(try store.publish(first) == .stored)
        #expect(try store.result(for: key)?.result == first)
    }

    @Test func `a result of a program that was not confined says so, and others say nothing`()
        throws
    {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        #expect(try !result(store, [1], key: key).json.canonicalText.contains("confined"))
        let made = try result(store, [1], key: key, isConfined: false)
        #expect(made.json["confined"] == false && made.marked([]) == made)
        #expect(ActionResult(asWritten: made.json.canonical(), key: key) == made)
        #expect(try ActionResult(json: made.json, key: key) == made)
        _ = try store.publish(made)
        #expect(try store.result(for: key)?.result.isConfined == false)
        var members = made.json.members ?? [:]
        for other: JSON in [true, 0, "false", .null] {
            members["confined"] = other
            members["sha256"] = nil
            members["sha256"] = .string(
                Digest(of: JSON.object(members).canonical().span).hex)
            #expect(throws: ResultFormatError.self) {
                try ActionResult(json: .object(members), key: key)
            }
        }
    }

    @Test func `a result hashes to its sha256, as jq and sha256sum tell`() throws {
        let folder = TemporaryFolder()
        guard isInstalled("jq", package: "jq", else: "a result's digest was not checked by others")
        else { return }
        let store = try Store.open("\(folder.path)/store")
        let made = try result(store, [1], key: key).marked([AuthenticationCode(of: [1], key: [2])])
        try store.publish(made)
        #expect(
            folder.run(
                "f='\(name(key))'; test $(jq -cS 'del(.sha256, .made)' $f | tr -d '\\n' | sha256sum "
                    + "| head -c64) = $(jq -r .sha256 $f)") == 0)
        #expect(folder.text(name(key)).contains(made.digest.hex))
    }

    @Test func `a result of an older version is read as it is; one with a member more is not`()
        throws
    {
        let made = try result(try Store.open("\(TemporaryFolder().path)/s"), [1], key: key)
        var members = made.json.members ?? [:]
        members["sha256"] = nil
        let old = JSON.object(members)
        #expect(try ActionResult(json: old, key: key) == made)
        #expect(ActionResult(asWritten: old.canonical(), key: key) == made)
        members["sha257"] = .string(made.digest.hex)
        #expect(
            throws: ResultFormatError(
                reason: "it has a member \"sha257\" and no sha256 of its members")
        ) {
            try ActionResult(json: .object(members), key: key)
        }
        members["sha257"] = nil
        members["sha256"] = .string(key.hex)
        #expect(
            throws: ResultFormatError(
                reason: "its members hash to \(made.digest.hex), its sha256 says \(key.hex)")
        ) {
            try ActionResult(json: .object(members), key: key)
        }
    }

    @Test func `what is made here takes the place of a result that nobody can use`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let made = try result(store, [1], key: key)
        let lost = ActionResult(
            key: key, kind: "test", version: 1,
            outputs: [.init(name: "out", digest: Digest(of: [UInt8(8)].span), size: 1)],
            log: nil, seconds: 0, madeAt: "")
        let gone = Digest(of: [UInt8(9)].span)
        let wrong = ActionResult(
            key: key, kind: "test", version: 1,
            outputs: [.init(name: "out", digest: gone, size: 1)],
            log: nil, seconds: 0, madeAt: "")
        try store.publish(wrong)
        // Not what only came from elsewhere.
        #expect(try store.publish(made) == .conflict(wrong))
        #expect(try store.result(for: key)?.result == wrong)
        #expect(try store.publish(made, made: true) == .conflict(wrong))
        #expect(try store.result(for: key)?.result == made)
        #expect(try store.publish(lost, made: true) == .conflict(made))
        #expect(try store.result(for: key)?.result == made)
        #expect(try store.candidates(for: key, layer: 0).count == 3)
    }

    @Test(arguments: [
        (#""kind":"test""#, #""kind":"tesu""#, "found one of tesu version 1 with the outputs out"),
        (#""version":1"#, #""version":3"#, "found one of test version 3"),
        (#""out":{"#, #""ouv":{"#, "with the outputs ouv"),
        (#""size":1"#, #""size":3"#, "expected 1 bytes of output out, found 3"),
    ])
    func `what is made here sets aside what an older version's damaged result says`(
        good: String, bad: String, reason: String
    ) throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let made = try result(store, [1], key: key)
        var members = made.json.members ?? [:]
        members["sha256"] = nil
        folder.run("mkdir -p 'store/actions/\(key.hex.prefix(2))'")
        folder.write(name(key), JSON.object(members).canonicalText.replacing(good, with: bad))
        #expect(try store.result(for: key) != nil)
        #expect(try store.publish(made, made: true) == .stored)
        #expect(store.damage.last?.reason.contains(reason) == true, "\(store.damage)")
        #expect(try store.result(for: key)?.result == made)
    }

    @Test func `the quick reader agrees with the JSON reader, also on every flipped bit`() throws {
        let results = [
            ActionResult(
                key: key, kind: "a.b", version: 12, outputs: [], log: nil, seconds: 3,
                madeAt: "2026-01-01T00:00:00Z"),
            ActionResult(
                key: key, kind: "mlp.train", version: 1,
                outputs: [
                    .init(name: "b", digest: Digest(of: [UInt8(2)].span), size: 0),
                    .init(name: "a-1", digest: key, size: 123_456_789),
                    .init(name: "c", digest: key, size: 30, isTree: true),
                ], log: key, seconds: 0.000123, madeAt: "2026-01-01T00:00:00Z",
                execution: ActionResult.Execution(
                    isResumed: true,
                    madeWith: MadeWith([
                        "cpu": "AMD family 25", "program.python3": "Python 3.11.2",
                    ])),
                made: [
                    AuthenticationCode(of: [1], key: [2]), AuthenticationCode(of: [3], key: [2]),
                ]),
            ActionResult(
                key: key, kind: "é\"", version: 1,
                outputs: [.init(name: "out", digest: key, size: 1)], log: nil, seconds: 1e-9,
                madeAt: ""),
        ]
        var quick = 0
        for result in results {
            let good = result.json.canonical()
            if ActionResult(asWritten: good, key: key) == result { quick += 1 }
            for place in good.indices {
                for bit in 0..<8 {
                    var bytes = good
                    bytes[place] ^= 1 << bit
                    guard let found = ActionResult(asWritten: bytes, key: key) else { continue }
                    #expect(found == (try? ActionResult(json: JSON(parsing: bytes), key: key)))
                }
            }
            for end in good.indices {
                #expect(ActionResult(asWritten: Array(good[..<end]), key: key) == nil)
            }
        }
        #expect(quick == 1)  // no outputs, and a text with an escape, are left to the JSON reader
    }

    @Test func `what a result was made with is under its digest, and short, plain and bounded`()
        throws
    {
        let plain = try result(try Store.open("\(TemporaryFolder().path)/s"), [1], key: key)
        func made(_ facts: [String: String]) -> ActionResult {
            ActionResult(
                key: key, kind: plain.kind, version: 1, outputs: plain.outputs, log: nil,
                seconds: 0.5,
                madeAt: plain.madeAt, execution: ActionResult.Execution(madeWith: MadeWith(facts)))
        }
        #expect(made([:]) == plain && made(["bad name": "x", "empty": ""]) == plain)
        let one = made(["cpu": "A"])
        #expect(one.digest != plain.digest && one.digest != made(["cpu": "B"]).digest)
        #expect(one.marked([AuthenticationCode(of: [1], key: [2])]).madeWith == one.madeWith)
        #expect(MadeWith(["a": "é\"\n\\x"]).facts == ["a": "?????x"])
        #expect(MadeWith(["a": String(repeating: "x", count: 1000)]).facts["a"]?.count == 200)
        let many = Dictionary(uniqueKeysWithValues: (0..<200).map { ("f\($0)", "x") })
        #expect(MadeWith(many).facts.count == 160)
        for bad: JSON in [
            [:], "x", ["a": 1], ["a": ""], ["../a": "x"], ["a": "é"],
            .object(many.mapValues { .string($0) }),
        ] {
            var members = one.json.members ?? [:]
            members["madeWith"] = bad
            members["sha256"] = nil
            members["sha256"] = .string(Digest(of: JSON.object(members).canonical().span).hex)
            #expect(
                throws: ResultFormatError(
                    reason: "expected 1 to 160 short texts by their names as its madeWith")
            ) { try ActionResult(json: .object(members), key: key) }
            #expect(ActionResult(asWritten: JSON.object(members).canonical(), key: key) == nil)
        }
    }

    @Test func `a lock excludes others until its holder goes`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        var lock = try store.tryLock(key)
        #expect(lock != nil)
        #expect(try store.tryLock(key) == nil)
        lock = nil
        #expect(try store.tryLock(key) != nil)
        _ = lock
    }

    @Test func `a run record comes back, newest first`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        try store.addRun(Array("{\"a\":1}".utf8), name: "2026-01-01T00-00-00Z-00000000")
        try store.addRun(Array("{\"a\":2}".utf8), name: "2026-01-02T00-00-00Z-00000000")
        #expect(try store.runNames().first == "2026-01-02T00-00-00Z-00000000")
        #expect(try store.run("2026-01-01T00-00-00Z-00000000")?.head["a"] == 1)
    }

    @Test func `gc keeps what the newest runs and pins reach, and removes the rest`() throws {
        let folder = TemporaryFolder()
        do {
            let store = try Store.open("\(folder.path)/store")
            for number in 1...3 {
                let document: [UInt8] = [100, UInt8(number)]
                let key = try store.put(document)
                _ = try store.publish(try result(store, [UInt8(number)], key: key))
                try store.addRun(
                    Array(
                        ("{\"format\":\"bitlaw/run/1\",\"experiment\":\"x\","
                            + "\"actions\":[{\"key\":\"\(key.hex)\"}]}")
                            .utf8),
                    name: "2026-01-0\(number)T00-00-00Z-00000000")
            }
            #expect(throws: OperationalError.self) {
                try Store.open("\(folder.path)/store", exclusive: true, waiting: 0)
            }
        }
        folder.run(
            "mkdir store/pins; printf '[\"\(Digest(of: [UInt8(1)].span).hex)\"]' > store/pins/mine")
        let store = try Store.open("\(folder.path)/store", exclusive: true)
        let plan = try store.collectGarbage(GarbagePolicy(runs: 1), dryRun: true)
        #expect(plan.runs.count == 2 && plan.results == 2 && plan.blobs == 3)
        #expect(try store.verify().blobs == 6)
        let done = try store.collectGarbage(GarbagePolicy(runs: 1), dryRun: false)
        #expect(done.blobs == 3)
        let report = try store.verify()
        #expect(report.blobs == 3 && report.results == 1 && report.incomplete.isEmpty)
        #expect(try store.collectGarbage(GarbagePolicy(), dryRun: true).blobs == 0)
    }

    @Test func `gc keeps what was added by hand until it is told to drop it`() throws {
        let folder = TemporaryFolder()
        do {
            let store = try Store.open("\(folder.path)/store")
            let added = try store.put([7, 7])
            try store.pinAdded(added)
            try store.pinAdded(added)
            try store.put([8])
        }
        let store = try Store.open("\(folder.path)/store", exclusive: true)
        #expect(try store.collectGarbage(GarbagePolicy(), dryRun: false).blobs == 1)
        let drop = GarbagePolicy(keepsAdded: false)
        #expect(try store.collectGarbage(drop, dryRun: true).blobs == 1)
        #expect(try store.bytes(of: Digest(of: [UInt8(7), 7].span)) == [7, 7])
        #expect(try store.collectGarbage(drop, dryRun: false).blobs == 1)
        #expect(try store.bytes(of: Digest(of: [UInt8(7), 7].span)) == nil)
    }
}
