import TestSupport
import Testing

/// What is made from the program and stands in pages: the reference, and the transcript of the README.
@Suite struct ReferenceTests {
    @Test func `the pages of the reference are those that the program gives today`() {
        let made = TemporaryFolder(named: "reference")
        let project = Project()
        let code = project.shell(
            "python3 '\(Repository.root)/docs/reference/make.py' '\(Project.command)' '\(made.path)' 2>errors"
        )
        #expect(code == 0, "\(project.read("errors"))")
        for page in ["commands.md", "experiment-file.md", "json.md", "kinds.md"] {
            let name = "docs/reference/\(page)"
            let isCurrent = Repository.text(name) == made.text(page)
            #expect(isCurrent, "\(name) is not what the program says: run `make reference`")
        }
    }

    @Test func `every example of the reference of the experiment file has a plan`() throws {
        let page = try #require(Repository.text("docs/reference/experiment-file.md"))
        let examples = page.split(separator: "```yaml\n").dropFirst().compactMap {
            $0.split(separator: "```").first
        }
        #expect(examples.count >= 21)
        let project = Project()
        project.write("bitlaw.yaml", "# the project\n")
        project.write("data/a.csv", "n,y\n1,2\n")
        project.write("train.py", "print(1)\n")
        project.write("pipelines/axes.yaml", "axes: {n: [1, 2]}\n")
        for example in examples {
            project.write("pipelines/e.yaml", String(example))
            // What this machine lacks, such as a GPU, is told there, and is no mistake of the page.
            let plan = project.bitlaw("plan pipelines/e.yaml")
            #expect(plan.code == 0, "\(plan.error)\n\(example)")
        }
    }

    @Test func `the transcript of the README is what the program prints today`() {
        let project = Project()
        let code = project.shell(
            "python3 '\(Repository.root)/docs/transcript.py' '\(Project.command)' --check 2>errors")
        #expect(code == 0, "\(project.read("errors"))")
    }
}
