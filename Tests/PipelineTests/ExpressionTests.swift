import Canon
import Experiment
import Testing

/// Where `${…}` may stand, what it gives, and how large it may become.
@Suite struct ExpressionTests {
    private func counts(_ text: String) throws -> [Int] {
        try load(text).actions.compactMap { $0.parameters["count"]?.integer }
    }

    @Test func `constants use constants above them, and axes use constants`() throws {
        let file = """
            experiment: x
            seed: "${base + 1}"
            constants: {base: 2, twice: "${base * 2}", sizes: ["${base}", "${twice}"], m: {w: "${twice + 1}"}}
            axes:
              list: ["${base}", "${twice + 6}"]
              whole: "${sizes}"
              range: {from: "${base}", to: "${twice}", step: 1}
              many: {count: "${base}"}
              given: {values: "${sizes}"}
            stages:
              a: {kind: test.numbers, over: [list], params: {count: "${list}"}}
              b: {kind: test.numbers, over: [whole], params: {count: "${whole}"}}
              c: {kind: test.numbers, over: [range], params: {count: "${range}"}}
              d: {kind: test.numbers, over: [many], params: {count: "${many + m.w}"}}
              e: {kind: test.numbers, over: [given], params: {count: "${given}"}}
            """
        #expect(try counts(file) == [2, 10, 2, 4, 2, 3, 4, 5, 6, 2, 4])
        #expect(try load(file).seed == 3)
    }

    @Test func `a constant below is unknown to one above`() {
        let found = mistakes(
            "experiment: x\nseed: 1\nconstants: {a: \"${b}\", b: 1}\nstages: {s: {kind: test.numbers}}\n"
        )
        #expect(found.hasPrefix("x.yaml:3:19: error: unknown name `b`"), "\(found)")
    }

