import Canon
import Experiment
import System
import Testing

/// A kind that measures.
private enum TestClock: Stage {
    static let kind = Kind(
        name: "test.clock", version: 1, summary: "Measures.", source: "tests",
        outputs: [OutputPort("time", fileName: "time.json", "The time.")], isMeasurement: true)

    static func run(_ context: StageContext) throws { try context.write("time", "{}") }
}

/// What measurements belong to.
@Suite struct MachineFingerprintTests {
    private let text = """
        processor\t: 0
        model name\t: AMD EPYC 9R14
        flags\t\t: fpu avx2 avx512f

        processor\t: 1
        model name\t: something else

        """

    @Test func `the first processor's model and features count, the order of features does not`() {
        let own = MachineFingerprint.of(text)
        #expect(own.hasPrefix("AMD EPYC 9R14; features "))
        #expect(MachineFingerprint.of(text.replacing("avx2 avx512f", with: "avx512f avx2")) == own)
        #expect(MachineFingerprint.of(text.replacing(" avx512f", with: "")) != own)
        #expect(MachineFingerprint.of(text.replacing("9R14", with: "9R15")) != own)
    }

    @Test func `the machine is in the key of a measurement, and in no other`() throws {
        let kinds = KindRegistry([TestNumbers.self, TestClock.self], profile: { "none" })
        let text =
            "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers}, b: {kind: test.clock}}\n"
        let empty: [UInt8] = []
        let emptyDigest = Digest(of: empty.span)
        let graph = try ExperimentLoader.load(
            bytes: Array(text.utf8), path: "x.yaml", project: "/nowhere", registry: kinds)
        for action in graph.actions {
            let kind = graph.stage(of: action).kind
            let documents = ["one", "other"].map { machine in
                KeyDocument(
                    action: action, kind: kind, profile: nil, machine: machine, graph: graph,
                    contents: { _ in SourceContent(emptyDigest) })
            }
            #expect((documents[0].key != documents[1].key) == kind.isMeasurement)
            let json = try JSON(parsing: documents[0].bytes)
            #expect(json["machine"] == (kind.isMeasurement ? "one" : nil))
            #expect(json.canonical() == documents[0].bytes)
        }
    }

    @Test func `a family is the vendor's name and its number`() {
        let text = "processor : 0\nvendor_id : AuthenticAMD\ncpu family : 25\nmodel : 17\n"
        #expect(MachineFingerprint.family(of: text) == "AuthenticAMD family 25")
        #expect(
            MachineFingerprint.family(of: "CPU implementer : 0x41\nCPU part : 0xd40\n")
                == "CPU 0x41 0xd40")
        #expect(MachineFingerprint.family(of: "") == "unknown CPU")
    }

    @Test func `AArch64 is told by its numbers, and nothing at all has a name too`() {
        let arm = "processor : 0\nFeatures : fp asimd\nCPU implementer : 0x41\nCPU part : 0xd40\n"
        #expect(MachineFingerprint.of(arm).hasPrefix("CPU 0x41 0xd40; features "))
        #expect(MachineFingerprint.of("").hasPrefix("unknown CPU; features "))
        #expect(!MachineFingerprint.here.contains("\n"))
    }
}
