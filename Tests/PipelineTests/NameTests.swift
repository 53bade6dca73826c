import Canon
import Experiment
import Testing

/// What actions are called: their names stand in targets, lock files and file names.
@Suite struct NameTests {
    /// The names of the actions of one stage over one axis.
    private func names(_ values: String) throws -> [String] {
        try load(
            """
            experiment: x
            seed: 1
            axes: {x: [\(values)]}
            stages: {t: {kind: test.numbers, over: [x]}}
            """
        ).actions.map { $0.name }
    }

    @Test(arguments: [
        (#"1, "1""#, ["t[x=1]", #"t[x="1"]"#]),
        (#"null, "null""#, ["t[x=null]", #"t[x="null"]"#]),
        (#"true, "true", "True""#, ["t[x=true]", #"t[x="true"]"#, #"t[x="True"]"#]),
        (
            #"1.5, "1.5", "007", "1e5", "-3""#,
            [
                "t[x=1.5]", #"t[x="1.5"]"#, #"t[x="007"]"#, #"t[x="1e5"]"#, #"t[x="-3"]"#,
            ]
        ),
        (
            #""org/tiny", "org:tiny", "org tiny", "org_tiny""#,
            [
                #"t[x="org/tiny"]"#, #"t[x="org:tiny"]"#, #"t[x="org tiny"]"#, "t[x=org_tiny]",
            ]
        ),
        (#""c++", "c--", "Ünicode""#, [#"t[x="c++"]"#, "t[x=c--]", #"t[x="Ünicode"]"#]),
        (#"[1, 2], "[1,2]""#, ["t[x=[1,2]]", #"t[x="[1,2]"]"#]),
        (
            "v1.2, 3.10-rc, e5, -rf, nan",
            [
                "t[x=v1.2]", "t[x=3.10-rc]", "t[x=e5]", "t[x=-rf]", "t[x=nan]",
            ]
        ),
    ])
    func `values that differ give names that differ`(values: String, expected: [String]) throws {
        #expect(try names(values) == expected)
    }

    @Test func `two forms of one letter are two values, and their names tell them apart`() throws {
        let found = try names("\"\u{e9}\", \"e\u{301}\", \"\u{1F600}\"")
        #expect(found == [#"t[x="\u00e9"]"#, #"t[x="e\u0301"]"#, "t[x=\"\u{1F600}\"]"])
        // Alone, a letter is written as it is.
        #expect(try names("\"\u{e9}\"") == ["t[x=\"\u{e9}\"]"])
    }

    @Test func `long values have short names, and no two the same`() throws {
        let long = String(repeating: "x", count: 300)
        let found = try names("\"\(long)a\", \"\(long)b\"")
        #expect(Set(found).count == 2)
        for name in found { #expect(name.utf8.count < 100) }
        // What SHA-256 gives for the JSON text: printf '"xxx…a"' | sha256sum.
        let digest = Digest(of: Array("\"\(long)a\"".utf8).span).hex.prefix(16)
        #expect(found[0] == "t[x=\"\(String(repeating: "x", count: 59))~\(digest)]")
        // What fits stays as it is.
        let fits = String(repeating: "y", count: 150)
        #expect(try names("\"\(fits)\"") == ["t[x=\"\(fits)\"]"])
    }

    @Test func `two mappings of one name are a mistake at their axis`() {
        let text = mistakes(
            """
            experiment: x
            seed: 1
            axes:
              m: [{name: adam, rate: 1}, {name: adam, rate: 2}]
            stages: {t: {kind: test.numbers, over: [m]}}
            """)
        #expect(
            text == """
                x.yaml:4:3: error: two values of axis `m` have the name `adam`
                    4 |   m: [{name: adam, rate: 1}, {name: adam, rate: 2}]
                      |   ^
                  give each a `name` of its own: it stands in the names of actions
                """)
        #expect(
            mistakes(
                "experiment: x\nseed: 1\naxes: {m: [{name: a}, a]}\nstages: {t: {kind: test.numbers, over: [m]}}\n"
            ).contains("two values of axis `m` have the name `a`"))
    }

    @Test func `two downloads whose URLs end alike have two names`() throws {
        func source(_ host: String, _ digit: String) -> String {
            "{url: \"https://\(host)/data.csv\", sha256: \"\(String(repeating: digit, count: 64))\"}"
        }
        func names(_ sources: [String]) throws -> [String] {
            try load(
                """
                experiment: x
                seed: 1
                stages:
                  t: {kind: test.reader, inputs: {all: [\(sources.joined(separator: ", "))]}, params: {name: t}}
                """
            ).actions.map { $0.name }
        }
        #expect(try names([source("a.org", "1")]) == ["source:data.csv", "t"])
        #expect(
            try names([source("a.org", "1"), source("b.org", "2")]) == [
                "source:data.csv~1111111111111111", "source:data.csv~2222222222222222", "t",
            ])
    }
}
