import Canon
import TestSupport
import Testing

/// What is recorded of the tools of a program that is not ours, and told where others are here.
@Suite struct MadeWithTests {
    /// A project with a stage whose program is found on the `PATH`, in the folder `tools`.
    private func project() -> Project {
        let project = Project()
        project.write(
            "tool.yaml",
            "experiment: t\nseed: 1\nstages: {a: {kind: command, params: {run: [mytool, x]}}}\n")
        project.write("tools/mytool", "#!/bin/sh\necho made by $1\n")
        project.shell("chmod +x tools/mytool")
        return project
    }

    private func run(_ project: Project, _ arguments: String = "") -> Project.Outcome {
        project.bitlaw(
            "run tool.yaml \(arguments)",
            environment: "PATH='\(project.path)/tools':/usr/local/bin:/usr/bin:/bin")
    }

    private func facts(_ project: Project) throws -> [String: JSON] {
        project.shell("cp .cache/actions/*/*.json result.json")
        let result = try JSON(parsing: project.read("result.json"))
        return try #require(result["madeWith"]?.members)
    }

    @Test func `a result names processor, kernel, libraries and program, and no host or path`()
        throws
    {
        let project = project()
        let outcome = run(project)
        #expect(outcome.code == 0, "\(outcome.error)")
        let facts = try facts(project)
        #expect(
            Set(facts.keys).isSuperset(of: ["cpu", "cpu.model", "kernel", "libc", "program.mytool"])
        )
        project.shell("sha256sum < tools/mytool | cut -c1-16 > digest")
        #expect(facts["program.mytool"] == .string(String(project.read("digest").dropLast())))
        for fact in facts.values {
            #expect(
                !(fact.text ?? "").contains("/tools") && !(fact.text ?? "").contains(project.path))
        }
        #expect(project.bitlaw("verify").code == 0)
        let shown = project.bitlaw("show tool.yaml a").output
        #expect(shown.contains("  with     cpu: ") && shown.contains("  with     program.mytool: "))
        // Our own kinds promise their bits, whatever makes them.
        project.write(
            "own.yaml",
            "experiment: o\nseed: 1\nstages: {a: {kind: spiral.manifold, params: {turns: 2}}}\n")
        #expect(project.bitlaw("run own.yaml --store own").code == 0)
        #expect(project.shell("! grep -q madeWith own/actions/*/*.json") == 0)
    }

    @Test func `another program on the PATH is told, and --same-tools runs again`() throws {
        let project = project()
        _ = run(project)
        #expect(!run(project).output.contains("made with"))
        let before = try facts(project)["program.mytool"]?.text ?? ""
        project.shell("sed -i 's/made by/made with/' tools/mytool; echo '# other' >> tools/mytool")
        project.shell("sha256sum < tools/mytool | cut -c1-16 > digest")
        let told = run(project)
        #expect(told.code == 0)
        let now = String(project.read("digest").dropLast())
        #expect(
            told.output.contains(
                "1 cached result was made with mytool \(before); here: mytool \(now)\n"
                    + "  make them here: bitlaw run tool.yaml --same-tools\n"), "\(told.output)")
        let again = run(project, "--same-tools")
        #expect(again.code == 4 && again.output.contains("DIFFERENT: a/out"), "\(again.output)")
        #expect(project.shell("test $(ls .cache/actions/*/*conflict* | wc -l) = 1") == 0)
        project.shell("sed -i 's/made with/made by/' tools/mytool")
        let same = run(project, "--same-tools")
        #expect(
            same.code == 0 && same.output.contains("1 executed again, same digests"),
            "\(same.output)")
        let json = try JSON(
            parsing: String(run(project, "--json").output.split(separator: "\n").last ?? ""))
        #expect(json["madeElsewhere"] == 1)
    }

    @Test func `a program that misses a file of the project is told its name`() {
        let project = project()
        project.write("x.csv", "1\n")
        project.write(
            "miss.yaml",
            "experiment: m\nseed: 1\nstages: {a: {kind: command, params: {run: [cat, x.csv]}}}\n")
        let outcome = project.bitlaw("run miss.yaml")
        #expect(outcome.code == 1)
        #expect(
            (outcome.output + outcome.error).contains(
                "fix: x.csv stands in the project, but the stage does not declare this file: add it to "
                    + "`files: [x.csv]`"), "\(outcome.error)")
    }
}
