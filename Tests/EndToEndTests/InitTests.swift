import Canon
import TestSupport
import Testing

/// What `bitlaw init` and `bitlaw new` write, and that it works.
@Suite struct InitTests {
    @Test(arguments: [("laws", "mixture = ", 29), ("own", "loss = ", 22)])
    func `a new project runs to its law and its page`(
        template: String, law: String, actions: Int
    ) {
        let project = Project()
        // Inside of a repository, whose folder is not the project's.
        project.shell("mkdir .git")
        let made = project.bitlaw("init 'my first' --template \(template)")
        #expect(made.code == 0, "\(made.error)")
        #expect(made.output.contains("wrote my first/experiment.yaml\n"))
        #expect(made.output.contains("  bitlaw run experiment.yaml"))
        #expect(project.read("my first/README.md").split(separator: "\n").count == 4)
        let run = project.bitlaw("run experiment.yaml -C 'my first'")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.hasPrefix("\(actions) ran in "), "\(run.output)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("law: \(law)") }, "\(run.output)")
        let page = lines.first { $0.hasPrefix("report: ") }.map(String.init) ?? ""
        #expect(page.hasPrefix("report: \(project.path)/my first/out/"))
        #expect(page.hasSuffix("/report.html"))
        #expect(project.shell("grep -q '<svg' '\(page.dropFirst(8))'") == 0)
        #expect(project.shell("test ! -e .cache && test -d 'my first/.cache'") == 0)
        #expect(
            project.bitlaw("run experiment.yaml -C 'my first'").output.hasPrefix(
                "0 ran, \(actions) cached"))
    }

    @Test func `a file that is there is refused before anything is written`() {
        let project = Project()
        project.shell("mkdir mine; echo keep > mine/train.py; echo keep > file")
        let outcome = project.bitlaw("init mine --template own")
        #expect(outcome.code == 2)
        #expect(
            outcome.error
                == "error: mine has train.py already, and nothing was written\n"
                + "  fix: name another folder, or move what is there\n")
        #expect(project.shell("test \"$(ls mine)\" = train.py") == 0)
        #expect(project.read("mine/train.py") == "keep\n")
        #expect(project.bitlaw("init file").code == 2)
        // Other files are no obstacle.
        #expect(project.bitlaw("init mine").code == 0)
        #expect(project.bitlaw("init mine").code == 2)
    }

    @Test func `an unknown template names those that there are`() {
        let outcome = Project().bitlaw("init x --template ownn")
        #expect(outcome.code == 2)
        #expect(
            outcome.error == """
                error: --template ownn: no such template
                  laws: Data, errors, a law and a page from the kinds that come with Bitlaw.
                  own: A program of your own in Python, swept over a size and repeated; a law, a page.
                  did you mean `own`?

                """)
    }

    /// A folder that looks like a checkout of Bitlaw with one subject.
    private func checkout() -> Project {
        let project = Project()
        project.shell(
            """
            mkdir -p Sources/Stages/Laws/Kinds
            echo 'let package = Package(name: "bitlaw")' > Package.swift
            : > Sources/Stages/Laws/LawsKinds.swift
            cp '\(Repository.root)/Sources/Stages/Laws/Kinds/LawSimulateStage.swift' Sources/Stages/Laws/Kinds
            """)
        return project
    }

    @Test func `a package that depends on Bitlaw is no checkout of it`() {
        let project = Project()
        project.shell("cp -r '\(Repository.root)/Examples/OwnKind' own")
        let outcome = project.bitlaw("new kind law.first-slope -C own")
        #expect(outcome.code == 2)
        #expect(
            outcome.error.hasSuffix(
                "bitlaw new kind NAME --program; in a Swift package of your own: docs/own-kind.md\n"
            ),
            "\(outcome.error)")
    }

    @Test func `a new kind gets a stage and a test that parse and are formatted`() {
        let project = checkout()
        let outcome = project.bitlaw("new kind law.first-slope -C Sources")
        #expect(outcome.code == 0, "\(outcome.error)")
        let stage = "Sources/Stages/Laws/Kinds/LawFirstSlopeStage.swift"
        let test = "Tests/StagesTests/Laws/LawFirstSlopeStageTests.swift"
        #expect(outcome.output.hasPrefix("wrote \(stage)\nwrote \(test)\n\nnext:\n"))
        #expect(outcome.output.contains("Sources/Stages/Laws/LawsKinds.swift"))
        #expect(project.read(stage).contains("name: \"law.first-slope\", version: 1,"))
        #expect(project.bitlaw("new kind law.first-slope").error.contains("is there already"))
        guard project.shell("command -v swiftc >/dev/null") == 0 else {
            return skip("swiftc is not on PATH; the new kind was not parsed")
        }
        #expect(project.shell("swiftc -frontend -parse \(stage) \(test)") == 0)
        #expect(
            project.shell(
                "swift format lint --strict --configuration '\(Repository.root)/.swift-format' \(stage) \(test)"
            ) == 0)
    }

    @Test(arguments: [
        ("law.fit", "the kind `law.fit` is there already"),
        ("slope", "`slope` is no name for a kind"),
        ("law.Slope", "`law.Slope` is no name for a kind"),
        (
            "words.count",
            "no subject has kinds that begin with `words.`\n  fix: name the subject with --subject: Laws"
        ),
        (
            "words.count --subject Law",
            "--subject Law: no such subject\n  expected: Laws\n  did you mean `Laws`?"
        ),
    ])
    func `a kind that cannot be made is refused with what to do`(words: String, message: String) {
        let outcome = checkout().bitlaw("new kind \(words)")
        #expect(outcome.code == 2)
        #expect(outcome.error.hasPrefix("error: \(message)"), "\(outcome.error)")
    }

    @Test func `outside of a checkout it says where a kind is made`() {
        let project = Project()
        let outcome = project.bitlaw("new kind law.slope")
        #expect(outcome.code == 2)
        #expect(outcome.error.hasPrefix("error: \(project.path) is no checkout of Bitlaw's source"))
        #expect(outcome.error.contains("name the checkout with -C"))
    }
}
