import System
import TestSupport
import Testing

/// Where the environment comes in: through the program, and nowhere else.
@Suite struct EnvironmentTests {
    @Test func `nothing below the program reads the environment`() throws {
        let project = Project()
        let sources = "'\(Repository.root)/Sources'"
        // The program reads it in one place: the search finds what it looks for.
        let words = "'getenv|/proc/self/environ|unsafe environ|ProcessInfo'"
        #expect(project.shell("grep -rlE \(words) \(sources)/bitlaw > found") == 0)
        #expect(project.read("found").hasSuffix("/bitlaw/Support/Person.swift\n"))
        #expect(project.read("found").split(separator: "\n").count == 1)
        project.shell(
            "grep -rnE \(words) \(sources) --include='*.swift' --include='*.[ch]' "
                + "| grep -v /Sources/bitlaw/ | grep -v ': *///' > found")
        #expect(project.read("found") == "")
    }

    @Test func `variables are a value: the first of a name counts, and what is empty is not set`() {
        let person = EnvironmentVariables(
            words: ["A=1", "B=", "A=2", "NOTHING", "C=x=y", "TMPDIR=/var/tmp"])
        #expect(person["A"] == "1" && person["B"] == nil && person["C"] == "x=y")
        #expect(person.has("B") && !person.has("NOTHING") && person["NOTHING"] == nil)
        #expect(person.words(["C", "B", "D"]) == ["C=x=y", "B="])
        #expect(person.temporaryFolder == "/var/tmp")
        #expect(EnvironmentVariables().temporaryFolder == "/tmp")
        #expect(person.words.count == 6)
    }

    @Test func `a command gets a PATH and nothing else of the person's`() throws {
        let project = Project()
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  all: {kind: command, params: {run: [env], pin: false}}\n"
        )
        let run = project.bitlaw(
            "run pipelines/e.yaml -q", environment: "SECRET=1 BITLAW_NUMERICS=portable http_proxy=x"
        )
        #expect(run.code == 0, "\(run.error)")
        project.shell(
            "for blob in .cache/cas/*/*.zst; do zstd -dcq $blob; echo; done "
                + "| grep = | grep -v '^{' | sed 's/=.*//' | sort > names")
        #expect(project.read("names") == "HOME\nLC_ALL\nPATH\nPYTHONDONTWRITEBYTECODE\nTZ\n")
    }
}
