import Canon
import Experiment
import Testing

/// Places as they were written before.
@Suite struct OldPlaceTests {
    @Test(arguments: [
        ("[cat, '{inputs}']", "{inputs}", "${inputs.NAME}"),
        ("[cat, '{0}']", "{0}", "${inputs.NAME}"), ("[cat, '{12}']", "{12}", "${inputs.NAME}"),
        ("[p, '--out={output}']", "{output}", "${outputs.NAME}"),
        ("[p, '{seed}']", "{seed}", "${seed}"),
        ("[sh, -c, 'cat {inputs} > {output}']", "{inputs}", "${inputs.NAME}"),
        ("'sort {0} | uniq'", "{0}", "${inputs.NAME}"),
        ("[sh, -c, 'x=\"{seed}\"']", "{seed}", "${seed}"),
    ])
    func `an old place is refused with what is written now`(run: String, old: String, now: String) {
        let text = programMistakes(programStage("params: {run: \(run)}"))
        #expect(text.contains("error: `\(old)` stands for nothing any more"), "\(text)")
        #expect(text.contains("write \(now)\n"), "\(text)")
        #expect(text.contains("where the text is meant: ${'\(old)'}"), "\(text)")
    }

    @Test(arguments: [
        #"[python3, -c, "print(f'{0} {seed}')"]"#, "[awk, 'BEGIN{0}']", "[p, 'x{0}y']",
        "[p, '{0,1}']",
    ])
    func `where braces may be meant they are text, and at most a warning tells`(run: String) {
        #expect(programMistakes(programStage("params: {run: \(run)}")) == "")
    }

    @Test func `an expression writes the old text where it is meant`() throws {
        let graph = try loadPrograms(programStage(#"params: {run: [p, "${'{inputs}'}"]}"#))
        #expect(graph.actions.last?.parameters["run"] == ["p", "{inputs}"])
    }

    @Test func `a warning is told once, for however many actions`() throws {
        let graph = try loadPrograms(
            programStage(
                #"params: {run: [python3, -c, "print(f'{seed}', ${n})"]}"#, over: "n"))
        #expect(graph.warnings.filter { $0.message.contains("`{seed}` is text") }.count == 1)
    }
}
