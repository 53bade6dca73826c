import Canon
import Experiment
import Testing

/// What a scalar of an experiment file is where a text, a number or a truth value is wanted.
@Suite struct ValueTests {
    /// The parameter of a reader, whose type is text.
    private func text(_ written: String, _ rest: String = "") throws -> String? {
        try load(
            "experiment: x\nseed: 1\n\(rest)\nstages: {a: {kind: test.reader, params: {name: \(written)}}}\n"
        ).actions[0].parameters["name"]?.text
    }

    private func refusal(_ parameter: String, _ rest: String = "") -> String {
        mistakes(
            "experiment: x\nseed: 1\n\(rest)\nstages: {a: {kind: test.numbers, params: {\(parameter)}}}\n"
        )
    }

    @Test(arguments: [
        "3.10", "007", "1e2", "yes", "no", "on", "1.0", "+5", "1_000", "12:30", "2024-01-02",
        "0x1F", ".5",
        "9007199254740993", "12345678901234567891", "1e400", ".nan", ".inf", "-0.0", "true",
        "False", "010",
    ])
    func `a plain scalar is the text that was written where a text is wanted`(written: String)
        throws
    {
        #expect(try text(written) == written)
        #expect(try text("\"\(written)\"") == written)
    }

    @Test func `null where a text is wanted is refused with what to write`() {
        let message = mistakes(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, params: {name: null}}}\n")
        #expect(message.contains("parameter `name` is null\n"))
        #expect(message.contains("quote it where the text is meant: \"null\""))
        let empty = mistakes(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, params: {name: }}}\n")
        #expect(empty.contains("parameter `name` is nothing\n"))
    }

    @Test(arguments: [
        ("1e-3", "0.001"), ("1E-3", "1.0e-3"), ("0.50", ".5"), ("+0.25", "0.25"),
    ])
    func `forms of one number are one number where a number is wanted`(one: String, other: String)
        throws
    {
        func rate(_ written: String) throws -> JSON? {
            try load(
                "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {rate: \(written)}}}\n"
            ).actions[0].parameters["rate"]
        }
        #expect(try rate(one) == rate(other))
        #expect(try rate(one)?.canonicalText == rate(other)?.canonicalText)
    }

    @Test(arguments: [
        ("9007199254740993", "beyond 2⁵³"), ("-9007199254740993", "beyond 2⁵³"),
        ("12345678901234567891", "beyond 2⁵³"), ("18014398509481984", "beyond 2⁵³"),
        ("9007199254740993.0", "beyond 2⁵³"), ("9.007199254740993e15", "beyond 2⁵³"),
        ("1e400", "beyond the largest number"), ("-1e400", "beyond the largest number"),
        ("1e-400", "so small that it would become 0"), (".nan", "not a finite number"),
        (".inf", "not a finite number"), ("-.Inf", "not a finite number"),
        ("+.INF", "not a finite number"),
        ("007", "begins with 0"), ("-010", "begins with 0"), ("00.5", "begins with 0"),
        ("0x1F", "not a decimal number"), ("0o17", "not a decimal number"),
    ])
    func `a number that cannot be held is refused in axes, constants, parameters and seed alike`(
        written: String, why: String
    ) {
        let stage = "stages: {a: {kind: test.numbers}}\n"
        let files = [
            (
                "experiment: x\nseed: \(written)\n" + stage,
                "x.yaml:2:7: error: `seed` is \(written), which"
            ),
            (
                "experiment: x\nseed: 1\naxes: {n: [1, \(written)]}\n" + stage,
                "x.yaml:3:15: error: axis `n` has \(written), which"
            ),
            (
                "experiment: x\nseed: 1\nconstants: {k: {deep: [\(written)]}}\n" + stage,
                "x.yaml:3:24: error: constant `k` has \(written), which"
            ),
            (
                "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {count: \(written)}}}\n",
                "x.yaml:3:50: error: parameter `count` is \(written), which"
            ),
            (
                "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {widths: [1, \(written)]}}}\n",
                "x.yaml:3:51: error: parameter `widths` is \(written), which"
            ),
        ]
        for (file, message) in files {
            let found = mistakes(file)
            #expect(found.contains(message), "\(found)")
            #expect(found.contains(why), "\(found)")
            #expect(found.contains("quote it"), "\(found)")
        }
    }

    @Test(arguments: [
        "9007199254740992", "-9007199254740992", "1e15", "1e18", "1e22", "1e23", "5e-324",
        "1.5e300",
    ])
    func `a number that is held as it is written is taken`(written: String) throws {
        let graph = try load(
            "experiment: x\nseed: 1\naxes: {n: [\(written)]}\nstages: {a: {kind: test.numbers, over: [n]}}\n"
        )
        #expect(graph.actions[0].coordinates[0].value == .number(Double(written) ?? .nan))
    }

    @Test func `a number in an expression that cannot be held is refused there`() {
        #expect(refusal("count: \"${9007199254740993 - 9007199254740992}\"").contains("beyond 2⁵³"))
        #expect(refusal("count: \"${1e400}\"").contains("beyond the largest number"))
        #expect(refusal("count: \"${010}\"").contains("begins with 0"))
    }

    @Test
    func `an expression gives a written number as written and a computed one in canonical form`()
        throws
    {
        let rest = """
            constants: {two: 2.0, tiny: 1e-3, version: 3.10, model: {width: 64.0}, flag: True, t: "1.50"}
            """
        #expect(try text("\"${two}\"", rest) == "2.0")
        #expect(try text("\"x${tiny}y\"", rest) == "x1e-3y")
        #expect(try text("\"${version}\"", rest) == "3.10")
        #expect(try text("\"${model.width}\"", rest) == "64.0")
        #expect(try text("\"${two + 0}\"", rest) == "2")
        #expect(try text("\"${tiny * 1}\"", rest) == "0.001")
        #expect(try text("\"${flag}/${two == 2}\"", rest) == "True/true")
        #expect(try text("\"${two == 2}\"", rest) == "true")
        #expect(try text("\"${t}\"", rest) == "1.50")
    }

    @Test func `values of axes are written into texts as they are written in the list`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            axes: {v: [3.9, 3.10, "3.1x", 2.0, yes]}
            stages: {a: {kind: test.reader, over: [v], params: {name: "${v}"}}}
            """)
        #expect(
            graph.actions.compactMap { $0.parameters["name"]?.text } == [
                "3.9", "3.10", "3.1x", "2.0", "yes",
            ])
    }

    @Test func `two forms of one number on an axis are told to be one`() {
        let message = mistakes(
            "experiment: x\nseed: 1\naxes: {v: [3.1, 3.10]}\nstages: {a: {kind: test.numbers}}\n")
        #expect(message.hasPrefix("x.yaml:3:17: error: axis `v` has a value twice"))
        #expect(
            message.contains("`3.1` and `3.10` are one number; quote them where texts are meant"))
    }

    @Test func `letters in two forms of Unicode are two values, in one file and in one store`()
        throws
    {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let graph = try load(
            "experiment: x\nseed: 1\naxes: {s: [\(composed), \(decomposed)]}\n"
                + "stages: {a: {kind: test.reader, over: [s], params: {name: \"${s}\"}}}\n")
        let texts = graph.actions.compactMap { $0.parameters["name"]?.text }.map { Array($0.utf8) }
        #expect(texts == [Array(composed.utf8), Array(decomposed.utf8)])
        #expect(JSON.string(composed) != JSON.string(decomposed))
        #expect(JSON.object([composed: 1]) != JSON.object([decomposed: 1]))
        #expect(JSON.object([composed: 1]) == JSON.object([composed: 1.0]))
    }

    @Test func `one name in two forms of Unicode is refused`() {
        let message = mistakes(
            "experiment: x\nseed: 1\nconstants: {m: {\u{E9}: 1, e\u{301}: 2}}\nstages: {a: {kind: test.numbers}}\n"
        )
        #expect(message.contains("in other bytes"))
    }

    @Test(arguments: [
        (
            "axes: {r: {count: 2, replicate: yes}}",
            "x.yaml:3:33: error: `replicate` is the text \"yes\""
        ),
        (
            "axes: {r: {values: [1], replicate: 1}}",
            "x.yaml:3:36: error: `replicate` is the number 1"
        ),
        (
            "axes: {r: {from: 1, to: 9, points: 3, round: yes}}",
            "x.yaml:3:46: error: `round` is the text \"yes\""
        ),
        (
            "axes: {r: {from: 1, to: 9, points: 3, round: 1}}",
            "x.yaml:3:46: error: `round` is the number 1"
        ),
        (
            "axes: {r: {count: 2, replicate: \"true\"}}",
            "x.yaml:3:33: error: `replicate` is the text \"true\""
        ),
    ])
    func `a truth value is true or false`(line: String, message: String) {
        let found = mistakes("experiment: x\nseed: 1\n\(line)\nstages: {a: {kind: test.numbers}}\n")
        #expect(found.hasPrefix(message), "\(found)")
        #expect(found.contains("expected: true or false"))
    }

    @Test(arguments: [
        ("{from: 0, to: 1, step: 0.1, points: 3}", "`points` does not go with `step`", 36),
        ("{from: 0, to: 1, step: 0.1, scale: log}", "`scale` does not go with `step`", 36),
        ("{from: 0, to: 1, step: 0.25, round: true}", "`round` does not go with `step`", 37),
        ("{values: [1, 2], from: 1}", "`from` does not go with `values`", 25),
        ("{values: [1, 2], to: 1}", "`to` does not go with `values`", 25),
        ("{count: 3, scale: log}", "`scale` does not go with `count`", 19),
        ("{count: 3, values: [1]}", "`values` does not go with `count`", 19),
        ("{count: 3, points: 2}", "`points` does not go with `count`", 19),
        ("{from: 0, to: 1}", "a range without `points` or `step`", 8),
        ("{from: 0, points: 2}", "`to` is missing", 8),
        ("{replicate: true}", "an axis without values", 8),
        ("{form: 0, to: 1, points: 3}", "unknown key `form`", 9),
    ])
    func `every key of an axis that contradicts another is a mistake at its column`(
        axis: String, message: String, column: Int
    ) {
        let found = mistakes(
            "experiment: x\nseed: 1\naxes: {n: \(axis)}\nstages: {a: {kind: test.numbers}}\n")
        #expect(found.contains("x.yaml:3:\(column + 3): error: \(message)"), "\(found)")
    }

    @Test(arguments: [
        ("{time: 1e300}", "`time` is the number 1e300"),
        ("{memory: 1e300}", "`memory` is the number 1e300"),
        ("{memory: 1e19}", "`memory` is the number 1e19"),
        ("{memory: 99999999999GiB}", "`memory` is the text \"99999999999GiB\""),
        ("{time: 1e400}", "`time` is 1e400, which is beyond the largest number"),
        ("{time: 0}", "`time` is the number 0"), ("{memory: -1}", "`memory` is the number -1"),
        ("{memory: 0.5}", "`memory` is the number 0.5"), ("{time: .inf}", "`time` is .inf"),
        ("{time: soon}", "`time` is the text \"soon\""),
        ("{time: 5 parsecs}", "`time` is the text"),
        ("{time: [1]}", "`time` is a list"), ("{tmie: 1}", "unknown key `tmie`"),
    ])
    func `a limit of any size or kind is taken or refused`(limits: String, message: String) {
        let found = mistakes(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, limits: \(limits)}}\n")
        #expect(found.hasPrefix("x.yaml:3:"), "\(found)")
        #expect(found.contains(message), "\(found)")
    }

    @Test(arguments: [
        ("{times: 2, on: [exit 75, x]}", "an end is the text \"x\""),
        ("{times: 2, on: [exit 0]}", "an end is the text \"exit 0\""),
        ("{times: 2, on: [exit 256]}", "an end is the text \"exit 256\""),
        ("{times: 2, on: [signal 65]}", "an end is the text \"signal 65\""),
        ("{times: 2, on: [signal KILL]}", "expected: signal and a number from 1 to 64"),
        ("{times: 2, on: [137]}", "an end is the number 137"),
        ("{times: 2, on: memory}", "`on` is the text \"memory\""),
        ("{times: 2, on: []}", "`on` is a list"),
        ("{times: 2}", "does not say how often and after which ends"),
        ("{times: 101, on: [time]}", "`times` is the number 101"),
        ("{times: 1, on: [memory], memory: 2x}", "a limit that the stage does not have"),
        ("{times: 2, exit: [75, 137]}", "expected: on: [exit 75, exit 137]"),
    ])
    func `a rule of repetition drops nothing`(retry: String, message: String) {
        let found = mistakes(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, retry: \(retry)}}\n")
        #expect(found.contains(message), "\(found)")
    }

    @Test func `names of constants and axes have no dash, and the message says why`() {
        for section in ["constants: {lr-decay: 1}", "axes: {lr-decay: [1]}"] {
            let found = mistakes(
                "experiment: x\nseed: 1\n\(section)\nstages: {a: {kind: test.numbers}}\n")
            #expect(found.contains("the name `lr-decay` is not allowed"))
            #expect(found.contains("`-` subtracts in an expression: write `lr_decay`"))
        }
    }

    @Test func `a member whose name is no word is written in quotes`() throws {
        let rest = "constants: {m: {d-model: 64, \"a b\": 7}}"
        #expect(try text("'${m.\"d-model\"}/${m.\"a b\"}'", rest) == "64/7")
        let message = mistakes(
            "experiment: x\nseed: 1\n\(rest)\nstages: {a: {kind: test.reader, params: {name: \"${m.d-model}\"}}}\n"
        )
        #expect(message.contains("unknown member `d`"))
        #expect(message.contains("`-` is subtraction here: write .\"d-model\""))
    }
}
