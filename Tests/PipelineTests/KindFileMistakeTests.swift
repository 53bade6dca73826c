import Experiment
import Testing

/// Mistakes in the file of a kind, and in stages of it.
@Suite struct KindFileMistakeTests {
    /// A change to a good file, and what is told of it: place, message and advice.
    struct Mistake: CustomTestStringConvertible {
        let good: String
        let bad: String
        let told: String
        let advice: String

        init(_ good: String, _ bad: String, _ told: String, _ advice: String) {
            (self.good, self.bad, self.told, self.advice) = (good, bad, told, advice)
        }

        var testDescription: String { bad }
    }

    private static let ofTheKind = [
        Mistake(
            "version: 2", "version: two", "1:10: error: `version` is the text \"two\"",
            "a whole number from 1"),
        Mistake(
            "version: 2", "version: 0", "1:10: error: `version` is the number 0",
            "a whole number from 1"),
        Mistake(
            "version: 2\n", "", "1:1: error: kind `ridge` has no `version`",
            "version, summary and run"),
        Mistake(
            "version: 2", "version: 2\nversion: 3",
            "2:1: error: `version` stands twice in one mapping", "line 1"),
        Mistake(
            "source:", "sources:", "3:1: error: unknown key `sources`", "did you mean `source`?"),
        Mistake(
            "{metrics: metrics.json}", "{metrics: ../m}",
            "13:20: error: output `metrics` is \"../m\"", "a path in the work folder"),
        Mistake(
            "  data: {", "  files: {", "11:3: error: no input can be called `files`",
            "letters, digits"),
        Mistake(
            "  more: {many: true", "  more: {many: 2", "12:16: error: `many` is the number 2",
            "true or false"),
        Mistake(
            "{summary: \"A table, CSV.\"}", "A table", "11:9: error: input `data` is the text",
            "a mapping of summary, optional, many"),
    ]

    private static let ofParameters = [
        Mistake(
            "type: number", "type: float",
            "5:18: error: the type of parameter `lambda` is the text \"float\"",
            "expected: boolean, choice, integer, list, number, text"),
        Mistake(
            "type: number, ", "", "5:11: error: parameter `lambda` has no type",
            "expected: boolean, choice"),
        Mistake("from: 0", "form: 0", "5:26: error: unknown key `form`", "did you mean `from`?"),
        Mistake(
            "from: 0", "from: low", "5:32: error: `from` is the text \"low\"", "expected: a number"),
        Mistake(
            "from: 0", "from: 11", "5:32: error: a range without a value", "`from` at most `to`"),
        Mistake(
            "default: 0.1", "default: 11", "5:52: error: `default` is 11",
            "expected: a number from 0 to 10"),
        Mistake(
            "default: 0.1", "default: lots", "5:52: error: `default` is \"lots\"",
            "expected: a number from 0 to 10"),
        Mistake(
            "lambda: {type", "lamb-da: {type", "5:3: error: the name `lamb-da` is not allowed",
            "write `lamb_da`"),
        Mistake(
            "  name: {", "  program: {", "8:3: error: no parameter can be called `program`",
            "another name"),
        Mistake(
            "  name: {", "  inputs: {", "8:3: error: no parameter can be called `inputs`",
            "another name"),
        Mistake(
            "{type: text}", "text", "8:9: error: parameter `name` is the text \"text\"",
            "expected: a mapping"),
        Mistake(
            "{type: text}", "{type: text, from: 1}", "8:22: error: unknown key `from`",
            "expected: default, optional"),
        Mistake(
            "of: [cholesky, svd]", "of: svd",
            "6:30: error: parameter `solver` has nothing to choose from", "expected: of: [names]"),
        Mistake(
            "of: [cholesky, svd]", "of: [svd, [x]]", "6:36: error: a choice is a list",
            "expected: a name"),
        Mistake(
            "of: [cholesky, svd]", "of: [svd, svd]",
            "6:36: error: the choice `svd` stands there twice", ""),
        Mistake(
            "default: svd", "default: qr", "6:56: error: `default` is \"qr\"",
            "expected: one of cholesky, svd"),
        Mistake(
            "of: {type: integer, from: 1}", "of: {type: integer, from: 0.5, to: 0.8}",
            "7:49: error: `from` is the number 0.5", "a whole number"),
        Mistake(
            "of: {type: integer, from: 1}, ", "",
            "7:10: error: parameter `sizes` is a list of what?", "of: {type: number}"),
        Mistake(
            "of: {type: integer, from: 1}", "of: integer",
            "7:27: error: an element of parameter `sizes` is the text", "expected: a mapping"),
        Mistake(
            "optional: true", "optional: yes", "9:32: error: `optional` is the text \"yes\"",
            "true or false"),
    ]

