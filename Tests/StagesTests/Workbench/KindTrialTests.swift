import Canon
import Experiment
import Glibc
import Numerics
import System
import TestSupport
import Testing
import Workbench

/// A kind that is tried outside of any run.
@Suite struct KindTrialTests {
    /// Writes its parameters, seed and inputs down.
    private enum Echo: Stage {
        static let kind = Kind(
            name: "test.echo", version: 1, summary: "Tells what it was given.", source: "ours",
            parameters: [
                Parameter("count", .integer(1...9), default: 3, "A number of things."),
                Parameter("name", .text, "A name without a default."),
            ],
            inputs: [InputPort("given", "any bytes", isOptional: true, isCollection: true)],
            outputs: [
                OutputPort("echo", fileName: "echo.json", "What was given."),
                OutputPort("copy", fileName: "copy.txt", "The files one after the other."),
            ], isRandom: true, usesProfile: true)

        static func run(_ context: StageContext) throws {
            context.log("one line")
            context.remark("a remark")
            let inputs = context.inputs("given")
            let echo: JSON = [
                "count": .number(Double(context.parameters.integer("count"))),
                "name": .string(context.parameters.text("name")),
                "seed": .string("\(context.seed)"),
                "profile": .string(try context.arithmetic.profile),
                "axes": .array(inputs.map { $0.coordinates.first?.value ?? .null }),
            ]
            try context.write("echo", echo.pretty())
            let files = try inputs.flatMap { try readRequiredFile($0.path()) }
            if context.parameters.text("name") != "lazy" { try context.write("copy", files) }
        }
    }

    @Test func `a trial gives a stage what a worker would, and takes its outputs`() throws {
        let trial = try KindTrial(
            Echo.self, parameters: ["name": "x"], seed: 7,
            inputs: [
                "given": [
                    TrialInput(text: "a\n", at: [Coordinate(axis: "n", value: 1)]),
                    TrialInput(json: ["b": 2]), TrialInput(bytes: [10]),
                ]
            ])
        #expect(
            try trial.json("echo") == [
                "count": 3, "name": "x", "seed": "7", "profile": "portable/1",
                "axes": [1, .null, .null],
            ])
        #expect(trial.text("copy") == "a\n{\"b\":2}\n")
        #expect(trial.digest("copy") == Digest(of: Array("a\n{\"b\":2}\n".utf8).span))
        #expect(trial.log == ["one line", "a remark"])
    }

    @Test(
        arguments: [
            (["name": "x", "count": 10], "test.echo/1: expected `count` to be "),
            ([:], "test.echo/1: expected a parameter `name` ("),
            (["name": "x", "other": 1], "test.echo/1: it has no parameter `other`"),
            (["name": "lazy"], "test.echo: expected the output `copy`, found none\n  fix: "),
        ] as [([String: JSON], String)])
    func `what does not fit is told in words`(parameters: [String: JSON], expected: String) {
        let found = failure { _ = try KindTrial(Echo.self, parameters: parameters) }
        #expect(found.hasPrefix(expected), "\(found)")
    }

    @Test func `an input that the kind does not have is told, and so is a folder that is missing`()
    {
        #expect(
            failure {
                let inputs = ["others": [TrialInput(text: "")]]
                _ = try KindTrial(Echo.self, parameters: ["name": "x"], inputs: inputs)
            } == "test.echo/1: it has no input `others`")
        #expect(
            failure {
                _ = try KindTrial(Echo.self, parameters: ["name": "x"], in: "/nonexistent")
            }.hasPrefix("/nonexistent: cannot make a folder there"))
    }

    @Test func `nothing stays behind`() throws {
        let folder = TemporaryFolder()
        _ = try KindTrial(Echo.self, parameters: ["name": "x"], in: folder.path)
        _ = try? KindTrial(Echo.self, parameters: ["name": "lazy"], in: folder.path)
        #expect(try namesInFolder(folder.path).isEmpty)
    }

    @Test func `normals in one piece are those that come one by one`() {
        var one = RandomStream(seed: 3, purpose: "normals")
        var all = one
        #expect(all.normals(37) == (0..<37).map { _ in one.normal() })
        #expect(all.normal() == one.normal())
    }
}
