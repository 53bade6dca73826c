import Synchronization
import TestSupport
import Testing

/// Projects whose files have rested long enough for a receipt, and that have one: all rest at the same time.
private final class RestedProjects: Sendable {
    static let shared = RestedProjects()
    static let file = "pipelines/idle.yaml"
    static let experiment = """
        experiment: idle
        seed: 3
        axes:
          i: {count: 3}
        stages:
          mixture: {kind: spiral.mixture}
          manifold: {kind: spiral.manifold, params: {turns: 4}}
          data:
            kind: spiral.sample
            over: [i]
            inputs: {mixture: mixture, manifold: manifold}
            params: {count: 4}
        """
    private let rested: Mutex<[Project]>

    private init() {
        let projects = (0..<26).map { _ in Project() }
        for project in projects {
            project.write(RestedProjects.file, RestedProjects.experiment)
            #expect(project.bitlaw("run \(RestedProjects.file)").code == 0)
        }
        for project in projects { RestedProjects.rest(project) }
        rested = Mutex(projects)
    }

    /// One that no other test has; `nil` where all are given out.
    func next() -> Project? { rested.withLock { $0.popLast() } }

    /// Waits until a run that has nothing to do leaves a receipt: clocks of file systems are coarse.
    static func rest(_ project: Project) {
        for _ in 0..<100 {
            #expect(project.bitlaw("run \(file)").code == 0)
            if project.shell("ls .cache/receipts/* >.ls 2>&1") == 0 { return }
            project.shell("sleep 0.5")
        }
        Issue.record("no receipt was kept")
    }
}

/// A run that has nothing to do says the same, whether it looks itself or a receipt answers.
@Suite struct IdleRunTests {
    private let project: Project
    private let file = RestedProjects.file
    private let experiment = RestedProjects.experiment

    init() throws { project = try #require(RestedProjects.shared.next()) }

    /// What a run says, without how long it took.
    private func said(_ arguments: String = "", environment: String = "") -> [String] {
        let run = project.bitlaw("run \(file) \(arguments)", environment: environment)
        let lines = run.output.split(separator: "\n").map { line in
            line.firstRange(of: " in ").map { String(line[..<$0.lowerBound]) } ?? String(line)
        }
        return ["\(run.code)", run.error] + lines
    }

    @Test func `a receipt answers an idle run, with the words of the run before`() {
        // A run that looks itself keeps its receipt anew: another file.
        project.shell("ls -i .cache/receipts > before")
        let answered = said()
        project.shell("ls -i .cache/receipts > after")
        #expect(project.shell("cmp before after") == 0)
        project.shell("rm -r .cache/receipts")
        #expect(said() == answered)
        #expect(answered.count > 3 && answered[2] == "0 ran, 5 cached", "\(answered)")
    }

    @Test(arguments: [
        ("rm $(ls .cache/cas/*/*.zst)", "5 ran"), ("rm -r .cache/actions/*", "5 ran"),
        ("sed -i s/turns:.4/turns:\\ 5/ pipelines/idle.yaml", "4 ran, 1 cached"),
        ("sed -i s/3}$/4}/ pipelines/idle.yaml", "1 ran, 5 cached"),
        ("chmod -R u+w .cache; rm .cache/cas/*/*; echo > .cache/receipts/x", "5 ran"),
        ("for f in .cache/receipts/*; do echo > $f; done", "0 ran, 5 cached"),
        ("'\(Project.command)' gc --keep-runs 1 -q", "0 ran, 5 cached"),
    ])
    func `what changed behind a receipt is found out`(change: String, counts: String) {
        project.shell(change)
        let found = said()
        #expect(found.count > 2 && found[0] == "0" && found[2].hasPrefix(counts), "\(found)")
        #expect(said().dropFirst(2).first?.hasPrefix("0 ran") == true)
    }

    @Test func `a mistake in the experiment file is told, though a receipt knows the file before`()
    {
        project.write(file, experiment.replacing("seed: 3", with: "seeds: 3"))
        let found = project.bitlaw("run \(file)")
        #expect(found.code == 2 && found.error.contains("seeds"), "\(found.error)")
    }

    @Test func `another request is answered by a look of its own`() {
        #expect(said("--force") != said())
        #expect(said("'data[i=1]'").dropFirst(2).first == "0 ran, 3 cached")
        #expect(said("-q").count == 2)
        #expect(said("", environment: "BITLAW_STORE=other").dropFirst(2).first == "5 ran")
        let json = project.bitlaw("run \(file) --json")
        #expect(json.output.contains(#""event":"summary""#))
    }

    private static let looks = [
        "status FILE", "status FILE --json", "plan FILE", "plan FILE --json", "why FILE data",
        "why FILE 'data[i=1]'", "why FILE data --json", "table FILE data --format csv",
    ]

    @Test(arguments: looks)
    func `a look is answered by its receipt with the words of the look before`(words: String) {
        let words = words.replacing("FILE", with: file)
        project.shell("rm -r .cache/receipts")
        let looked = project.bitlaw(words)
        #expect(looked.code == 0 && !looked.output.isEmpty, "\(looked.error)")
        #expect(project.shell("ls -i .cache/receipts > before") == 0, "it kept no receipt")
        let answered = project.bitlaw(words)
        #expect(project.shell("ls -i .cache/receipts > after; cmp before after") == 0)
        #expect((answered.output, answered.error) == (looked.output, looked.error))
    }

    @Test(arguments: [
        ("status FILE", "rm -r .cache/actions/*"), ("plan FILE", "rm $(ls .cache/cas/*/*.zst)"),
        ("status FILE", "rm .cache/runs/*"), ("why FILE data", "rm .cache/runs/*"),
        ("plan FILE", "sed -i s/turns:.4/turns:\\ 5/ pipelines/idle.yaml"),
        ("table FILE data --format csv", "sed -i s/count:.3/count:\\ 2/ pipelines/idle.yaml"),
    ])
    func `what changed behind the receipt of a look is found out`(words: String, change: String) {
        let words = words.replacing("FILE", with: file)
        let before = project.bitlaw(words)
        #expect(project.bitlaw(words).output == before.output)
        project.shell("chmod -R u+w .cache; \(change)")
        let found = project.bitlaw(words)
        project.shell("rm -rf .cache/receipts")
        let looked = project.bitlaw(words)
        #expect(found.output == looked.output && found.output != before.output)
    }

    @Test func `a run that was killed is no look's to remember`() {
        project.shell("rm -r .cache/receipts; echo x > .cache/runs/x.begun")
        _ = project.bitlaw("status \(file)")
        #expect(project.shell("ls .cache/receipts/* >.ls 2>&1") != 0)
    }

    @Test func `two engines and a kill at any moment leave receipts that tell the truth`() {
        project.shell(
            """
            for n in 1 2 3 4 5 6; do
              rm -f .cache/actions/*/*
              '\(Project.command)' run \(file) -q & one=$!
              '\(Project.command)' run \(file) -q & two=$!
              kill -9 $one; wait $one $two
            done
            """)
        let found = said()
        #expect(found[0] == "0" && found[2].hasSuffix("cached"), "\(found)")
        RestedProjects.rest(project)
        let answered = said()
        project.shell("rm -r .cache/receipts")
        #expect(said() == answered)
    }
}
