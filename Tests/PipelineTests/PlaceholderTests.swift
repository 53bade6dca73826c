import Experiment
import Run
import TestSupport
import Testing

/// Places in a program's words: what is filled in, and what stays text.
@Suite struct PlaceholderTests {
    private func arguments(_ words: [String], inputs: [String] = ["A", "B"]) -> [String] {
        CommandCall(words: words).arguments(inputs: inputs, seed: 7)
    }

    @Test(arguments: [
        ("{0}", ["A"]), ("x{1}y", ["xBy"]), ("{inputs}", ["A", "B"]), ("<{inputs}>", ["<A B>"]),
        ("{output}", ["./out"]), ("{seed}", ["7"]), ("{{0}}", ["{0}"]), ("{{{0}}}", ["{{0}}"]),
        ("{{seed}}", ["{seed}"]), ("{{0}", ["{A"]), ("{0}}", ["A}"]), ("a{2}", ["a{2}"]),
        ("{}", ["{}"]),
        ("{Seed}", ["{Seed}"]), ("{name}", ["{name}"]), ("{ 0 }", ["{ 0 }"]), ("{00}", ["{00}"]),
        ("{99999999999999999999}", ["{99999999999999999999}"]), ("{0}{1}{0}", ["ABA"]),
        ("é{0}é", ["éAé"]),
        ("{1+1}", ["{1+1}"]), ("{inputs[0]}", ["{inputs[0]}"]), ("", [""]), ("{", ["{"]),
        ("}{", ["}{"]),
    ])
    func `a place is filled in once, and another pair of braces makes it text`(
        word: String, expected: [String]
    ) {
        #expect(arguments([word]) == expected)
    }

    @Test func `what fills a place is not looked at again`() {
        #expect(arguments(["{0} {1}"], inputs: ["{1}", "{seed}"]) == ["{1} {seed}"])
    }

    @Test func `a value that is put into a word stays what it is, whatever its braces`() throws {
        let registry = KindRegistry([CommandStage.self], profile: { "none" })
        var random = SeededGenerator(11)
        let parts = [
            "{", "}", "{{", "}}", "0", "1", "{0}", "seed", "{output}", "inputs", "a", "é", "{{1}}",
        ]
        for _ in 0..<trials(2000) {
            let value = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            let graph = try ExperimentLoader.load(
                bytes: Array(
                    "experiment: x\nseed: 1\nconstants: {v: \"\(value)\"}\nstages: {t: {kind: command, params: {run: [echo, \"${v}\", \"<${v}>\"]}}}\n"
                        .utf8), path: "x.yaml", project: "/nowhere", registry: registry)
            let call = CommandCall(parameters: graph.actions[0].parameters)
            #expect(call.arguments(inputs: ["A", "B"], seed: 7) == ["echo", value, "<\(value)>"])
            #expect(!call.writesOutput && !call.usesSeed && !call.readsInputs)
        }
    }
}
