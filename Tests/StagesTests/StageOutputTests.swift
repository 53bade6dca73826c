import Experiment
import System
import TestSupport
import Testing

/// Where a stage's outputs wait for the end of its action.
@Suite struct StageOutputTests {
    private static let kind = Kind(
        name: "test.kind", version: 1, summary: "A test.", source: "ours",
        outputs: [OutputPort("a", fileName: "a.txt", "A text.")])

    @Test(arguments: [0, 1 << 16, 1 << 16 + 1])
    func `a small output makes no file, a larger one does, and both are whole`(count: Int) throws {
        let folder = TemporaryFolder(named: "outputs")
        let context = StageContext(
            kind: Self.kind, parameters: Parameters(checked: [:]), seed: 0, folder: folder.path,
            inputs: [:])
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        try context.write("a", bytes)
        #expect(context.usesFolder == (count > 1 << 16))
        #expect(try namesInFolder(folder.path) == (count > 1 << 16 ? ["a.txt"] : []))
        #expect(try context.outputs["a"]?.bytes() == bytes)
    }

    @Test func `the last of what is written as one output counts`() throws {
        let folder = TemporaryFolder(named: "outputs")
        let context = StageContext(
            kind: Self.kind, parameters: Parameters(checked: [:]), seed: 0, folder: folder.path,
            inputs: [:])
        try context.write("a", "first")
        try writeWholeFile(Array("second".utf8), to: context.path(forOutput: "a"), .none)
        #expect(try context.outputs["a"]?.bytes() == Array("second".utf8))
        try context.write("a", "third")
        #expect(try context.outputs["a"]?.bytes() == Array("third".utf8))
    }
}
