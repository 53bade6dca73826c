import Canon
import Experiment
import Testing

@Suite struct TargetTests {
    private let graph: ActionGraph

    init() throws {
        graph = try load(
            """
            experiment: x
            seed: 1
            axes:
              n: [1, 2, 1000]
              replicate: {count: 2}
              mode: [fast, exact]
              model:
                - {name: polar, width: 64}
                - {name: "flat, wide]", width: 128}
                - {width: 7, deep: true}
              label: ["a,b", "c]d", "e f", "g'h", 'i"j', "2", 2, true, "true", null, "-0", 0]
            stages:
              data: {kind: test.numbers, over: [n, replicate]}
              fit:
                kind: test.reader
                over: [n, mode]
                when: "n != 2 or mode == 'fast'"
                inputs: {all: data}
                params: {name: "${mode}"}
              train: {kind: test.numbers, over: [model, n]}
              tag: {kind: test.numbers, over: [label]}
              all: {kind: test.reader, inputs: {all: data}, params: {name: all}}
            """)
    }

    private func names(_ targets: Targets) throws -> [String] {
        try targets.actions(in: graph).map { graph.actions[$0].name }
    }

    private func values(_ part: String) throws -> [String] {
        try Targets([part]).actions(in: graph).map { index in
            graph.actions[index].coordinates[0].value.canonicalText
        }
    }

    private func refusal(_ names: [String], where conditions: [String] = []) -> String {
        do {
            let found = try Targets(names, where: conditions).actions(in: graph)
            return "found \(found.map { graph.actions[$0].name })"
        } catch { return "\(error)" }
    }

    @Test func `no name means the whole experiment`() throws {
        #expect(try Targets([]).actions(in: graph) == Array(graph.actions.indices))
        #expect(try Targets([]).wanted(in: graph).allSatisfy { $0 })
    }

    @Test func `every action is selected by its own name, byte for byte`() throws {
        for action in graph.actions {
            #expect(try Targets([action.name]).actions(in: graph) == [action.index])
        }
    }

    @Test(arguments: [
        ("data[n=2]", ["data[n=2,replicate=0]", "data[n=2,replicate=1]"]),
        ("data[replicate=1,n=2]", ["data[n=2,replicate=1]"]),
        ("data[ n = 2 , replicate == 0 ]", ["data[n=2,replicate=0]"]),
        ("data[n=1e3, replicate=0]", ["data[n=1000,replicate=0]"]),
        ("data[n=1000.0,replicate!=0]", ["data[n=1000,replicate=1]"]),
        ("data[n>1,n<1000,replicate=0]", ["data[n=2,replicate=0]"]),
        ("data[n<=1,replicate>=1]", ["data[n=1,replicate=1]"]),
        ("data[n=*,replicate=0]", (["1", "2", "1000"]).map { "data[n=\($0),replicate=0]" }),
        ("fit[mode=exact]", ["fit[n=1,mode=exact]", "fit[n=1000,mode=exact]"]),
        ("fit[mode='exact',n=1]", ["fit[n=1,mode=exact]"]),
        ("fit[mode=\"exact\",n=1]", ["fit[n=1,mode=exact]"]),
        ("fit[mode!=exact,n>500]", ["fit[n=1000,mode=fast]"]),
        ("all", ["all"]),
        ("all[*]", ["all"]),
    ])
    func `a part of a sweep is the actions that pass every comparison`(
        part: String, expected: [String]
    ) throws {
        #expect(try names([part]) == expected)
    }

    @Test func `a star selects the whole sweep`() throws {
        #expect(try Targets(["fit[*]"]).actions(in: graph) == Targets(["fit"]).actions(in: graph))
        #expect(try Targets(["fit[ * ]"]).actions(in: graph).count == 5)
    }

    @Test(arguments: [
        ("train[model.name=polar]", 3), ("train[model=polar]", 3), ("train[model.width>=64]", 6),
        ("train[model.width>=64,n=2]", 2), ("train[model.name='flat, wide]']", 3),
        ("train[model=\"flat, wide]\"]", 3), ("train[model={\"width\":64,\"name\":\"polar\"}]", 3),
        ("train[model={\"name\":\"flat, wide]\",\"width\":128},n=1]", 1),
        ("train[model.deep=true]", 3), ("train[model.name!=polar]", 3), ("train[model.width=7]", 3),
    ])
    func `members of mappings are compared, and a missing member passes nothing`(
        part: String, count: Int
    ) throws {
        #expect(try Targets([part]).actions(in: graph).count == count, "\(part)")
    }

