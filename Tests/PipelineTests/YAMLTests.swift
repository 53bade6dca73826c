import Canon
import Experiment
import Testing

/// What editors of people put into YAML.
@Suite struct YAMLTests {
    private let file =
        "experiment: x\nseed: 1\naxes: {n: [1, 2]}\nstages:\n  a: {kind: test.numbers, over: [n]}\n"

    @Test func `a byte order mark and the line ends of Windows and old Macs change nothing`() throws
    {
        let plain = try load(file).actions.map { $0.name }
        for text in [
            "\u{FEFF}" + file, file.replacing("\n", with: "\r\n"), file.replacing("\n", with: "\r"),
            "\u{FEFF}" + file.replacing("\n", with: "\r\n"), "---\n" + file + "...\n",
        ] {
            #expect(try load(text).actions.map { $0.name } == plain)
        }
        #expect(
            mistakes(
                "\u{FEFF}"
                    + file.replacing("seed: 1", with: "seed: x").replacing("\n", with: "\r\n")
            )
            .hasPrefix("x.yaml:2:7: error: `seed` is the text \"x\""))
    }

    @Test func `a line of a block text that begins with && is text`() throws {
        let graph = try load(
            """
            experiment: x
            seed: 1
            stages:
              a:
                kind: test.reader
                params:
                  name: |
                    test -d / \\
                    && echo yes
                    *star & and [bracket
                    - - - dashes
            """)
        #expect(
            graph.actions[0].parameters["name"]?.text
                == "test -d / \\\n&& echo yes\n*star & and [bracket\n- - - dashes\n".dropLast()
                .description)
    }

    @Test func `one-line lists of many negative numbers and options are no deep nesting`() throws {
        let numbers = (1...500).map { "-\($0)" }.joined(separator: ", ")
        let graph = try load(
            "experiment: x\nseed: 1\naxes: {n: [\(numbers)]}\nstages: {a: {kind: test.numbers, over: [n]}}\n"
        )
        #expect(graph.actions.count == 500)
        let long = (0..<100_000).map { "-o\($0)" }.joined(separator: ", ")
        let wide = try load(
            "experiment: x\nseed: 1\naxes: {n: [\(long)]}\nstages: {a: {kind: test.numbers, over: [n]}}\n"
        )
        #expect(wide.actions.count == 100_000)
    }

    @Test func `an expression without quotes in a flow mapping gets the hint to quote it`() {
        let found = mistakes(
            "experiment: x\nseed: 1\nstages: {a: {kind: test.numbers, params: {count: ${n}}}}\n")
        #expect(found.contains("not YAML"), "\(found)")
        #expect(found.contains("quote it: \"${n}\""), "\(found)")
    }

    @Test(arguments: [
        ("a: &x 1", "x.yaml:1:4: error: an anchor"), ("a: *x", "x.yaml:1:4: error: an alias"),
        ("a: !!str 1", "x.yaml:1:4: error: a tag"), ("? [a]\n: 1", "a key is not a name"),
        ("a: 1\n---\nb: 2", "a second document starts here"), ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("a: 1\na: 2", "x.yaml:2:1: error: `a` stands twice in one mapping"),
        ("a: \"x\u{2028}y\"", "the character U+2028"), ("a:\tb: 1", "not YAML"),
        ("a: \u{1}", "not YAML"),
        ("a: 'x", "not YAML"), ("a: \"\\q\"", "not YAML"), ("[1, 2", "not YAML"),
    ])
    func `what an experiment file may not have is told with its place`(
        text: String, message: String
    ) {
        #expect(mistakes(text).contains(message), "\(mistakes(text))")
    }
}