    @Test func `limits, retries and streams take expressions of constants`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            constants: {t: 90, code: 7, name: old}
            stages:
              a:
                kind: test.numbers
                limits: {time: "${t}m", memory: "${t * 2}"}
                retry: {times: "${code}", on: ["exit ${code + 1}"]}
                stream: "${name}"
              old: {kind: test.numbers}
            """)
        #expect(graph.stages[0].rules.limits == Limits(seconds: 5400, memory: 180))
        #expect(graph.stages[0].rules.retry == Retry(times: 7, reasons: [.exit(8)]))
        #expect(graph.actions[0].seed == graph.actions[1].seed)
    }

    @Test(arguments: [
        "stages: {\"a${n}\": {kind: test.numbers}}", "stages: {a: {kind: \"test.${n}\"}}",
        "stages: {a: {kind: test.numbers, over: [\"${n}\"]}}",
        "stages: {a: {kind: test.reader, params: {name: x}, inputs: {one: \"${n}\"}}}",
        "constants: {c: {\"${n}\": 1}}\nstages: {a: {kind: test.numbers}}",
        "axes: {\"${n}\": [1]}\nstages: {a: {kind: test.numbers}}",
        "include: \"${n}.yaml\"\nstages: {a: {kind: test.numbers}}",
    ])
    func `where an expression may not stand it is refused`(rest: String) {
        let found = mistakes("experiment: x\nseed: 1\n\(rest)\n")
        #expect(found.hasPrefix("x.yaml:3:"), "\(found)")
    }

    @Test func `two dollar signs before a brace stand for one that is meant for a shell`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            constants: {n: 5}
            stages: {a: {kind: test.reader, params: {name: 'x=abc; echo $${x%c} ${n} $${n} $$ $5'}}}
            """)
        #expect(graph.actions[0].parameters["name"]?.text == "x=abc; echo ${x%c} 5 ${n} $$ $5")
        let found = mistakes(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, params: {name: 'echo ${x%c}'}}}\n"
        )
        #expect(found.contains("unknown symbol `%`"))
        #expect(found.contains("to pass `${` on as it is, write `$${`"))
    }

    @Test func `a brace in quotes does not end an expression`() throws {
        let graph = try load(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, params: {name: \"<${'}'}>\"}}}\n"
        )
        #expect(graph.actions[0].parameters["name"]?.text == "<}>")
    }

    @Test func `a sum of 20,000 terms is worked out`() throws {
        let sum = Array(repeating: "1", count: 20_000).joined(separator: " + ")
        let found = try counts(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {count: \"${(\(sum)) / 400}\"}}}\n"
        )
        #expect(found == [50])
        let truth = Array(repeating: "true", count: 20_000).joined(separator: " and ")
        #expect(
            try load("experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, when: \(truth)}}\n")
                .actions.count
                == 1)
    }

    @Test func `operators of one precedence go from left to right`() throws {
        for (text, value) in [
            ("100 / 5 * 2", 40), ("100 - 5 + 2", 97), ("2 * 100 / 8 / 5", 5), ("64 / 4 / 4", 4),
        ] {
            #expect(
                try counts(
                    "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {count: \"${\(text)}\"}}}\n"
                )
                    == [value])
        }
    }

    @Test func `and and or look no further than they need`() throws {
        for text in ["false and 1 / 0 == 1", "not (true or 1 / 0 == 1)"] {
            let graph = try load(
                "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, when: \(text)}, b: {kind: test.numbers}}\n"
            )
            #expect(graph.actions.count == 1)
        }
    }

    @Test func `limits of expressions are told with their number`() {
        func refusal(_ expression: String) -> String {
            mistakes(
                "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {count: \"\(expression)\"}}}\n"
            )
        }
        let many = Array(repeating: "1", count: 1001).joined(separator: ", ")
        #expect(refusal("${min(\(many))}").contains("min takes 1 to 1000 arguments, found 1001"))
        for (text, ours) in [
            ("1 = 1", "=="), ("2 ** 3", "^"), ("true && true", "and"), ("!true", "not"),
        ] {
            #expect(refusal("${\(text)}").contains("write \(ours) for `"), "\(text)")
        }
        #expect(refusal("${sqrt(1, 2)}").contains("sqrt takes 1 argument, found 2"))
        let deep = String(repeating: "(", count: 70) + "1" + String(repeating: ")", count: 70)
        #expect(refusal("${\(deep)}").contains("nested deeper than 64 levels"))
        let long = String(repeating: "1 + ", count: 300_000) + "1"
        #expect(refusal("${\(long)}").contains("expected: at most 1048576 bytes"))
    }

    @Test func `constants that double each other are refused before they fill the memory`() {
        var text = "experiment: x\nseed: 1\nconstants:\n  c0: [1, 2, 3, 4]\n"
        for k in 1...40 { text += "  c\(k): [\"${c\(k - 1)}\", \"${c\(k - 1)}\"]\n" }
        text += "stages: {a: {kind: test.numbers}}\n"
        let found = mistakes(text)
        #expect(found.contains("is too large with all values put in"))
        #expect(found.contains("expected: at most 64 levels and 1048576 values and bytes of text"))
        var texts = "experiment: x\nseed: 1\nconstants:\n  c0: abcdefgh\n"
        for k in 1...40 { texts += "  c\(k): \"${c\(k - 1)}${c\(k - 1)}\"\n" }
        #expect(
            mistakes(texts + "stages: {a: {kind: test.numbers}}\n").contains(
                "constant `c17` is too large"))
        var deep = "experiment: x\nseed: 1\nconstants:\n  c0: [1]\n"
        for k in 1...100 { deep += "  c\(k): [\"${c\(k - 1)}\"]\n" }
        #expect(mistakes(deep + "stages: {a: {kind: test.numbers}}\n").contains("is too large"))
    }

    @Test func `a when that never holds is told, with its place`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            axes: {y: {from: 0, to: 1, step: 0.1}}
            stages:
              never: {kind: test.numbers, over: [y], when: y > 5}
              once: {kind: test.numbers, over: [y], when: y == 0.3}
              alone: {kind: test.numbers, when: 1 > 2}
            """)
        #expect(graph.actions.map { $0.name } == ["once[y=0.3]"])
        let told = graph.warnings.map { $0.text }
        #expect(told.count == 2)
        #expect(
            told[0].hasPrefix(
                "x.yaml:5:48: warning: `when` holds for none of 11 points: stage `never` has no actions"
            ))
        #expect(
            told[1].hasPrefix(
                "x.yaml:7:37: warning: `when` does not hold: stage `alone` has no actions"))
    }

    @Test func `a choice by a number takes the case that is written like it or is the same number`()
        throws
    {
        for (value, count) in [("1.0", 3), ("1", 3), ("2", 4)] {
            let graph = try load(
                """
                experiment: x
                seed: 1
                constants: {v: \(value), k: {choose: v, 1.0: 3, 2: 4}}
                stages: {a: {kind: test.numbers, params: {count: "${k}"}}}
                """)
            #expect(graph.actions[0].parameters["count"] == JSON.number(Double(count)))
        }
    }
}
