import Canon
import Experiment
import System
import Testing

@Suite struct GraphTests {
    private let file = """
        experiment: x
        seed: 1
        axes:
          n: {from: 1, to: 1000, points: 4, scale: log, round: true}
          mode: [fast, exact]
          r: {count: 2}
        stages:
          data: {kind: test.numbers, over: [n, r], params: {count: "${min(n, 100)}"}}
          fit: {kind: test.numbers, over: [mode, r], params: {mode: "${mode}"}}
          all: {kind: test.reader, over: [mode], inputs: {all: [fit, data/more]}, params: {name: "${mode}"}}
        """

    @Test
    func `an action reads every action that agrees on the shared axes, ordered by coordinate`()
        throws
    {
        let graph = try load(file)
        #expect(graph.actions.count == 8 + 4 + 2)
        let reader = try #require(graph.actions.first { $0.name == "all[mode=exact]" })
        let names = reader.inputs[0].sources.map { source -> String in
            guard case .action(let index, let output) = source else { return "" }
            return "\(graph.actions[index].name)/\(output)"
        }
        #expect(
            names == [
                "fit[mode=exact,r=0]/numbers", "fit[mode=exact,r=1]/numbers",
                "data[n=1,r=0]/more", "data[n=1,r=1]/more", "data[n=10,r=0]/more",
                "data[n=10,r=1]/more", "data[n=100,r=0]/more", "data[n=100,r=1]/more",
                "data[n=1000,r=0]/more", "data[n=1000,r=1]/more",
            ])
    }

    @Test func `producers stand before their readers`() throws {
        let graph = try load(file)
        for action in graph.actions {
            for input in action.inputs {
                for case .action(let producer, _) in input.sources {
                    #expect(producer < action.index)
                }
            }
        }
    }

    @Test func `only replicates change a seed, and a further point changes nobody's`() throws {
        let graph = try load(file)
        func seed(_ graph: ActionGraph, _ name: String) -> UInt64? {
            graph.actions.first { $0.name == name }?.seed
        }
        #expect(seed(graph, "data[n=1,r=0]") == seed(graph, "data[n=1000,r=0]"))
        #expect(seed(graph, "data[n=1,r=0]") != seed(graph, "data[n=1,r=1]"))
        #expect(seed(graph, "data[n=1,r=0]") != seed(graph, "fit[mode=fast,r=0]"))
        let more = try load(file.replacing("count: 2}", with: "count: 3}"))
        #expect(seed(more, "data[n=1,r=1]") == seed(graph, "data[n=1,r=1]"))
    }

    @Test func `an axis that no stage runs over is told`() throws {
        let graph = try load(
            "experiment: x\nseed: 1\naxes:\n  n: [1]\n  width: [1, 2]\nstages: {a: {kind: test.numbers, over: [n]}}\n"
        )
        #expect(
            graph.warnings.map { $0.text } == [
                """
                x.yaml:5:3: warning: axis `width` is in `over` of no stage
                    5 |   width: [1, 2]
                      |   ^~~~~
                  fix: add it to `over` of the stages that vary with it, or remove it
                """
            ])
    }

    @Test func `comments, order and number forms never reach a parameter`() throws {
        let a = try load(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {rate: 1e-3, count: 10}}}\n"
        )
        let b = try load(
            "# a comment\nstages:\n  a:\n    params:\n      count:   10.0\n      rate: 0.001\n    kind: test.numbers\nseed: 1\nexperiment: x\n"
        )
        #expect(a.actions[0].parameters == b.actions[0].parameters)
    }

    @Test func `when filters actions, mappings have members, constants count`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            constants: {limit: 5}
            axes: {m: [{name: a, w: 2}, {name: b, w: 9}]}
            stages:
              s: {kind: test.numbers, over: [m], when: m.w < limit, params: {count: "${m.w ^ 2 + 1}"}}
            """)
        #expect(graph.actions.map { $0.name } == ["s[m=a]"])
        #expect(graph.actions[0].parameters["count"] == 5)
    }

    /// What the file says where `scale` has this value.
    private func sized(_ scale: String) -> String {
        """
        experiment: x
        seed: 1
        constants:
          scale: \(scale)
          top: {choose: scale, small: 3, large: {choose: scale, large: 5}}
        axes: {k: {choose: scale, small: [1, 2], large: {from: 1, to: 4, step: 1}}}
        stages:
          s: {kind: test.numbers, over: [k], params: {count: "${k + top}"}}
        """
    }

    @Test func `a constant chooses other constants and whole axes`() throws {
        for (scale, counts) in [("small", [4, 5]), ("large", [6, 7, 8, 9])] {
            let graph = try load(sized(scale))
            #expect(graph.actions.compactMap { $0.parameters["count"]?.integer } == counts)
        }
        let plain = try load(
            "experiment: x\nseed: 1\nstages: {s: {kind: test.numbers, params: {count: 4}}}\n")
        #expect(try load(sized("small")).actions[0].parameters == plain.actions[0].parameters)
    }

    @Test func `expressions follow the usual precedence`() throws {
        for (text, value) in [
            ("2 + 3 * 4", 14.0), ("(2 + 3) * 4", 20), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4),
            ("10 - 2 - 3", 5), ("min(3, 1, 2)", 1), ("round(2.5) + floor(1.9) + ceil(0.1)", 5),
            ("log2(8)", 3), ("sqrt(16)", 4), ("8 × 2 ÷ 4 − 1", 3), ("abs(-7)", 7),
        ] {
            let graph = try load(
                "experiment: x\nseed: 1\nconstants: {k: 1}\nstages: {a: {kind: test.numbers, params: {count: \"${max(1, \(text)) * 0 + 1}\"}}}\n"
            )
            #expect(graph.actions[0].parameters["count"] == 1)
            let reader = try load(
                "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, params: {name: \"${\(text)}\"}}}\n"
            )
            #expect(
                reader.actions[0].parameters["name"] == .string(JSON.number(value).canonicalText))
        }
    }

    @Test func `a source becomes a download before its reader`() throws {
        let digest = String(repeating: "ab", count: 32)
        let graph = try load(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.reader, inputs: {one: {url: \"https://example.org/d.csv\", sha256: \(digest)}}, params: {name: a}}}\n"
        )
        #expect(graph.actions.map { $0.name } == ["source:d.csv", "a"])
        #expect(graph.stages[1].kind.name == "source.fetch")
    }

    @Test func `a chain of 100,000 stages and a fan of 100,000 actions load`() throws {
        var chain =
            "experiment: x\nseed: 1\nstages:\n  s0: {kind: test.reader, params: {name: a}}\n"
        for index in 1..<100_000 {
            chain +=
                "  s\(index): {kind: test.reader, inputs: {one: s\(index - 1)}, params: {name: a}}\n"
        }
        #expect(try load(chain).actions.count == 100_000)
        let fan = try load(
            "experiment: x\nseed: 1\naxes: {i: {count: 100000}}\nstages:\n  a: {kind: test.numbers, over: [i]}\n  b: {kind: test.reader, inputs: {all: a}, params: {name: b}}\n"
        )
        #expect(fan.actions[100_000].inputs[0].sources.count == 100_000)
    }

    @Test func `the schema has every kind with its parameters`() throws {
        let schema = ExperimentSchema.json(testKinds.kinds)
        let stage = schema["properties"]?["stages"]?["additionalProperties"]
        #expect(stage?["properties"]?["kind"]?["enum"] == ["test.numbers", "test.reader"])
        let first = stage?["allOf"]?.elements?[0]
        #expect(first?["then"]?["properties"]?["params"]?["properties"]?["count"]?["default"] == 1)
        #expect(
            KindDocumentation.text(TestNumbers.kind).contains(
                "rate: a number from 0 (excluded) to 1; default 0.5"))
    }
}
