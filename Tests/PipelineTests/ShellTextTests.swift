import Experiment
import TestSupport
import Testing

/// Values in scripts: each is one word of the shell, wherever it stands.
@Suite struct ShellTextTests {
    /// A piece of a script.
    enum Piece {
        case written(String)
        case value(String)
    }

    private static func script(_ pieces: [Piece]) throws -> String {
        var text = ShellText()
        for piece in pieces {
            switch piece {
            case .written(let written): text.append(written: written)
            case .value(let value): try text.append(value: value)
            }
        }
        return text.script
    }

    /// What a shell prints for a script.
    private static func printed(_ script: String, by shell: String = "/bin/sh") -> [String] {
        let folder = TemporaryFolder()
        folder.write("script", script)
        #expect(
            folder.run("\(shell) -eu script > out 2> err < /dev/null") == 0,
            "\(folder.text("err"))")
        return folder.text("out").split(separator: "\0", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// The shells of this machine that a script may be run by.
    private static let shells = ["/bin/sh", "/bin/bash", "/bin/dash"].filter {
        TemporaryFolder().run("test -x \($0)") == 0
    }

    /// Ways in which a value may stand in a script that prints it, and what is printed besides on both sides.
    private static let places: [(before: String, after: String, lead: String, tail: String)] = [
        ("printf '%s\\0' ", "\n", "", ""),
        ("printf '%s\\0' a", "b\n", "a", "b"),
        ("printf '%s\\0' \"a ", " b\"\n", "a ", " b"),
        ("printf '%s\\0' 'a ", " b'\n", "a ", " b"),
        ("printf '%s\\0' 'x'\"y\"", "\"z\"\n", "xy", "z"),
        ("printf '%s\\0' \"$(printf '%sx' ", ")\"\n", "", "x"),
        ("printf '%s\\0' \"$(printf '%sx' \"", "\")\"\n", "", "x"),
        ("printf '%s\\0' \"$(printf '%sx' '", "')\"\n", "", "x"),
        ("printf '%s\\0' \"$(printf %sx \"$(printf %sy ", ")\")\"\n", "", "yx"),
        // A letter that joins the quote before it leaves it a quote.
        ("printf '%s\\0' \"\u{301}", "\u{301}\"\n", "\u{301}", "\u{301}"),
        ("printf '%s\\0' '\u{301}", "\u{301}'\n", "\u{301}", "\u{301}"),
        ("printf '%s\\0' '\u{301}'", "\n", "\u{301}", ""),
        // What is escaped opens nothing.
        ("printf '%s\\0' \"\\\"${#}\\$(", "\"\n", "\"0$(", ""),
        ("printf '%s\\0' \\\"\\'", "\n", "\"'", ""),
        ("printf '%s\\0' \"\\\\", "\"\n", "\\", ""),
        ("(printf '%s\\0' ", ")\n", "", ""),
        ("{ printf '%s\\0' ", "; }\n", "", ""),
        ("f() { printf '%s\\0' \"$@\"; }; f ", "\n", "", ""),
        ("x=", "; printf '%s\\0' \"$x\"\n", "", ""),
        ("x=$((1 + (2 * 3))); printf '%s\\0' \"$x\"", "\n", "7", ""),
        ("# it's \"$(\nprintf '%s\\0' ", "\n", "", ""),
        ("printf '%s\\0' a#'", "'\n", "a#", ""),
        ("printf '%s\\0' \"a\"\\\n", "\n", "a", ""),
        ("unset x; printf '%s\\0' ${x:-\"", "\"}\n", "", ""),
    ]

    private static let alphabet: [String] = [
        "a", "Z", "7", " ", "\t", "\n", "\r\n", "'", "\"", "`", "$", "\\", "(", ")", "{", "}", "#",
        "<", ">", "|", "&", ";", "*", "?", "[", "]", "~", "!", "=", "%", "\u{301}", "é", "火", "🙂",
        "\u{A0}", "$(echo bad)", "`echo bad`", "${HOME}", "'; echo bad; '", "\"; echo bad; \"",
        "<<E\n", "\\'", "if", "case", "--", "-n",
    ]

    @Test func `a shell reads every value as the one word that it is, wherever it stands`() throws {
        var random = SeededGenerator(18)
        var (pieces, expected): ([Piece], [String]) = ([], [])
        for _ in 0..<trials(1500) {
            let place = Self.places[Int.random(in: 0..<Self.places.count, using: &random)]
            let count = Int.random(in: 0...6, using: &random)
            let value = (0..<count).map { _ in
                Self.alphabet.randomElement(using: &random) ?? ""
            }.joined()
            pieces += [.written(place.before), .value(value), .written(place.after)]
            expected.append(place.lead + value + place.tail)
        }
        let script = try Self.script(pieces)
        for shell in Self.shells {
            let printed = Self.printed(script, by: shell)
            #expect(printed.count == expected.count)
            for (number, (found, wanted)) in zip(printed, expected).enumerated() {
                #expect(Array(found.utf8) == Array(wanted.utf8), "\(shell) \(number)")
            }
        }
    }

    @Test func `a value in a comment stays in it`() throws {
        for value in ["x\nprintf 'bad\\0'", "x\r\nprintf 'bad\\0'", "'", "\"", "$(printf bad)"] {
            for lead in ["# ", "printf 'a\\0' # ", "(#", "true;#"] {
                let tail = lead == "(#" ? "\ntrue)\n" : "\n"
                let script = try Self.script([
                    .written(lead), .value(value), .written("\(tail)printf 'end\\0'\n"),
                ])
                #expect(Self.printed(script).filter { $0 != "a" } == ["end"], "\(script)")
            }
        }
    }

    /// Each means something else to a shell where it stands without quotes.
    @Test(arguments: ["if", "A=b", "2", "!", "{", "~", "-e", "no-such-program"])
    func `a value is a word where a command or a redirection is read too`(value: String) throws {
        let script = try Self.script([
            .written("printf '%s\\0' "), .value(value), .written(">&1\n"),
            .written("set -- "), .value(value), .written("; printf '%s\\0' \"$1\"\n"),
            .written("x=0; "), .value(value),
            .written(" 2>/dev/null || x=$?\nprintf '%s\\0' \"$x\"\n"),
        ])
        // 127: the shell looked for a program of that name.
        let wanted = value == "-e" ? ["-e"] : [value, value, "127"]
        #expect(
            Self.printed(script.replacing("set -- '-e'", with: "set -- -- '-e'")).starts(
                with: wanted))
    }

