import TestSupport
import Testing

/// What stands in several files of the repository, and has to be the same in all of them.
@Suite struct RepositoryTests {
    private func lines(_ name: String) throws -> [Substring] {
        try #require(Repository.text(name), "\(name) is absent").split(
            separator: "\n", omittingEmptySubsequences: false)
    }

    /// What follows a beginning, in the first line that has it.
    private func rest(_ lines: [Substring], after start: String) throws -> Substring {
        try #require(lines.first { $0.hasPrefix(start) }, "no line \(start)…").dropFirst(
            start.count)
    }

    @Test func `the newest release, the citation and the command have one version`() throws {
        let heads = try lines("CHANGELOG.md").filter { $0.hasPrefix("## ") }
        #expect(heads.first == "## Unreleased")
        let newest = try #require(heads.dropFirst().first?.dropFirst(3))
        let citation = try lines("CITATION.cff")
        let version = try rest(citation, after: "version: ")
        #expect(newest == "\(version) - \(try rest(citation, after: "date-released: "))")
        let project = Project()
        #expect(project.bitlaw("--version").output == "\(version)\n")
        let made = project.shell(
            "make -s --no-print-directory -C '\(Repository.root)' version > version")
        #expect(made == 0 && project.read("version") == "\(version)\n")
    }

    @Test func `every entry of the changelog says whether keys or bits move`() throws {
        let marks = ["[keys]", "[bits]", "[keys, bits]", "[neither]"]
        let text = try lines("CHANGELOG.md").drop { !$0.hasPrefix("## ") }
        var entries: [String] = []
        for line in text {
            if line.hasPrefix("- ") {
                entries.append(String(line))
            } else if line.hasPrefix("  "), let last = entries.popLast() {
                entries.append("\(last) \(line.drop { $0 == " " })")
            }
        }
        #expect(entries.count > 100)
        for entry in entries {
            #expect(marks.contains { entry.hasSuffix(" \($0)") }, "\(entry)")
        }
    }

    /// The words of each command of the Dockerfile.
    private func commands() throws -> [[Substring]] {
        let text = try lines("Dockerfile").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
            .replacing("\\\n", with: " ").replacing("&&", with: "\n").replacing(
                "\nRUN ", with: "\n")
        return text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    @Test func `the Dockerfile leaves packages to make, whose targets it names`() throws {
        let commands = try commands()
        let installed = commands.filter { $0.prefix(2) == ["apt-get", "install"] }.flatMap {
            $0.dropFirst(2).filter { !$0.hasPrefix("-") }
        }
        #expect(!installed.isEmpty && installed.allSatisfy { $0 == "make" }, "\(installed)")
        let targets = commands.filter { $0.first == "make" }.flatMap { $0.dropFirst() }
        let known = try rest(lines("Makefile"), after: ".PHONY:").split(separator: " ")
        #expect(targets == ["packages", "build", "packages"])
        #expect(Set(targets).isSubset(of: known))
        let debian = try rest(lines("Makefile"), after: "PACKAGES := ").split(separator: " ")
        #expect(debian.count > 5)
        for package in debian {
            #expect(!commands.contains { $0.contains(package) }, "\(package)")
        }
    }

    @Test func `the commands of CONTRIBUTING run one action as the engine does`() throws {
        let page = try lines("CONTRIBUTING.md")
        let start = try #require(page.firstIndex(of: "```sh"))
        let end = try #require(page[start...].firstIndex(of: "```"))
        let project = Project()
        project.write(
            "walk.sh",
            "set -e\nbitlaw() { '\(Project.command)' \"$@\"; }\n"
                + page[(start + 1)..<end].joined(separator: "\n"))
        let root = Repository.root
        let code = project.shell(
            "mkdir Tests; ln -s '\(root)/Tests/Support' Tests; "
                + "cp '\(root)'/pipelines/spiral* pipelines; "
                + "bash walk.sh > walk.out 2>&1 </dev/null")
        let output = project.read("walk.out")
        #expect(code == 0, "\(output)")
        #expect(
            output.contains(",\"small\":[\"") && output.hasSuffix("}\n.log-0\nwork\n"), "\(output)")
        let law = "'law[features=cartesian,k=1]'"
        let shown = project.bitlaw("show pipelines/spiral-small.yaml \(law)").output
        let outputs = shown.split(separator: "\n").map { $0.split(separator: " ") }.filter {
            $0.first == "output"
        }
        #expect(outputs.count == 4)
        for words in outputs {
            #expect(output.contains("[\"\(words[1])\",\"\(words[2])\","), "\(output)")
        }
    }
}
