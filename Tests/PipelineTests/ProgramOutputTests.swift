import Canon
import Experiment
import Testing

/// Where programs write their outputs.
@Suite struct ProgramOutputTests {
    @Test(arguments: [
        "/abs", "../up", "a/../b", ".", "./a", "a//b", "", "/", "inputs", "inputs/x", "inputs/",
        "a/./b", "a//",
    ])
    func `a path that leaves the work folder or stands in the inputs is refused`(path: String) {
        let text = programMistakes(
            programStage("params: {run: [p], outputs: {good: g.json, m: '\(path)'}}"))
        #expect(text.hasPrefix("x.yaml:10:"), "\(text)")
        #expect(text.contains("error: output `m` is \"\(path)\""), "\(text)")
        #expect(
            text.contains("expected: a path in the work folder, such as metrics.json"), "\(text)")
    }

    @Test(arguments: [
        ("{a: x, b: x}", "x, where output `a` is"), ("{a: x/, b: x}", "x, where output `a` is"),
        ("{a: x/, b: x/y}", "x/y, where output `a` is"),
        ("{a: x/y/z, b: x/}", "x/, where output `a` is"),
        ("{a: x/y, b: x}", "x, where output `a` is"),
    ])
    func `two outputs have places of their own`(outputs: String, found: String) {
        let text = programMistakes(programStage("params: {run: [p], outputs: \(outputs)}"))
        #expect(text.contains("error: output `b` is \(found)"), "\(text)")
    }

    @Test(arguments: [
        ("{}", "`outputs` is {}"), ("[m]", "`outputs` is [\"m\"]"),
        ("m.json", "`outputs` is \"m.json\""),
        ("{m: 3}", "output `m` is 3"), ("{m: [x]}", "output `m` is [\"x\"]"),
        ("{m: }", "output `m` is null"), ("{'a b': x}", "output `a b` is the name `a b`"),
        ("{.a: x}", "output `.a` is the name `.a`"), ("{é: x}", "output `é` is the name `é`"),
    ])
    func `what is no declaration of outputs is told`(outputs: String, found: String) {
        let text = programMistakes(programStage("params: {run: [p], outputs: \(outputs)}"))
        #expect(text.contains("error: \(found)"), "\(text)")
        #expect(text.hasPrefix("x.yaml:10:"), "\(text)")
    }

    /// Unicode's two ways to write é are two names of files here.
    @Test func `paths compare by bytes`() throws {
        let graph = try loadPrograms(
            programStage(
                "params: {run: [p], outputs: {a: \"\u{e9}\", b: \"e\u{301}\", c: \"e\u{301}x/\"}}"))
        let outputs = graph.stages.last?.kind.outputs ?? []
        #expect(
            outputs.map { Array($0.fileName.utf8) }
                == [[0xC3, 0xA9], [0x65, 0xCC, 0x81], [0x65, 0xCC, 0x81, 0x78]])
        #expect(outputs.map { $0.isTree } == [false, false, true])
    }

    @Test func `a name that only begins as a folder's is a place of its own`() {
        #expect(
            programMistakes(
                programStage("params: {run: [p], outputs: {a: x/, b: xy, c: inputs2/z}}")) == "")
    }
}