    @Test(arguments: [
        ("tag[label='a,b']", #""a,b""#), ("tag[label=\"c]d\"]", #""c]d""#),
        ("tag[label=e f]", #""e f""#),
        ("tag[label=\"g'h\"]", #""g'h""#), (#"tag[label="i\"j"]"#, #""i\"j""#),
        (#"tag[label='i"j']"#, #""i\"j""#), ("tag[label=2]", "2"), ("tag[label='2']", #""2""#),
        ("tag[label=\"2\"]", #""2""#), ("tag[label=true]", "true"),
        ("tag[label='true']", #""true""#),
        ("tag[label=null]", "null"), ("tag[label=2.0]", "2"), ("tag[label='-0']", #""-0""#),
        ("tag[label=-0]", "0"),
    ])
    func `texts, numbers, truth values and null are told apart`(part: String, value: String) throws
    {
        #expect(try values(part) == [value])
    }

    @Test func `texts that look alike but differ in bytes are two values`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            axes: {city: ["Z\u{FC}rich", "Zu\u{308}rich"]}
            stages: {a: {kind: test.numbers, over: [city]}}
            """)
        #expect(try Targets(["a[city=Z\u{FC}rich]"]).actions(in: graph) == [0])
        #expect(try Targets(["a[city=Zu\u{308}rich]"]).actions(in: graph) == [1])
        #expect(try Targets(["a[city=\"Zu\u{308}rich\"]"]).actions(in: graph) == [1])
        #expect(try Targets([graph.actions[1].name]).actions(in: graph) == [1])
    }

    @Test func `a long value is meant by its label in the names of actions too`() throws {
        let long = String(repeating: "a, b] ", count: 40)
        let graph = try load(
            """
            experiment: x
            seed: 1
            axes: {text: ["\(long)", "\(long)c", short], n: [1, 2]}
            stages: {a: {kind: test.numbers, over: [text, n]}}
            """)
        let name = graph.actions[2].name
        let part = name.replacing(",n=1]", with: "]")
        #expect(part != name)
        #expect(try Targets([name]).actions(in: graph) == [2])
        #expect(try Targets([part]).actions(in: graph) == [2, 3])
        let turned = "a[n=2," + part.dropFirst(2)
        #expect(try Targets([turned]).actions(in: graph) == [3])
        #expect(try Targets(["a[text='\(long)',n=2]"]).actions(in: graph) == [1])
    }

    @Test func `names are taken together, each action once, in the order of the names`() throws {
        #expect(
            try names(["data[n=2]", "all", "data[replicate=0,n=2]"]) == [
                "data[n=2,replicate=0]", "data[n=2,replicate=1]", "all",
            ])
    }

    @Test func `what is selected is wanted with everything that it needs`() throws {
        let wanted = try Targets(["fit[n=2]"]).wanted(in: graph)
        let names = graph.actions.filter { wanted[$0.index] }.map { $0.name }
        #expect(names == ["data[n=2,replicate=0]", "data[n=2,replicate=1]", "fit[n=2,mode=fast]"])
    }
}

extension TargetTests {
    @Test(arguments: [
        (
            "dat[n=2]",
            "no action or stage `dat[n=2]` in x.yaml\n  expected: data, fit, train, tag, all, or an action such as `all`\n  did you mean `data[n=2]`?"
        ),
        (
            "data[m=2]",
            "target `data[m=2]`, column 6: stage `data` has no axis `m`\n  expected: n, replicate"
        ),
        (
            "data[replicat=0]",
            "target `data[replicat=0]`, column 6: stage `data` has no axis `replicat`\n  expected: n, replicate\n  did you mean `replicate`?"
        ),
        (
            "all[n=2]",
            "target `all[n=2]`, column 5: stage `all` has no axis `n`\n  the stage varies over no axis: write `all`"
        ),
        (
            "data[replicate=0,n=990]",
            "target `data[replicate=0,n=990]`, column 18: no value of `n` is 990\n  expected: n is one of 1, 2, 1000\n  did you mean `n=1000`?"
        ),
        (
            "fit[mode=exakt]",
            "target `fit[mode=exakt]`, column 5: no value of `mode` is exakt\n  expected: mode is one of fast, exact\n  did you mean `mode=exact`?"
        ),
        (
            "train[model.nam=polar]",
            "target `train[model.nam=polar]`, column 7: no value has a member `nam`\n  expected: deep, name, width\n  did you mean `name`?"
        ),
        (
            "data[n.name=polar]",
            "target `data[n.name=polar]`, column 6: `.name` of values that are no mappings\n  only an axis whose values are mappings has members"
        ),
        ("data[n>1e6]", "no action of `data` has `n>1e6`\n  expected: n is one of 1, 2, 1000"),
        (
            "fit[n=2,mode=exact]",
            "no action of `fit` agrees with all of `fit[n=2,mode=exact]`\n  each condition holds for some action, but no action holds all of them"
        ),
        (
            "fit[mode>fast]",
            "target `fit[mode>fast]`, column 5: `>` compares numbers, found fast\n  expected: a number, such as mode>1000"
        ),
        (
            "fit[mode>1]",
            "target `fit[mode>1]`, column 5: `>` compares numbers, and `mode` has none\n  expected: mode is one of fast, exact"
        ),
    ])
    func `what is missing is named, with what there is and the nearest`(part: String, text: String)
    {
        #expect(refusal([part]) == text)
    }

    @Test(arguments: [
        ("data[", 6, "expected an axis, found the end"),
        ("data[]", 6, "expected an axis, found `]`"),
        ("data[n", 7, "expected a comparison after `n` (= == != < <= > >=), found the end"),
        ("data[2]", 7, "expected a comparison after `2` (= == != < <= > >=), found `]`"),
        ("data[n=]", 8, "expected a value after `n=`, found `]`"),
        ("data[n=,replicate=0]", 8, "expected a value after `n=`, found `,`"),
        ("data[n=2", 9, "expected `,` or `]`, found the end"),
        ("data[n=2]x", 10, "expected the end after `]`, found `x`"),
        ("data[n=2,]", 10, "expected an axis, found `]`"),
        ("data[n=>2]", 7, "expected a comparison after `n` (= == != < <= > >=), found `=>`"),
        ("data[n='2]", 8, "the text does not end; expected `'` after it"),
        ("data[n=\"2]", 8, "expected a text in quotes, found one that does not end"),
        ("data[n={\"a\":1]", 8, "expected a mapping or a list as JSON, found `{\"a\":1]`"),
        ("data[n={a}]", 8, "expected a mapping or a list as JSON, found `{a}`"),
        ("data[*,n=2]", 7, "expected `,` or `]`, found `,`"),
        ("train[model..name=polar]", 7, "expected an axis and its members, found `model..name`"),
    ])
    func `what cannot be read is refused with its column`(part: String, column: Int, text: String) {
        #expect(
            refusal([part])
                == "target `\(part)`, column \(column): \(text)\n  expected: a part of a sweep, such as train[n=2], train[n>=1000, model.name=polar], train[*]"
        )
    }

    @Test(arguments: [0x61, 0x5B, 0x5D, 0x3D, 0x22, 0x27, 0x7B, 0x2C, 0x2E, 0x2A, 0x20, 0x301])
    func `no target ends in a crash`(scalar: Int) throws {
        let letter = try #require(Unicode.Scalar(UInt32(scalar)).map { String(Character($0)) })
        let text = "data[n=2,replicate=0]"
        for place in 0...text.count {
            var target = text
            target.insert(contentsOf: letter, at: text.index(text.startIndex, offsetBy: place))
            _ = refusal([target])
            _ = refusal([], where: [target])
        }
        for length in [1, 10, 10_000] {
            _ = refusal([String(repeating: letter, count: length)])
            _ = refusal(["data[" + String(repeating: letter, count: length)])
            _ = refusal(["data[n=" + String(repeating: letter, count: length) + "]"])
        }
    }
}

// MARK: Conditions

extension TargetTests {
    @Test(arguments: [
        (["n <= 2 and replicate == 0"], ["data[n=1,replicate=0]", "data[n=2,replicate=0]"]),
        (["n <= 2", "replicate == 0"], ["data[n=1,replicate=0]", "data[n=2,replicate=0]"]),
        (["mode == 'exact'"], ["fit[n=1,mode=exact]", "fit[n=1000,mode=exact]"]),
        (["log2(n) == 1 and mode != 'exact'"], ["fit[n=2,mode=fast]"]),
    ])
    func `a condition selects what has its axes and holds it`(
        conditions: [String], expected: [String]
    ) throws {
        #expect(try names(Targets([], where: conditions)) == expected)
    }

    @Test func `a condition narrows what is named, and inputs come all the same`() throws {
        let targets = Targets(["fit"], where: ["n == 2"])
        #expect(try names(targets) == ["fit[n=2,mode=fast]"])
        let wanted = try targets.wanted(in: graph)
        #expect(
            graph.actions.filter { wanted[$0.index] }.map { $0.name } == [
                "data[n=2,replicate=0]", "data[n=2,replicate=1]", "fit[n=2,mode=fast]",
            ])
    }

    @Test(arguments: [
        (
            [], "n = 2",
            "--where 'n = 2', character 3: unknown symbol `=`\n  write == for `=`\n  expected: + - * / ^ ( ) , . == != < <= > >= and or not"
        ),
        (
            [], "replicat == 2",
            "--where 'replicat == 2', character 1: no stage varies over `replicat`\n  expected: label, mode, model, n, replicate\n  did you mean `replicate`?"
        ),
        (
            ["all"], "n == 2",
            "--where 'n == 2': nothing that is named varies over n\n  expected: a stage that does: data, fit, train"
        ),
        (
            ["data"], "n > 1000",
            "--where 'n > 1000': holds for none of 6 actions\n  expected: n is one of 1, 2, 1000"
        ),
        (
            ["data"], "n + 1",
            "--where 'n + 1', character 1: expected true or false, found 2\n  expected: a comparison, such as n <= 1000"
        ),
        (
            ["fit"], "mode > 1",
            "--where 'mode > 1', character 6: fit[n=1,mode=fast]: expected a number, found \"fast\""
        ),
    ])
    func `a condition that selects nothing says why`(
        names: [String], condition: String, text: String
    ) {
        #expect(refusal(names, where: [condition]) == text)
    }

    @Test func `a condition without an axis is refused`() {
        #expect(
            refusal([], where: ["1 < 2"]).hasPrefix(
                "--where '1 < 2', character 1: the condition names no axis\n  expected: label, mode"
            ))
    }
}