    private static let ofTheProgram = [
        Mistake(
            "${lambda}", "${lamda}", "14:47: error: unknown name `lamda`", "did you mean `lambda`?"),
        Mistake(
            "${inputs.data}", "${inputs.dat}", "14:29: error: no input `dat`",
            "did you mean `data`?"),
        Mistake(
            "${outputs.metrics}", "${outputs.x}", "14:60: error: no output `x`",
            "expected: metrics"),
        Mistake(
            "${lambda}", "{seed}", "14:44: error: `{seed}` stands for nothing any more",
            "write ${seed}"),
        Mistake("[python3, ", "[[python3], ", "14:7: error: a word is a list", "expected: a text"),
        Mistake(
            "files: [ridge.py]", "files: ridge.py", "15:8: error: `files` is \"ridge.py\"",
            "a list of 0 to 1000"),
        Mistake(
            "files: [ridge.py]", "files: [\"${x}.py\"]", "15:12: error: unknown name `x`",
            "expected: lambda, name"),
        Mistake(
            "files: [ridge.py]", "pin: maybe", "15:6: error: `pin` is \"maybe\"", "true or false"),
        Mistake(
            "files: [ridge.py]", "env: {PATH: x}",
            "15:7: error: `PATH` is the same for every program", "HOME"),
    ]

    /// Each is told in the kind's own file, at its line and column, and not in the experiment's.
    @Test(arguments: ofTheKind + ofParameters + ofTheProgram)
    func `a mistake in the file of a kind is told there`(mistake: Mistake) {
        let kind = KindFileTests.ridge.replacing(
            mistake.good, with: mistake.bad, maxReplacements: 1)
        #expect(kind != KindFileTests.ridge)
        let text = KindFileTests.mistakes(kind)
        #expect(text.hasPrefix("kinds/ridge.yaml:\(mistake.told)"), "\(text)")
        #expect(text.contains(mistake.advice), "\(text)")
        // Whoever documents the kind is told the same.
        #expect(throws: ExperimentError.self) { try KindFile.read("ridge", Array(kind.utf8)) }
    }

    private static let ofStages = [
        ("kind: rigde", "13: error: unknown kind `rigde`", "did you mean `ridge`?"),
        (
            "kind: ridge, inputs: {data: data}, params: {name: n, lambda: -1}",
            "68: error: parameter `lambda` is -1", "expected: a number from 0 to 10"
        ),
        (
            "kind: ridge, inputs: {data: data}, params: {name: n, solver: cholesk}",
            "68: error: parameter `solver` is \"cholesk\"", "did you mean `cholesky`?"
        ),
        (
            "kind: ridge, inputs: {data: data}, params: {name: n, run: [x]}",
            "60: error: unknown parameter `run` of kind `ridge`",
            "expected: lambda, name, note, sizes, solver"
        ),
        (
            "kind: ridge, inputs: {data: data}, params: {name: n, program: {}}",
            "60: error: unknown parameter `program` of kind `ridge`", "expected: lambda"
        ),
        (
            "kind: ridge, inputs: {data: data}",
            "3: error: parameter `name` of stage `a` is missing",
            "expected: text"
        ),
        (
            "kind: ridge, params: {name: n}", "3: error: input `data` of stage `a` is missing",
            "A table, CSV."
        ),
        (
            "kind: ridge, inputs: {data: [data, data]}, params: {name: n}",
            "35: error: input `data` is a list", "does not take several"
        ),
        (
            "kind: ridge, inputs: {data: data/x}, params: {name: n}",
            "35: error: stage `data` has no output `x`", "expected: more, numbers"
        ),
    ]

    @Test(arguments: ofStages)
    func `a mistake in a stage of the kind is told in the experiment`(
        stage: String, told: String, advice: String
    ) {
        let text = KindFileTests.mistakes(KindFileTests.ridge, stage)
        #expect(text.hasPrefix("x.yaml:5:\(told)"), "\(text)")
        #expect(text.contains(advice), "\(text)")
    }
}
