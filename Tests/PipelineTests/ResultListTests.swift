import Canon
import Evidence
import Experiment
import Run
import System
import Testing

@Suite struct ResultListTests {
    private func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8).span) }

    private func list(_ names: [String]) -> ResultList {
        ResultList(
            origin: "x", experiment: "an experiment",
            entries: names.enumerated().map { place, name in
                .init(
                    name: name, kind: "law.fit/3", profile: place == 0 ? nil : "portable/1",
                    key: digest(name), outputs: [.init(name: "out", digest: digest(name + "o"))])
            })
    }

    @Test func `a lock file is read back as it was written, whatever the names`() throws {
        let names = ["a", "b[x=1 2]", "c[t=\"q\nr\"]", "\"d\"", " e", "ü[k=→]"]
        let list = list(names)
        let read = try ResultList(lock: Array(list.lockText.utf8), path: "x")
        #expect(read == list)
        #expect(read.lockText == list.lockText)
    }

    @Test(arguments: [
        ("", 1, "bitlaw lock 1"), ("bitlaw lock 1\n", 2, "a line with the experiment's name"),
        (
            "bitlaw lock 1\nexperiment a\naction x - k/1 a", 3,
            "action, key, profile, kind/version, name"
        ),
        ("bitlaw lock 1\nexperiment a\noutput", 3, "output, digest, name, and the action above"),
        ("bitlaw lock 1\nwhat", 2, "experiment, action or output"),
    ])
    func `what is no lock file is refused with its line`(text: String, line: Int, expected: String)
    {
        let error = #expect(throws: OperationalError.self) {
            try ResultList(lock: Array(text.utf8), path: "f.lock")
        }
        #expect(error?.message.hasPrefix("f.lock:\(line): expected \(expected), found ") == true)
    }

    @Test func `a newer lock file is told apart from a damaged one`() {
        let error = #expect(throws: OperationalError.self) {
            try ResultList(lock: Array("bitlaw lock 2\n".utf8), path: "f.lock")
        }
        #expect(error?.code == .newerFormat)
    }

    @Test func `differences of keys are told by member`() throws {
        let a = try JSON(
            parsing:
                #"{"kind":"k","version":1,"seed":"0x1","parameters":{"n":1,"m":2},"inputs":{"p":[{"digest":"a"}]}}"#
        )
        let b = try JSON(
            parsing:
                #"{"kind":"k","version":2,"seed":"0x1","parameters":{"n":3,"o":2},"inputs":{"p":[{"digest":"b"}]}}"#
        )
        #expect(
            KeyFields.differences(a, b).map { $0.text } == [
                "version: 1 → 2", "parameter m: 2 → (none)", "parameter n: 1 → 3",
                "parameter o: (none) → 2", "input p: \"a\" → \"b\"",
            ])
        #expect(
            KeyFields.differences(a, b).map { $0.isInput } == [false, false, false, false, true])
    }

    @Test func `a sample has every kind, costs of every size, and follows from its seed alone`() {
        let candidates = (0..<100).map { index in
            (
                index: index, name: "a\(index)", kind: index < 10 ? "rare" : "common",
                seconds: Double(index % 7)
            )
        }
        let one = AuditSample.choose(candidates, size: .fraction(0.1), seed: 4)
        #expect(one.count == 10)
        #expect(one == AuditSample.choose(candidates.reversed(), size: .fraction(0.1), seed: 4))
        #expect(one != AuditSample.choose(candidates, size: .fraction(0.1), seed: 5))
        #expect(one.count { $0 < 10 } == 1)
        // Nine slices of the common kind, from the cheapest to the costliest.
        let costs = Set(one.filter { $0 >= 10 }.map { $0 % 7 })
        #expect(costs.count >= 5)
        #expect(AuditSample.choose(candidates, size: .count(1), seed: 0).count == 1)
        #expect(AuditSample.choose(candidates, size: .count(1000), seed: 0).count == 100)
        #expect(SampleSize("5%") == .fraction(0.05))
        #expect([SampleSize("0"), SampleSize("x"), SampleSize("101%")] == [nil, nil, nil])
    }

    /// Values by Python: `f"{x:.3f}"` and the like, where no tie is involved.
    @Test(arguments: [
        ("0.350", 0.34728, "0.347", false), ("0.347", 0.34728, "0.347", true),
        ("35", 34.728, "35", true), ("1.2e-3", 0.00123, "1.2e-3", true),
        ("-0.5", -0.549999, "-0.5", true), ("0.0", -0.01, "0.0", true),
        ("10.0", 9.96, "10.0", true),
        ("0.10", 1e-7, "0.00", false), ("100", 99.5, "100", true), ("2.5", 2.45, "2.5", true),
    ])
    func `numbers are compared and written with the digits of the paper`(
        written: String, number: Double, text: String, holds: Bool
    ) throws {
        let written = try #require(WrittenNumber(written))
        #expect(written.isRounding(of: number) == holds)
        #expect(written.writing(number) == text)
    }

    @Test func `paths lead into documents, and say where they end`() throws {
        let document = try JSON(parsing: #"{"a":{"b":[10,{"c.d":5}]}}"#)
        let path = try #require(JSONPath("a.b[0]"))
        #expect(try path.value(in: document) == 10)
        let pointer = try #require(JSONPath("/a/b/1/c.d"))
        #expect(try pointer.value(in: document) == 5)
        #expect(JSONPath("a..b") == nil)
        #expect(JSONPath("a[x]") == nil)
        let wrong = try #require(JSONPath("a.x"))
        #expect(throws: ClaimFailure(reason: "a.x: no x there; expected one of b")) {
            try wrong.value(in: document)
        }
    }
}