    @Test(arguments: [
        ("cat <<END\n", "a here-document (<<)"),
        ("cat <<'END'\nx\nEND\necho ", "a here-document (<<)"),
        ("echo `date` ", "backquotes"), ("echo \"`date` ", "backquotes"),
        ("echo $((1 + ", "arithmetic ($((…)))"), ("echo \"$((1 + (", "arithmetic ($((…)))"),
        ("echo ${x:-", "a parameter (${…})"), ("echo \"${x:-", "a parameter (${…})"),
        ("echo \\", "an escape (\\)"), ("echo \"\\", "an escape (\\)"),
        ("echo $'a' ", "$'…'"), ("echo \"${x:-'a'}\" ", "a quoted ${…} with quotes"),
        ("echo \"$(case x in x) echo \"", "a case within parentheses"),
        ("echo $(( '1' + ", "arithmetic with quotes"),
    ])
    func `where a shell might read another thing only plain values stand`(
        lead: String, reason: String
    ) throws {
        for value in ["a b", "$(x)", "'", "\"", "é", "a\nb"] {
            #expect(throws: ShellText.Unfit(reason: reason), "\(lead)") {
                try Self.script([.written(lead), .value(value)])
            }
        }
        #expect(
            try Self.script([.written(lead), .value("a/b-1.csv")]) == lead + "a/b-1.csv")
    }

    @Test func `behind a dollar no value stands, for it would be a name`() {
        #expect(throws: ShellText.Unfit(reason: "a name ($)")) {
            try Self.script([.written("echo \"$"), .value("HOME")])
        }
    }

    @Test func `plain values stand in here-documents, arithmetic and backquotes`() throws {
        let script = try Self.script([
            .written("printf '%s\\0' \"$((2 * "), .value("21"), .written("))\"\n"),
            .written("unset x; printf '%s\\0' \"${x:-"), .value("none"), .written("}\"\n"),
            .written("printf '%s\\0' `echo "), .value("a-b"), .written("`\n"),
            .written("cat <<END\n"), .value("0.5"), .written("\nEND\nprintf '\\0'\n"),
        ])
        #expect(Self.printed(script) == ["42", "none", "a-b", "0.5\n"])
    }
}
