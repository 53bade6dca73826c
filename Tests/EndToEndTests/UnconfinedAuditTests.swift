import Canon
import System
import TestSupport
import Testing
import Trust

/// An audit certifies what no program could talk it into; what was not confined says so.
@Suite struct UnconfinedAuditTests {
    private func project() -> Project {
        let project = Project()
        project.write(
            "pipelines/u.yaml",
            "experiment: u\nseed: 1\nstages:\n"
                + "  hello: {kind: command, params: {run: [echo, hello]}}\n"
                + "  table: {kind: command, params: {run: [printf, \"y\\n1\\n\"]}}\n"
                + "  own: {kind: table.import, inputs: {file: table}, params: {columns: [{name: y}]}}\n"
        )
        project.write("unable/bwrap", "#!/bin/sh\necho 'bwrap: no namespaces' >&2; exit 1\n")
        project.shell("chmod +x unable/bwrap; mkdir confined allowed")
        project.write("allowed/config.yaml", "programs: allowed\n")
        return project
    }

    /// The same project, by somebody whose programs are confined.
    private func confined(_ project: Project, _ arguments: String) -> Project.Outcome {
        project.bitlaw(arguments, environment: "BITLAW_CONFIG='\(project.path)/confined'")
    }

    private func canConfine() -> Bool {
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        if case .works = SandboxTrial.run(person) { return true }
        skip("no bubblewrap works here, so an audit of confined programs was not tried")
        return false
    }

    @Test func `where programs are not confined an audit certifies nothing, and says why`() {
        let project = project()
        _ = project.bitlaw("run pipelines/u.yaml -q")
        let outcome = project.bitlaw("audit pipelines/u.yaml")
        #expect(outcome.code == 2)
        #expect(
            outcome.error
                == "error: pipelines/u.yaml: nothing was audited, for the programs of 2 stages would not be "
                + "confined (hello, table): they could change what the audit sees\n"
                + "  why: your configuration says `programs: unconfined`\n"
                + "  fix: let your config.yaml say `programs: asked`; or audit with --unconfined, and the "
                + "report says so\n")
        #expect(outcome.output.isEmpty)
        let one = project.bitlaw("audit pipelines/u.yaml hello --each-alone")
        #expect(one.error.contains("of 1 stage would not be confined (hello)"), "\(one.error)")
        // By its recorded input our own kind starts no program.
        let own = project.bitlaw("audit pipelines/u.yaml own --each-alone")
        #expect(own.output == "1 action made again: every output bit-identical\n", "\(own.error)")
    }

    @Test func `where the machine cannot confine them, its reason is told`() {
        let project = project()
        let variables =
            "BITLAW_CONFIG='\(project.path)/allowed' PATH='\(project.path)/unable':\"$PATH\""
        _ = project.bitlaw("run pipelines/u.yaml -q", environment: variables)
        let outcome = project.bitlaw("audit pipelines/u.yaml", environment: variables)
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("\n  why: bwrap: no namespaces\n  fix: "))
        #expect(outcome.error.contains("; or audit with --unconfined, and the report says so\n"))
    }

    @Test func `with --unconfined every form of the report carries it`() throws {
        let project = project()
        _ = project.bitlaw("run pipelines/u.yaml -q")
        try SigningKey().write(to: "\(project.path)/ann.key")
        let audit = project.bitlaw(
            "audit --unconfined pipelines/u.yaml --report r.json --junit r.xml --sign ann.key "
                + "--attestation a.json")
        #expect(audit.code == 0)
        #expect(
            audit.output == Project.notConfined
                + "3 actions made again: every output bit-identical\n")
        #expect(try JSON(parsing: project.read("r.json"))["programs"] == "not confined")
        #expect(
            project.read("r.xml").contains("<property name=\"programs\" value=\"not confined\"/>"))
        let payload = Base64.decode(
            (try JSON(parsing: project.read("a.json")))["payload"]?.text ?? "")
        #expect(
            String(decoding: payload ?? [], as: UTF8.self).contains("\"programs\":\"not confined\"")
        )
    }

    @Test func `an audit of confined programs needs no word, and says that they were`() throws {
        guard canConfine() else { return }
        let project = project()
        #expect(confined(project, "run pipelines/u.yaml -q").code == 0)
        let audit = confined(project, "audit pipelines/u.yaml --report r.json --junit r.xml")
        #expect(audit.output == "3 actions made again: every output bit-identical\n")
        #expect(try JSON(parsing: project.read("r.json"))["programs"] == "confined")
        #expect(project.read("r.xml").contains("<property name=\"programs\" value=\"confined\"/>"))
    }

    @Test func `an experiment without programs is audited as ever`() throws {
        let project = project()
        project.write(
            "pipelines/own.yaml",
            "experiment: own\nseed: 1\nstages: {m: {kind: spiral.manifold}}\n")
        _ = project.bitlaw("run pipelines/own.yaml -q")
        let audit = project.bitlaw("audit pipelines/own.yaml --report r.json --junit r.xml")
        #expect(audit.output == "1 action made again: every output bit-identical\n")
        #expect(try JSON(parsing: project.read("r.json"))["programs"] == .null)
        #expect(!project.read("r.xml").contains("propert"))
    }

    @Test func `a result of a program that was not confined says so wherever it is shown`() throws {
        let project = project()
        _ = project.bitlaw("run pipelines/u.yaml -q")
        let show = project.bitlaw("show pipelines/u.yaml hello").output
        #expect(show.contains(", here; its program was not confined\n"), "\(show)")
        #expect(!project.bitlaw("show pipelines/u.yaml own").output.contains("confined"))
        #expect(
            project.bitlaw("why pipelines/u.yaml hello").output.contains(
                "  its result was made by a program that was not confined\n"))
        let json = try JSON(parsing: project.bitlaw("show pipelines/u.yaml hello --json").output)
        #expect(json["confined"] == false)
        #expect(
            project.shell("test $(grep -l '\"confined\":false' .cache/actions/*/* | wc -l) = 2")
                == 0)
        #expect(project.shell("grep -q '\"confined\":false' .cache/runs/*.json") == 0)
        // It stays a result: whose bits count is for the reader to say.
        guard canConfine() else { return }
        #expect(confined(project, "run pipelines/u.yaml").output.hasPrefix("0 ran, 3 cached"))
        let audit = confined(project, "audit pipelines/u.yaml")
        #expect(audit.output == "3 actions made again: every output bit-identical\n")
        #expect(confined(project, "run pipelines/u.yaml --store other").code == 0)
        #expect(project.shell("grep -rq '\"confined\":' other/actions other/runs") != 0)
    }
}
