import BitlawProgram
import Canon
import Experiment
import System
import TestSupport
import Testing

/// Help, the documentation of kinds, and the installed program.
@Suite struct HelpTests {
    @Test func `help groups the commands`() {
        let text = Project().bitlaw("help").output
        var rest = text[...]
        for group in ["START", "LOOK", "PROVE", "SHARE", "STORE"] {
            let range = rest.firstRange(of: "\(group) SUBCOMMANDS:")
            #expect(range != nil, "\(group)")
            if let range { rest = rest[range.upperBound...] }
        }
        for hidden in ["worker", "transfer", "manual"] { #expect(!text.contains("  \(hidden) ")) }
    }

    @Test(arguments: [60, 80, 100])
    func `no help is wider than the terminal, or broken where it need not be`(columns: Int) {
        let project = Project()
        let names = [
            "", "init", "new kind", "run", "plan", "kinds", "schema", "status", "show", "why",
            "report",
            "export", "graph", "predict", "audit", "lock", "diff", "claims check", "claims of",
            "claims text", "bundle create", "bundle verify", "bundle import", "push", "pull",
            "keys new", "keys sign", "keys verify",
            "add", "verify", "gc", "doctor", "trace",
        ]
        for name in names {
            let outcome = project.bitlaw("help \(name)", environment: "COLUMNS=\(columns)")
            #expect(outcome.code == 0)
            let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            let overview = outcome.output.split(separator: "USAGE:")[0]
            for line in lines {
                #expect(line.count <= columns, "help \(name): \(line)")
            }
            // An example is one line, for a person copies it.
            let examples = lines.drop { $0 != "EXAMPLE" }.dropFirst().prefix { $0.hasPrefix("  ") }
            for line in examples where columns >= 80 {
                #expect(
                    line.hasPrefix("  bitlaw ") || line.hasPrefix("  git ")
                        || line.hasPrefix("  python3 "))
            }
            // A paragraph goes on to the margin: no line of it ends early before a word that would fit.
            let paragraph = overview.split(separator: "\n", omittingEmptySubsequences: false)
            for (line, next) in zip(paragraph, paragraph.dropFirst())
            where line.first.map({ $0 != " " }) ?? false && next.first.map({ $0 != " " }) ?? false {
                guard !next.allSatisfy({ $0.isUppercase || $0 == " " }),
                    !line.allSatisfy({ $0.isUppercase || $0 == " " }),
                    let word = next.split(separator: " ").first
                else { continue }
                // The parser of arguments leaves the last column free.
                #expect(line.count + 1 + word.count >= columns, "help \(name): \(line)")
            }
        }
    }

