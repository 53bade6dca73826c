import Canon
import Experiment
import Testing

/// The words of programs: what is filled in, when, and what is text.
@Suite struct ProgramWordTests {
    /// The words of the last action of a stage, as its key has them.
    private static func words(_ run: String, _ more: String = "", over axes: String = "") throws
        -> JSON?
    {
        let graph = try loadPrograms(
            programStage(
                "inputs: {d: data, e: [data, data/more]}\nparams: {run: \(run)\(more)}", over: axes)
        )
        return graph.actions.last?.parameters["run"]
    }

    /// What FORMAT.md says of pieces: texts, and an object for each place.
    @Test(arguments: [
        (#"[p, "${inputs.d}"]"#, #"["p",[{"input":"d"}]]"#),
        (#"[p, "--in=${inputs.d}."]"#, #"["p",["--in=",{"input":"d"},"."]]"#),
        (
            #"[p, "${inputs.e.table}", "${inputs.e.folder}"]"#,
            #"["p",[{"table":"e"}],[{"folder":"e"}]]"#
        ),
        (#"[p, "${seed}", "${seed32}x"]"#, #"["p",[{"seed":64}],[{"seed":32},"x"]]"#),
        (#"[p, "${c}", "${2 * c}", "${text}"]"#, #"["p","0.10","0.2","a ${b}"]"#),
        (#"[p, "$${x}", "$$${x}", "$"]"#, #"["p","${x}","$${x}","$"]"#),
        (#"[p, "{} {n} {x}", "%{", ""]"#, #"["p","{} {n} {x}","%{",""]"#),
        (#"[p, 007, 1e3, true, 3.10]"#, #"["p","007","1e3","true","3.10"]"#),
        (
            #""echo ${c} ${inputs.d}""#,
            #"{"script":["echo ",{"value":"0.10"}," ",{"input":"d"}]}"#
        ),
        (#""echo $${x:-y} $x""#, #"{"script":["echo ${x:-y} $x"]}"#),
    ])
    func `each place has its form in the key`(run: String, key: String) throws {
        #expect(try Self.words(run)?.canonicalText == JSON(parsing: key).canonicalText)
    }

    @Test func `an output is a place, and the file of parameters has axes and parameters`() throws {
        let words = try Self.words(
            #"[p, "${outputs.m}", "${params}"]"#, ", outputs: {m: m.json}", over: "n, q")
        #expect(words?.elements?[1].canonicalText == #"[{"output":"m"}]"#)
        let file = words?.elements?[2].elements?[0]["params"]
        #expect(file?["coordinates"]?.canonicalText == #"{"n":2,"q":"it's"}"#)
        #expect(file?["parameters"]?.members != nil)
    }

    @Test func `what was filled in is never read again`() throws {
        let graph = try loadPrograms(
            programStage(#"params: {run: [p, "${q}", "${text}"]}"#, over: "q"))
        let words = graph.actions.compactMap { $0.parameters["run"]?.canonicalText }
        #expect(words == [#"["p","${seed}","a ${b}"]"#, #"["p","it's","a ${b}"]"#])
        // Nobody asked for the seed: it is in no key.
        #expect(graph.actions.suffix(2).allSatisfy { $0.seed == nil })
    }

    @Test func `names of the file come before those of places`() throws {
        let graph = try loadPrograms(
            #"""
            experiment: x
            seed: 1
            axes: {seed: [7]}
            stages:
              a: {kind: command, over: [seed], params: {run: [p, "${seed}"]}}
            """#)
        #expect(graph.actions[0].parameters["run"] == ["p", "7"])
    }

    @Test func `a place that is an axis of other stages is refused`() {
        let text = programMistakes(
            #"""
            experiment: x
            seed: 1
            axes: {seed: [7], n: [1]}
            stages:
              a: {kind: command, over: [n], params: {run: [p, "${n}", "${seed}"]}}
              b: {kind: command, over: [seed], params: {run: [p, "${seed}"]}}
            """#)
        #expect(
            text.hasPrefix(
                "x.yaml:5:62: error: `seed` is an axis that the stage does not run over"),
            "\(text)")
        #expect(text.contains("fix: add it to `over` of the stage"), "\(text)")
    }

    /// The seeds of the actions of a stage over two replicates, with these words.
    private static func seeds(_ run: String, axis: String = "{count: 2}") throws -> [UInt64?] {
        try loadPrograms(
            """
            experiment: x
            seed: 1
            axes: {r: \(axis)}
            stages:
              a: {kind: command, over: [r], params: {run: \(run)}}
            """
        ).actions.map { $0.seed }
    }

    @Test func `replicates that a program is told need no seed, and others stay apart by one`()
        throws
    {
        for told in [#"[p, "${r}"]"#, #"[p, "--r=${r}"]"#, #""p ${r}""#] {
            #expect(try Self.seeds(told) == [nil, nil], "\(told)")
        }
        for untold in ["[p]", #"[p, "${r + 1}"]"#, #"[p, "${seed}", "${r}"]"#] {
            let seeds = try Self.seeds(untold)
            #expect(seeds[0] != nil && seeds[1] != nil && seeds[0] != seeds[1], "\(untold)")
        }
        // A list of numbers and a count of replicates are one: the words are the same.
        #expect(try Self.seeds(#"[p, "${r}"]"#, axis: "[0, 1]") == [nil, nil])
    }

    @Test func `variables are filled in as words are, and in the key`() throws {
        let graph = try loadPrograms(
            programStage(
                #"params: {run: [p], env: {A: "${n}", B: "x${seed32}", C: 007}}"#, over: "n"))
        let action = try #require(graph.actions.last)
        #expect(
            action.parameters["env"]?.canonicalText == #"{"A":"2","B":["x",{"seed":32}],"C":"007"}"#
        )
        #expect(action.seed != nil)
    }

    /// The stage's `params` stand in line 11 of the file, the words from column 19 on.
    @Test(arguments: [
        (#"[p, "${inputs.x}"]"#, 26, "no input `x`", "expected: d, e"),
        (#"[p, "${input.d}"]"#, 26, "unknown name `input`", "did you mean `${inputs.NAME}`?"),
        (#"[p, "${inputs}"]"#, 26, "`inputs` is no place", "expected: ${inputs.NAME}"),
        (#"[p, "${inputs.d.x}"]"#, 26, "an input has no `x`", "inputs.d.table or .folder"),
        (#"[p, "${outputs.m}"]"#, 26, "no output `m`", "what the program prints is the output"),
        (#"[p, "a ${nn}"]"#, 28, "unknown name `nn`", "to pass `${` on as it is, write `$${`"),
        (#"[p, "${n}"]"#, 26, "unknown name `n`", "`n` is an axis: add it to `over`"),
        (#"[p, "${sead}"]"#, 26, "unknown name `sead`", "did you mean `${seed}`?"),
        (
            #"[p, "${seed + 1}"]"#, 26, "`seed` in an expression",
            "expected: it alone, as in ${seed}"
        ),
        (#"[p, "${seed.x}"]"#, 26, "`seed.x` is no place", "expected: ${seed}"),
        (#"[p, "${params.x}"]"#, 26, "`params.x` is no place", "expected: ${params}"),
        (#"[p, "${c"]"#, 24, "`${` without its `}`", "expected: `}`"),
        (#"[]"#, 19, "a program of 0 words", "expected: 1 to 1000 words"),
        (#"[p, [x]]"#, 23, "a word is a list", "expected: a text"),
        (#"[p, null]"#, 23, "a word is null", "quote it where the text is meant"),
        (#""""#, 19, "`run` is the text \"\"", "expected: a list of words, or a text for sh"),
        (#"{a: b}"#, 19, "`run` is a mapping", "expected: a list of words, or a text for sh"),
        (
            #"[p, "a\0b"]"#, 23, "a word with the character NUL in it",
            "expected: a text that a program can be given"
        ),
    ])
    func `a mistake in a word is told at its column`(
        run: String, column: Int, message: String, advice: String
    ) {
        let text = programMistakes(
            programStage("inputs: {d: data, e: [data, data/more]}\nparams: {run: \(run)}"))
        #expect(text.hasPrefix("x.yaml:11:\(column): error: \(message)"), "\(text)")
        #expect(text.contains(advice), "\(text)")
    }

    @Test(arguments: [
        ("{HOME: x}", "`HOME` is the same for every program", "PATH, PWD, TMPDIR"),
        ("{1A: x}", "no variable can be called `1A`", "letters, digits and _"),
        ("{A: [x]}", "a word is a list", "expected: a text"),
        ("[A]", "`env` is a list", "expected: a mapping, NAME: value"),
        (#"{A: "${x}"}"#, "unknown name `x`", "to pass `${` on"),
    ])
    func `a mistake in a variable is told`(env: String, message: String, advice: String) {
        let text = programMistakes(programStage("params: {run: [p], env: \(env)}"))
        #expect(text.contains("error: \(message)") && text.contains(advice), "\(text)")
    }

    @Test func `a place of a program in another parameter is told to stand nowhere else`() {
        let text = programMistakes(programStage(#"params: {run: [p], depends: ["${seed}"]}"#))
        #expect(text.contains("unknown name `seed`"), "\(text)")
        #expect(
            text.contains("`seed` is filled in in `run` and `env` of a program, nowhere else"),
            "\(text)")
    }
}
