import Canon
import LocalStore
import System
import TestSupport
import Testing

/// Records whose actions stand in parts.
@Suite struct RunPartTests {
    private let folder = TemporaryFolder()
    private var path: String { "\(folder.path)/s" }

    private func key(_ number: Int, _ version: Int) -> Digest {
        Digest(of: Array("\(number) \(version)".utf8).span)
    }

    /// Records a run of so many actions, of which some have another version and some were executed.
    private func record(
        _ store: Store, _ count: Int, versions: [Int: Int] = [:], ran: Range<Int> = 0..<0
    ) throws -> String {
        var list = RunActionList(store, count: count)
        for number in 0..<count {
            let key = key(number, versions[number] ?? 0)
            try list.add(
                RunActionList.Entry(
                    name: "a[n=\(number)]",
                    facts: "\"key\":\"\(key.hex)\",\"name\":\"a[n=\(number)]\"",
                    moreFacts: ",\"outputs\":{\"out\":\"\(key.hex)\"}",
                    state: ran.contains(number) ? "ran" : "cached",
                    remarks: ran.contains(number) ? ["twice": true] : [:]))
        }
        let name = try store.makeRunName("00000000")
        try store.addRun(
            list.record(["experiment": "x", "isWhole": true, "outcome": "done"]), name: name)
        return name
    }

    private func actions(_ store: Store, _ run: String) throws -> [JSON] {
        var found: [JSON] = []
        try #require(try store.run(run)).forEachAction { found.append($0) }
        return found
    }

    private func blobs(_ store: Store) throws -> Int { try store.verify().blobs }

    @Test(arguments: [1, 256, 257, 3000])
    func `actions come back in their order with what happened to them`(count: Int) throws {
        let store = try Store.open(path)
        let run = try record(store, count, ran: count / 3..<count / 2)
        let found = try actions(store, run)
        #expect(found.count == count)
        for (number, action) in found.enumerated() {
            let isRun = (count / 3..<count / 2).contains(number)
            #expect(action["key"]?.text == key(number, 0).hex)
            #expect(action["state"] == (isRun ? "ran" : "cached"))
            #expect(action["twice"] == (isRun ? true : nil))
            #expect(action["outputs"]?["out"]?.text == key(number, 0).hex)
        }
        let head = try #require(try store.run(run)).head
        #expect(head["format"] == (count <= 256 ? "bitlaw/run/1" : "bitlaw/run/2"))
        #expect(head["actions"] == nil)
        #expect(store.damage.isEmpty)
    }

    @Test func `a run that changed little adds little, wherever it changed it`() throws {
        let store = try Store.open(path)
        let first = try record(store, 20_000, ran: 0..<20_000)
        let before = try blobs(store)
        #expect((40...160).contains(before), "parts of some hundred lines: \(before)")
        let second = try record(store, 20_000, versions: [7000: 1], ran: 7000..<7001)
        #expect(try blobs(store) == before + 1)
        // Points more at the end, and then none at the beginning.
        _ = try record(store, 20_010)
        #expect(try blobs(store) <= before + 3)
        // The first run has a remark on each action.
        #expect(folder.read("s/runs/\(second).json").count < 20_000)
        #expect(try actions(store, first)[7000]["key"]?.text == key(7000, 0).hex)
        #expect(try actions(store, second)[7000]["key"]?.text == key(7000, 1).hex)
    }