    @Test(arguments: ["", "run", "why", "audit", "table", "doctor", "schema", "claims", "gc"])
    func `at 40 columns a text stands below its name, and only single words are wider`(name: String)
    {
        let help = Project().bitlaw("help \(name)", environment: "COLUMNS=40")
        #expect(help.code == 0)
        let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines where line.count > 40 {
            #expect(line.drop { $0 == " " }.split(separator: " ").count == 1, "\(line)")
        }
        // Nobody has to read a column of 14.
        #expect(!lines.contains { $0.hasPrefix(String(repeating: " ", count: 20)) })
        if name == "gc" {
            #expect(help.output.contains("\n  -n, --dry-run\n      Only say what would go.\n"))
        }
        let wide = Project().bitlaw("help \(name)", environment: "COLUMNS=200").output
        #expect(
            help.output.split { $0.isWhitespace }.joined(separator: " ")
                == wide.split { $0.isWhitespace }.joined(separator: " "))
    }

    @Test func `kinds are listed by subject, and fit the terminal`() {
        let project = Project()
        let text = project.bitlaw("kinds", environment: "COLUMNS=70").output
        let lines = text.split(separator: "\n")
        #expect(lines.first == "Programs, downloads, tables, charts and pages")
        #expect(lines.contains("Scaling laws"))
        for line in lines { #expect(line.count <= 70, "\(line)") }
        for kind in shippedKinds().kinds {
            #expect(text.contains("\n  \(kind.name) "), "\(kind.name)")
        }
        for line in project.bitlaw("kinds law.fit", environment: "COLUMNS=70").output
            .split(separator: "\n").prefix(60)
        { #expect(line.count <= 70, "\(line)") }
    }

    /// The example of a kind, as `bitlaw kinds` prints it.
    private func example(_ project: Project, _ kind: String) -> String {
        let text = project.bitlaw("kinds \(kind)").output
        return text.firstRange(of: "example, a file that runs:\n\n").map {
            String(text[$0.upperBound...])
        } ?? ""
    }

    @Test func `the example of every kind has a stage of it, and can be planned`() throws {
        let project = Project()
        for kind in shippedKinds().kinds {
            let text = example(project, kind.name)
            #expect(!text.isEmpty, "\(kind.name)")
            let graph = try ExperimentLoader.load(
                bytes: Array(text.utf8), path: "\(kind.name).yaml", project: project.path,
                registry: shippedKinds())
            #expect(graph.stages.contains { $0.kind.name == kind.name }, "\(kind.name)")
            #expect(graph.actions.count < 60, "\(kind.name)")
        }
    }

    @Test func `the examples run`() {
        let project = Project()
        var text = Repository.text("Sources/bitlaw/Templates/kinds.yaml") ?? ""
        project.write("data.txt", "hello\n")
        #expect(project.bitlaw("add data.txt").code == 0)
        text = text.replacing("experiment: example", with: "experiment: kinds")
        project.write("kinds.yaml", text)
        let outcome = project.bitlaw("run kinds.yaml -q")
        #expect(outcome.code == 0, "\(outcome.error)")
        project.write("law.yaml", example(project, "law.fit"))
        #expect(project.bitlaw("run law.yaml").output.contains("law: mixture = "))
    }

    @Test func `an unknown kind is refused with the nearest`() {
        let outcome = Project().bitlaw("kinds law.fti")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("did you mean `law.fit`?"))
    }

    @Test func `make install puts the command, completions and pages where they are looked for`() {
        let project = Project()
        guard project.shell("command -v make >/dev/null") == 0 else {
            return skip("make is not installed; `make install` was not tried")
        }
        // In a folder without blanks in its name, which a Makefile cannot have.
        #expect(
            project.shell(
                "d=$(mktemp -d /tmp/bitlaw-XXXXXX); ln -s '\(Project.command)' $d/bitlaw; "
                    + "ln -s '\(Project.command)-keeper' $d/bitlaw-keeper; printf $d > where"
            )
                == 0)
        let folder = project.read("where")
        defer { project.shell("rm -rf '\(folder)'") }
        func make(_ target: String) -> CInt {
            project.shell(
                "make -s -f '\(Repository.root)/Makefile' BITLAW='\(folder)/bitlaw' "
                    + "DESTDIR='\(folder)/root' PREFIX=/usr \(target) >log 2>&1")
        }
        #expect(make("install-built") == 0, "\(project.read("log"))")
        let files = [
            "bin/bitlaw", "bin/bitlaw-keeper", "share/bash-completion/completions/bitlaw",
            "share/zsh/site-functions/_bitlaw",
            "share/fish/vendor_completions.d/bitlaw.fish", "share/man/man1/bitlaw.1",
            "share/man/man1/bitlaw-run.1", "share/man/man1/bitlaw-claims-check.1",
        ]
        for file in files {
            #expect(project.shell("test -s '\(folder)/root/usr/\(file)'") == 0, "\(file)")
        }
        #expect(project.shell("'\(folder)/root/usr/bin/bitlaw' --version >/dev/null") == 0)
        let page = bytesOfFile("\(folder)/root/usr/share/man/man1/bitlaw-run.1") ?? []
        let text = String(decoding: page, as: UTF8.self)
        #expect(text.hasPrefix(".TH BITLAW-RUN 1 "))
        for part in [
            "\n.SH NAME\nbitlaw\\-run \\- ", "\n.SH OPTIONS\n", "\\-j, \\-\\-jobs JOBS",
            ".SH EXAMPLE\n",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(make("uninstall") == 0, "\(project.read("log"))")
        #expect(project.shell("test -z \"$(find '\(folder)/root' -type f)\"") == 0)
    }
}
