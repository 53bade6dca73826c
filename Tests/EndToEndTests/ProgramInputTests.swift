import Canon
import TestSupport
import Testing

/// What a program is given: inputs by name, tables of their coordinates, parameters, seeds, variables.
@Suite struct ProgramInputTests {
    /// A reader of CSV that is not ours tells what it found.
    private static let reader = """
        import csv, json, os, sys

        def rows(path):
            return list(csv.DictReader(open(path, newline="")))

        table, folder, one, its_table, seen = sys.argv[1:]
        json.dump({
            "rows": rows(table), "texts": [open(row["path"]).read() for row in rows(table)],
            "folder": sorted(os.listdir(folder)), "one": one, "its": rows(its_table)}, open(seen, "w"))

        """

    @Test(arguments: Started.allCases)
    func `inputs stand under their names, and a collection has a table of its coordinates`(
        started: Started
    ) throws {
        guard
            let world = ProgramWorld(
                started,
                stages: #"""
                      data: {kind: command, over: [n, tag], params: {run: [echo, "${n} ${tag}"]}}
                      read:
                        kind: command
                        inputs: {points: data, one: "file:table.csv"}
                        params:
                          run: [python3, read.py, "${inputs.points.table}", "${inputs.points.folder}",
                                "${inputs.one}", "${inputs.one.table}", "${outputs.seen}"]
                          files: [read.py]
                          outputs: {seen: seen.json}
                    axes: {n: [10, 200], tag: ["a,b", "é\"́ ", "two\nlines"]}
                    """#)
        else { return }
        world.project.write("read.py", Self.reader)
        world.project.write("table.csv", "x\n")
        let run = world.bitlaw("run pipelines/p.yaml -q")
        #expect(run.code == 0, "\(run.error)")
        let seen = try JSON(
            parsing: world.bitlaw("show pipelines/p.yaml read --output seen").output)
        let tags = ["a,b", "é\"\u{301} ", "two\nlines"]
        let points = ["10", "200"].flatMap { n in tags.map { (n, $0) } }
        #expect(
            seen["rows"]
                == .array(
                    points.enumerated().map { number, point in
                        [
                            "path": .string("inputs/points/\(number)/out"),
                            "n": .string(point.0), "tag": .string(point.1),
                        ]
                    }))
        #expect(seen["texts"] == .array(points.map { .string("\($0) \($1)\n") }))
        #expect(seen["folder"] == ["0", "1", "2", "3", "4", "5", "table.csv"])
        // One thing has a table too where it is asked for, and keeps its own name.
        #expect(seen["one"] == "inputs/one/table.csv")
        #expect(seen["its"] == [["path": "inputs/one/table.csv"]])
    }

    @Test
    func `a program gets its coordinates in a file, and the seed that the page of formats derives`()
        throws
    {
        guard
            let world = ProgramWorld(
                .confined,
                stages: """
                      a:
                        kind: command
                        over: [n, replicate]
                        params: {run: "cat ${params}; echo ${seed} ${seed32}"}
                    axes: {n: [1e1, a b], replicate: {count: 2}}
                    """)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml -q")
        #expect(run.code == 0, "\(run.error)")
        for replicate in 0..<2 {
            let document = #"["bitlaw/seed/1","1","a",{"replicate":\#(replicate)}]"#
            let hex = Digest(of: Array(document.utf8).span).hex
            let seed = try #require(UInt64(hex.prefix(16), radix: 16))
            let small = try #require(UInt32(hex.prefix(8), radix: 16))
            for (label, value) in [("1e1", "10"), ("a b", "\"a b\"")] {
                let shown = world.bitlaw(
                    "show pipelines/p.yaml 'a[n=\(label),replicate=\(replicate)]' --output out")
                #expect(
                    shown.output
                        == #"{"coordinates":{"n":\#(value),"replicate":\#(replicate)},"parameters":{}}"#
                        + "\n\(seed) \(small)\n", "\(shown.error)")
            }
        }
    }

    @Test
    func `a variable of a stage is seen and in its key, and one that is not set ends a script`() {
        func stages(_ value: String) -> String {
            "  a: {kind: command, params: {run: [printenv, GREETING], env: {GREETING: \"\(value)\"}}}\n"
                + "  b: {kind: command, params: {run: \"echo before; echo $NOT_THERE; echo after\"}}"
        }
        guard let world = ProgramWorld(.confined, stages: stages("two words")) else { return }
        let first = world.bitlaw("run pipelines/p.yaml")
        #expect(first.code == 1)
        #expect(first.output.hasPrefix("1 ran, 1 failed in "), "\(first.output)")
        #expect(first.error.contains("NOT_THERE: "), "\(first.error)")
        #expect(!first.error.contains("| after"))
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "two words\n")
        world.project.write(
            "pipelines/p.yaml", "experiment: p\nseed: 1\nstages:\n\(stages("other"))\n")
        #expect(world.bitlaw("run pipelines/p.yaml a").output.hasPrefix("1 ran in "))
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "other\n")
    }

    @Test(arguments: Started.allCases)
    func `values in a script are words, whatever a shell would read in them`(started: Started)
        throws
    {
        guard
            let world = ProgramWorld(
                started,
                stages: #"""
                      a:
                        kind: command
                        over: [x]
                        inputs: {d: "file:my $(file)'s.txt"}
                        params:
                          run: |
                            printf '%s|' ${x} "${x}" '${x}' "$(printf %s ${x})"
                            cat ${inputs.d}
                    axes: {x: ["a b", "$(echo bad)", "it's", "`x`\"\\", "if", "é́", "*"]}
                    """#)
        else { return }
        world.project.write("my $(file)'s.txt", "read\n")
        let run = world.bitlaw("run pipelines/p.yaml -q")
        #expect(run.code == 0, "\(run.error)")
        for value in ["a b", "$(echo bad)", "it's", "`x`\"\\", "if", "é\u{301}", "*"] {
            let wanted = Array(repeating: "\(value)|", count: 4).joined() + "read\n"
            let digest = Digest(of: Array(wanted.utf8).span).hex
            #expect(
                world.project.shell(
                    "test -e .cache/cas/\(digest.prefix(2))/\(digest.dropFirst(2)).zst")
                    == 0, "\(value)")
        }
    }
}