    @Test func `a list of very many parts is in parts itself`() throws {
        let store = try Store.open(path)
        let count = 100_000
        let run = try record(store, count, ran: 0..<count)
        #expect(folder.read("s/runs/\(run).json").count < 10 << 20)
        var place = 0
        var isSame = true
        try #require(try store.run(run)).forEachAction { action in
            isSame = isSame && action["name"]?.text == "a[n=\(place)]"
            place += 1
        }
        #expect(isSame && place == count)
        let found = try #require(
            try JSON(parsing: folder.read("s/runs/\(run).json"))["actions"])
        #expect(found["levels"] == 2)
        #expect((found["parts"]?.elements?.count ?? .max) < 64)
    }

    @Test func `gc keeps the parts of kept runs, what they name, and nothing of others`() throws {
        do {
            let store = try Store.open(path)
            _ = try record(store, 600)
            _ = try record(store, 600, versions: [0: 1, 300: 1, 599: 1])
            for number in [0, 5] { try store.put(Array("\(number) 0".utf8)) }
        }
        let all = try Store.open(path, exclusive: true).collectGarbage(
            GarbagePolicy(), dryRun: false)
        #expect(all.blobs == 0)
        let store = try Store.open(path, exclusive: true)
        // The output of the action that only the older run has, and the parts that only it has.
        let report = try store.collectGarbage(GarbagePolicy(runs: 1), dryRun: false)
        #expect(report.runs.count == 1 && report.blobs > 1)
        #expect(!store.contains(key(0, 0)) && store.contains(key(5, 0)))
        #expect(try actions(store, try #require(try store.runNames().first)).count == 600)
    }

    @Test func `a part that is missing is told, costs its actions alone, and stops gc`() throws {
        let run: String
        let part: Digest
        do {
            let store = try Store.open(path)
            run = try record(store, 3000, ran: 0..<3000)
            let record = try JSON(parsing: folder.read("s/runs/\(run).json"))
            let parts = try #require(record["actions"]?["parts"]?.elements)
            part = try Digest(hex: try #require(parts[1]["digest"]?.text))
            let count = try #require(parts[1]["count"]?.integer)
            let first = try #require(parts[0]["count"]?.integer)
            folder.run("rm s/cas/\(part.hex.prefix(2))/\(part.hex.dropFirst(2)).zst")
            let found = try actions(store, run)
            #expect(found.count == 3000 - count)
            #expect(found[first]["name"]?.text == "a[n=\(first + count)]")
            #expect(found[first]["state"] == "ran")
            #expect(store.damage.map { $0.reason } == [missing(part)])
        }
        let store = try Store.open(path, exclusive: true)
        let refusal = #expect(throws: OperationalError.self) {
            try store.collectGarbage(GarbagePolicy(), dryRun: false)
        }
        #expect(refusal?.message.contains("runs/\(run).json: \(missing(part))") == true)
        #expect(try store.verify().damage.contains { $0.reason == missing(part) })
    }

    private func missing(_ part: Digest) -> String {
        "a part of its list of actions, the blob \(part.hex), is missing or damaged"
    }

    @Test(arguments: [
        (#""count":3000"#, #""count":2999"#), (#""levels":1"#, #""levels":9"#),
        (#""states":{"ran":[[0,2999]]}"#, #""states":{"ran":[[5,2],[3,4]]}"#),
        (#""remarks":{}"#, #""remarks":[]"#),
    ])
    func `a list of parts that does not fit is no record`(from: String, to: String) throws {
        let name = "2026-01-01T00-00-00Z-000000-1-00000000"
        do {
            let store = try Store.open(path)
            let run = try record(store, 3000)
            let parts = try #require(
                try JSON(parsing: folder.read("s/runs/\(run).json"))["actions"]?["parts"])
            let actions: JSON = [
                "count": 3000, "levels": 1, "parts": parts, "remarks": [:],
                "states": ["ran": [[0, 2999]]],
            ]
            let record: JSON = ["actions": actions, "format": "bitlaw/run/2"]
            let text = String(decoding: record.canonical(), as: UTF8.self)
            #expect(text.contains(from))
            try store.addRun(Array((text.replacing(from, with: to) + "\n").utf8), name: name)
            #expect(try store.run(name) == nil)
            #expect(store.damage.count == 1)
        }
        #expect(throws: OperationalError.self) {
            try Store.open(path, exclusive: true).collectGarbage(GarbagePolicy(), dryRun: false)
        }
    }
}
