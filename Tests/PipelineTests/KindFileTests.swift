import Canon
import Experiment
import Testing

/// Kinds that files of a project describe.
@Suite struct KindFileTests {
    /// A good file; a test puts its mistakes into it.
    static let ridge = #"""
        version: 2
        summary: Fits a ridge regression.
        source: Hoerl and Kennard 1970
        parameters:
          lambda: {type: number, from: 0, to: 10, default: 0.1, unit: nats, summary: The penalty.}
          solver: {type: choice, of: [cholesky, svd], default: svd}
          sizes: {type: list, of: {type: integer, from: 1}, default: [1, 2]}
          name: {type: text}
          note: {type: text, optional: true}
        inputs:
          data: {summary: "A table, CSV."}
          more: {many: true, optional: true}
        outputs: {metrics: metrics.json}
        run: [python3, ridge.py, "${inputs.data}", "${lambda}", "${outputs.metrics}"]
        files: [ridge.py]
        """#

    /// An experiment with one stage of the kind, in line 5.
    static func experiment(_ stage: String = good) -> String {
        "experiment: x\nseed: 1\nstages:\n  data: {kind: test.numbers}\n  a: {\(stage)}\n"
    }

    static let good = "kind: ridge, inputs: {data: data}, params: {name: n}"

    static func mistakes(_ kind: String, _ stage: String = good) -> String {
        programMistakes(experiment(stage), files: ["kinds/ridge.yaml": kind, "ridge.py": ""])
    }

    @Test func `a stage of such a kind has its parameters, with defaults, and its program`() throws
    {
        let graph = try loadPrograms(
            Self.experiment("kind: ridge, inputs: {data: data}, params: {name: 007, lambda: 1e-1}"),
            files: ["kinds/ridge.yaml": Self.ridge, "ridge.py": ""])
        let action = try #require(graph.actions.last)
        let kind = graph.stage(of: action).kind
        #expect(kind.versionedName == "ridge/2")
        #expect(action.parameters["name"] == "007" && action.parameters["lambda"] == 0.1)
        #expect(action.parameters["solver"] == "svd" && action.parameters["note"] == .null)
        #expect(action.parameters["sizes"] == [1, 2])
        #expect(
            action.parameters["program"]?["run"]?.canonicalText
                == #"["python3","ridge.py",[{"input":"data"}],"0.1",[{"output":"metrics"}]]"#)
        // Part of what the experiment is made of, so bundles have it.
        #expect(graph.source.includes.map { $0.path } == ["kinds/ridge.yaml"])
    }

    @Test func `its documentation has types, ranges, units and defaults`() throws {
        let text = KindDocumentation.text(try KindFile.read("ridge", Array(Self.ridge.utf8)).kind)
        for line in [
            "ridge  (version 2)", "  Fits a ridge regression.", "  Source: Hoerl and Kennard 1970",
            "  lambda: a number from 0 to 10, in nats; default 0.1", "      The penalty.",
            "  solver: one of cholesky, svd; default \"svd\"",
            "  sizes: a list of 0 to 100000, each a whole number from 1 to 9007199254740992; default [1,2]",
            "  name: text; required", "  note: text, or null; default null",
            "  data: A table, CSV.", "  more, optional (any number of actions): a file",
            "  metrics → metrics.json: A file.",
        ] { #expect(text.contains("\(line)\n"), "\(line)\n\(text)") }
    }

    @Test func `the schema knows its parameters and inputs`() throws {
        let kind = try KindFile.read("ridge", Array(Self.ridge.utf8)).kind
        let stage = ExperimentSchema.json([kind])["properties"]?["stages"]?["additionalProperties"]
        let then = stage?["allOf"]?.elements?.first?["then"]?["properties"]
        #expect(then?["params"]?["required"] == ["name"])
        let lambda = then?["params"]?["properties"]?["lambda"]
        #expect(lambda?["description"] == "The penalty." && lambda?["default"] == 0.1)
        #expect(lambda?["anyOf"]?.elements?.first?["maximum"] == 10)
        #expect(then?["inputs"]?["required"] == ["data"])
    }

    @Test(arguments: ["", "# nothing\n", "- list\n", "text\n", "a: &x 1\n", "a: [\n", "\u{7}"])
    func `a file that describes no kind is told, and no stage is left out in silence`(kind: String)
    {
        let text = Self.mistakes(kind)
        #expect(text.hasPrefix("kinds/ridge.yaml"), "\(text)")
    }

    @Test func `a mistake is told once, for however many stages of the kind`() {
        let kind = Self.ridge.replacing("${lambda}", with: "${name * 2}")
        let text = programMistakes(
            Self.experiment() + "  b: {\(Self.good)}\n  c: {\(Self.good)}\n",
            files: ["kinds/ridge.yaml": kind, "ridge.py": ""])
        #expect(text.hasPrefix("kinds/ridge.yaml:14:52: error:"), "\(text)")
        #expect(text.split(separator: "error:").count == 2, "\(text)")
    }

    @Test func `a file of the kind that is not there is told at its place in the kind's file`() {
        let text = programMistakes(Self.experiment(), files: ["kinds/ridge.yaml": Self.ridge])
        #expect(text.hasPrefix("kinds/ridge.yaml:15:9: error: "), "\(text)")
        #expect(text.contains("ridge.py"))
    }

    @Test func `a file with the name of a kind of ours is a mistake, and hides nothing`() {
        let text = programMistakes(
            Self.experiment("kind: command, params: {run: [x]}"),
            files: ["kinds/command.yaml": Self.ridge])
        #expect(
            text.hasPrefix(
                "x.yaml:5:13: error: the kind `command` comes with Bitlaw, "
                    + "and kinds/command.yaml describes another"
            ), "\(text)")
        #expect(text.contains("expected: a name of its own"))
    }

    @Test func `axes and constants of the experiment are no names of the file`() {
        let kind = Self.ridge.replacing("${lambda}", with: "${c}")
        let text = programMistakes(
            "experiment: x\nseed: 1\naxes: {c: [1]}\nstages:\n  data: {kind: test.numbers}\n"
                + "  a: {over: [c], \(Self.good)}\n",
            files: ["kinds/ridge.yaml": kind, "ridge.py": ""])
        #expect(text.hasPrefix("kinds/ridge.yaml:14:47: error: unknown name `c`"), "\(text)")
        #expect(!text.contains("`over`"), "\(text)")
    }

    @Test func `the example of a kind is an experiment in the kind's own file`() throws {
        let stages = "\n  data: {kind: test.numbers}\n  a: {\(Self.good)}\n"
        let kind = Self.ridge + "\n# Stages:\nexample:\(stages)\n# End\n"
        let graph = try loadPrograms(
            kind, path: "/nowhere/kinds/ridge.yaml",
            files: ["kinds/ridge.yaml": kind, "ridge.py": ""])
        #expect(graph.experiment == "ridge" && graph.actions.map { $0.name } == ["data", "a"])
        #expect(
            try KindFile.read("ridge", Array(kind.utf8)).example
                == "experiment: example\nseed: 1\nstages:\(stages)")
        let flow = Self.ridge + "\nexample: {data: {kind: test.numbers}}\n"
        #expect(
            try KindFile.read("ridge", Array(flow.utf8)).example
                == "experiment: example\nseed: 1\nstages: {data: {kind: test.numbers}}\n")
    }

    @Test func `a mistake in an example is told at its place, and so is that there is none`() {
        let path = "/nowhere/kinds/ridge.yaml"
        let wrong = Self.ridge + "\nexample:\n  a: {kind: ridge, params: {name: n}}\n"
        let files = ["kinds/ridge.yaml": wrong, "ridge.py": ""]
        let text = programMistakes(wrong, path: path, files: files)
        #expect(
            text.hasPrefix("\(path):17:28: error: input `data` of stage `a` is missing")
                || text.hasPrefix("\(path):17:3: error: input `data` of stage `a` is missing"),
            "\(text)")
        let none = programMistakes(
            Self.ridge, path: path, files: ["kinds/ridge.yaml": Self.ridge])
        #expect(
            none.hasPrefix("\(path):1:1: error: the file of the kind `ridge` has no `example`"),
            "\(none)")
        #expect(none.contains("expected: example: with stages as an experiment has them"))
    }
}
