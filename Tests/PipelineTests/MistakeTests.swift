import Experiment
import System
import TestSupport
import Testing

/// Each mistake that a person makes: its place, the line with a caret, what is allowed.
@Suite struct MistakeTests {
    @Test func `an unknown kind names the nearest one`() {
        #expect(
            mistakes("experiment: x\nseed: 1\nstages:\n  a:\n    kind: test.numbrs\n") == """
                x.yaml:5:11: error: unknown kind `test.numbrs`
                    5 |     kind: test.numbrs
                      |           ^~~~~~~~~~~
                  expected: test.numbers, test.reader
                  did you mean `test.numbers`?
                  `bitlaw kinds` lists them all
                """)
    }

    @Test func `a stage with a mistake brings no mistakes of those that read it`() {
        let text = mistakes(
            "experiment: x\nseed: 1\nstages:\n  a: {kind: test.numbrs}\n  b: {kind: test.reader, inputs: {numbers: a}}\n"
        )
        #expect(text.contains("unknown kind `test.numbrs`"))
        #expect(!text.contains("unknown stage"))
    }

    @Test func `an unknown key names the nearest one`() {
        #expect(
            mistakes(
                "experiment: x\nseed: 1\nstage:\n  a: {kind: test.numbers}\nstages: {a: {kind: test.numbers}}\n"
            )
                == """
                x.yaml:3:1: error: unknown key `stage`
                    3 | stage:
                      | ^~~~~
                  expected: axes, constants, description, experiment, seed, stages
                  did you mean `stages`?
                """)
    }

    @Test func `a choice without a case, or by no constant, names the nearest one`() {
        #expect(
            mistakes(
                """
                experiment: x
                seed: 1
                constants: {scale: larg}
                axes: {k: {choose: scale, small: [1], large: [2]}}
                stages: {a: {kind: test.numbers}}
                """
            ) == """
                x.yaml:4:12: error: no case for `larg`, the value of the constant `scale`
                    4 | axes: {k: {choose: scale, small: [1], large: [2]}}
                      |            ^~~~~~
                  expected: large, small
                  did you mean `large`?
                """)
        let text = mistakes(
            "experiment: x\nseed: 1\nconstants: {scale: 1, n: {choose: scal, 1: 2}}\nstages: {a: {kind: test.numbers}}\n"
        )
        #expect(text.contains("which is no constant above"))
        #expect(text.contains("did you mean `scale`?"))
    }

    @Test func `an unknown parameter names the nearest one`() {
        #expect(
            mistakes(
                "experiment: x\nseed: 1\nstages:\n  a:\n    kind: test.numbers\n    params: {cuont: 3}\n"
            ) == """
                x.yaml:6:14: error: unknown parameter `cuont` of kind `test.numbers`
                    6 |     params: {cuont: 3}
                      |              ^~~~~
                  expected: count, mode, note, rate, widths
                  did you mean `count`?
                """)
    }

    @Test(arguments: [
        (
            "b: {kind: test.reader, name: b, inputs: {one: a}}", "unknown key `name`", "parameter",
            "params"
        ),
        (
            "b: {kind: test.reader, one: a, params: {name: b}}", "unknown key `one`", "input",
            "inputs"
        ),
        (
            "b: {kind: test.reader, inputs: {one: a, name: b}}", "unknown input `name`",
            "parameter",
            "params"
        ),
        (
            "b: {kind: test.reader, params: {one: a, name: b}}", "unknown parameter `one`", "input",
            "inputs"
        ),
    ])
    func `what stands at the wrong place of a stage is told where it belongs`(
        stage: String, mistake: String, what: String, place: String
    ) {
        let text = mistakes(
            "experiment: x\nseed: 1\nstages:\n  a: {kind: test.numbers}\n  \(stage)\n")
        let article = what == "input" ? "an" : "a"
        #expect(text.contains(mistake), "\(text)")
        #expect(
            text.contains("is \(article) \(what) of `test.reader`: write it below `\(place)`"),
            "\(text)")
    }

    @Test func `a member of a stage below params is told to stand beside them`() {
        let text = mistakes(
            "experiment: x\nseed: 1\nstages:\n  a:\n    kind: test.numbers\n    params: {retry: 3}\n"
        )
        #expect(text.contains("unknown parameter `retry` of kind `test.numbers`"))
        #expect(
            text.contains(
                "fix: `retry` belongs to the stage: write it beside `params` and `inputs`"))
    }

    @Test func `a name that begins an allowed one, or begins with it, names that`() {
        for (written, meant) in [("counter", "count"), ("wid", "widths")] {
            let text = mistakes(
                "experiment: x\nseed: 1\nstages:\n  a:\n    kind: test.numbers\n    params: {\(written): 3}\n"
            )
            #expect(text.contains("did you mean `\(meant)`?"), "\(text)")
        }
    }

    @Test func `a range in the words of numpy is answered with ours, once`() {
        let text = mistakes(
            "experiment: x\nseed: 1\naxes: {n: {start: 1, stop: 9, num: 3}}\nstages: {a: {kind: test.numbers}}\n"
        )
        #expect(text.contains("axis `n` has no member `start`"), "\(text)")
        #expect(
            text.contains("  write `from` for `start`, `to` for `stop`, `points` for `num`\n"),
            "\(text)")
        #expect(!text.contains("unknown key") && !text.contains("an axis without values"))
    }

    @Test func `a title of a fit is refused with the place where looks belong`() {
        let text = mistakes(
            "experiment: x\nseed: 1\nstages:\n  a:\n    kind: test.numbers\n    params: {title: Loss}\n"
        )
        #expect(
            text.contains("x.yaml:6:14: error: unknown parameter `title` of kind `test.numbers`"))
        #expect(
            text.contains(
                "fix: how a picture looks is no part of a result; draw it in a stage of kind `chart`, or "
                    + "write a caption in the page: {figure: …; caption: …}"))
    }

    @Test func `an unknown stage, output and axis are told apart`() {
        let text = mistakes(
            """
            experiment: x
            seed: 1
            axes: {size: [1, 2]}
            stages:
              data: {kind: test.numbers, over: [sise]}
              b: {kind: test.reader, inputs: {one: dta}, params: {name: b}}
              c: {kind: test.reader, inputs: {one: data/numbrs}, params: {name: c}}
            """)
        #expect(text.contains("x.yaml:5:37: error: unknown axis `sise`"))
        #expect(text.contains("did you mean `size`?"))
        #expect(text.contains("x.yaml:6:40: error: unknown stage `dta`"))
        #expect(text.contains("did you mean `data`?"))
        #expect(text.contains("x.yaml:7:40: error: stage `data` has no output `numbrs`"))
        #expect(text.contains("did you mean `numbers`?"))
    }

    @Test(arguments: [
        ("count: many", "parameter `count` is \"many\"", "expected: a whole number from 1 to 100"),
        ("count: 0", "parameter `count` is 0", "expected: a whole number from 1 to 100"),
        ("count: 1.5", "parameter `count` is 1.5", "expected: a whole number from 1 to 100"),
        ("rate: 0", "parameter `rate` is 0", "expected: a number from 0 (excluded) to 1"),
        (
            "rate: 1e9", "parameter `rate` is 1000000000",
            "expected: a number from 0 (excluded) to 1"
        ),
        ("mode: exakt", "parameter `mode` is \"exakt\"", "did you mean `exact`?"),
        (
            "widths: [1, 2, 3, 4]", "parameter `widths` is [1,2,3,4]",
            "expected: a list of 1 to 3, each"
        ),
        ("count: true", "parameter `count` is true", "expected: a whole number"),
    ])
    func `a value of the wrong type or out of range says what is allowed`(
        parameter: String, message: String, note: String
    ) {
        let text = mistakes(
            "experiment: x\nseed: 1\nstages:\n  a:\n    kind: test.numbers\n    params: {\(parameter)}\n"
        )
        #expect(text.hasPrefix("x.yaml:6:"))
        #expect(text.contains(message))
        #expect(text.contains(note))
    }

    @Test func `a cycle is named step by step`() {
        #expect(
            mistakes(
                """
                experiment: x
                seed: 1
                stages:
                  a: {kind: test.reader, inputs: {one: c}, params: {name: a}}
                  b: {kind: test.reader, inputs: {one: a}, params: {name: b}}
                  c: {kind: test.reader, inputs: {one: b}, params: {name: c}}
                """
            ).contains(
                "a cycle of 3 stages\n    4 |   a: {kind: test.reader, inputs: {one: c}, params: {name: a}}\n"
                    + "      |   ^\n  `a` (line 4) reads `c` (line 6) reads `b` (line 5) reads `a` (line 4)"
            ))
    }

    @Test func `a name given twice, an empty axis and a missing parameter are mistakes`() {
        #expect(
            mistakes(
                "experiment: x\nseed: 1\nstages:\n  a: {kind: test.numbers}\n  a: {kind: test.numbers}\n"
            )
            .contains("stands twice in one mapping"))
        #expect(
            mistakes("experiment: x\nseed: 1\naxes: {n: []}\nstages: {a: {kind: test.numbers}}\n")
                .hasPrefix("x.yaml:3:11: error: axis `n` is empty"))
        #expect(
            mistakes("experiment: x\nseed: 1\nstages: {a: {kind: test.reader}}\n")
                .contains("parameter `name` of stage `a` is missing"))
    }

    @Test(arguments: [
        ("${cuont}", 21, "unknown name `cuont`"), ("${1 / 0}", 23, "division by zero"),
        ("${1 +}", 24, "the expression ends too early"), ("${n", 19, "`${` without its `}`"),
        ("${sqrt(-1)}", 21, "`sqrt(…)` has no finite value"),
        ("${sin(1)}", 21, "unknown function `sin`"), ("${n ? 1}", 23, "unknown symbol `?`"),
    ])
    func `a bad expression is shown at its place`(expression: String, column: Int, message: String)
    {
        let text = mistakes(
            "experiment: x\nseed: 1\naxes: {n: [1]}\nstages:\n  a:\n    kind: test.numbers\n    over: [n]\n"
                + "    params: {count: \"\(expression)\"}\n")
        #expect(text.hasPrefix("x.yaml:8:\(column + 3): error: \(message)"), "\(text)")
    }

    @Test func `bytes that are not UTF-8 are named with their place`() {
        let bytes = Array("experiment: x\nseed: ".utf8) + [0xff, 0x31]
        #expect(throws: ExperimentError.self) {
            try ExperimentLoader.load(
                bytes: bytes, path: "x.yaml", project: "/", registry: testKinds)
        }
        do {
            _ = try ExperimentLoader.load(
                bytes: bytes, path: "x.yaml", project: "/", registry: testKinds)
        } catch {
            #expect(
                "\(error)"
                    == "x.yaml:2:7: error: byte 20 (0xff) is not UTF-8\n  save the file as UTF-8")
        }
    }

    @Test func `an alias bomb is refused at its first anchor`() {
        let bomb =
            "a: &a [x]\n" + (1..<30).map { "b\($0): &b\($0) [*a, *a]" }.joined(separator: "\n")
        #expect(mistakes(bomb).hasPrefix("x.yaml:1:4: error: an anchor"))
    }

    @Test func `deep nesting is refused, not a crash`() {
        #expect(
            mistakes("a: " + String(repeating: "[", count: 100_000)).contains(
                "nested deeper than 64 levels"))
        #expect(
            mistakes(String(repeating: "- ", count: 100_000)).contains(
                "nested deeper than 64 levels"))
    }

    @Test func `a file of 50 MB is refused at once`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: 50_000_000)
        do {
            _ = try ExperimentLoader.load(
                bytes: bytes, path: "x.yaml", project: "/", registry: testKinds)
            Issue.record("it was read")
        } catch {
            #expect(
                "\(error)"
                    == "x.yaml: error: the file has 50000000 bytes\n  expected: at most 33554432 bytes\n"
                    + "  put data into a file of its own and read it with `file:`")
        }
    }

    @Test func `a file outside the project is refused`() {
        for path in ["/etc/passwd", "../x", "a/../../x"] {
            let text = mistakes(
                "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, inputs: {one: \"file:\(path)\"}, params: {name: a}}}\n"
            )
            #expect(text.contains("the file `\(path)` lies outside the project"))
        }
    }

    @Test
    func `a producer with more axes needs a collecting input, and the message says what to add`() {
        let text = mistakes(
            """
            experiment: x
            seed: 1
            axes: {n: [1, 2]}
            stages:
              a: {kind: test.numbers, over: [n]}
              b: {kind: test.reader, inputs: {one: a}, params: {name: b}}
            """)
        #expect(text.contains("input `one` takes one action, but `a` also varies over n"))
        #expect(text.contains("add n to `over` of `b`"))
    }

    /// Whatever the bytes are, the answer is a graph or a list of mistakes.
    @Test func `random damage to a good file never crashes`() {
        let good = Array(
            """
            experiment: x
            seed: 1
            constants: {c: 2}
            axes: {n: {from: 1, to: 100, points: 3, scale: log}, r: {count: 2}}
            stages:
              a: {kind: test.numbers, over: [n, r], when: "n > 1", params: {count: "${round(n) + c}"}}
              b: {kind: test.reader, over: [r], inputs: {all: [a, a/more]}, params: {name: "x${r}"}}
            """.utf8)
        var state: UInt64 = 5
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var graphs = 0
        for _ in 0..<trials(3000) {
            var bytes = good
            for _ in 0...random(4) {
                let place = random(bytes.count)
                switch random(3) {
                case 0: bytes[place] = UInt8(random(256))
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array(" \n:[]{}\"'$&*-#,".utf8)[random(15)], at: place)
                }
            }
            do {
                _ = try ExperimentLoader.load(
                    bytes: bytes, path: "x.yaml", project: "/", registry: testKinds)
                graphs += 1
            } catch let error as ExperimentError {
                #expect(!error.diagnostics.isEmpty)
            } catch {
                Issue.record("\(error)")
            }
        }
        #expect(graphs > 0)
    }
}
