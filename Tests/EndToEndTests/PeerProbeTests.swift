import Canon
import LocalStore
import System
import TestSupport
import Testing

/// What was tried on DVC, Snakemake, redun, doit and make, and went wrong there in one row or another.
///
/// Programs are confined, as a reader has them; where nothing can confine them each row says that it was not
/// tried.
@Suite(.serialized) struct PeerProbeTests {
    /// A project of two tables and a program that one of them reads.
    private static func project(_ run: String = "[printf, \"y\\\\n1\\\\n2\\\\n\"]") -> Project? {
        let project = Project()
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        guard case .works = SandboxTrial.run(person) else {
            skip("no bubblewrap works here, so a probe of other tools was not tried on Bitlaw")
            return nil
        }
        project.write("data.csv", "x\n1\n2\n")
        project.write("pipelines/p.yaml", experiment(run))
        project.shell("mkdir reader")
        return project
    }

    private static func experiment(_ run: String) -> String {
        """
        experiment: p
        seed: 1
        stages:
          gen: {kind: command, params: {run: \(run)}}
          read: {kind: table.import, inputs: {file: gen}, params: {columns: [{name: y}]}}
          own: {kind: table.import, inputs: {file: "file:data.csv"}, params: {columns: [{name: x}]}}

        """
    }

    private static func bitlaw(_ project: Project, _ arguments: String, _ variables: String = "")
        -> Project.Outcome
    {
        project.bitlaw(
            arguments, environment: "BITLAW_CONFIG='\(project.path)/reader' \(variables)")
    }

    private static func run(_ project: Project, _ variables: String = "") -> Project.Outcome {
        bitlaw(project, "run pipelines/p.yaml", variables)
    }

    private static func shown(_ project: Project, _ what: String) -> String {
        bitlaw(project, "show pipelines/p.yaml \(what)").output
    }

    // MARK: What a program can see

    @Test(arguments: ["data.csv", "pipelines/../data.csv", "$ABSOLUTE"])
    func `an input that is not declared is not there, by whatever path, and nothing is cached`(
        path: String
    ) {
        guard let project = Self.project() else { return }
        let path = path == "$ABSOLUTE" ? "\(project.path)/data.csv" : path
        project.write("pipelines/p.yaml", Self.experiment("[cat, \"\(path)\"]"))
        for _ in 1...2 {
            let run = Self.run(project)
            #expect(run.code == 1 && run.error.contains("failed: gen: cat ended with exit code 1"))
            #expect(run.error.contains("No such file"), "\(run.error)")
        }
    }

    @Test func `a variable that changes is not seen by a program, so no result depends on it`() {
        guard let project = Self.project("[sh, -c, \"echo y; printenv LUCK || echo 7\"]") else {
            return
        }
        #expect(Self.run(project, "LUCK=1").code == 0)
        #expect(Self.shown(project, "gen --output out") == "y\n7\n")
        #expect(Self.run(project, "LUCK=2").output.hasPrefix("0 ran, 3 cached in "))
        #expect(Self.run(project, "LUCK=3 BITLAW_ISA=generic").output.hasPrefix("0 ran, 3 cached"))
    }

    // MARK: What is executed again

    @Test func `a file that is only touched, and a comment, execute nothing`() {
        guard let project = Self.project() else { return }
        #expect(Self.run(project).output.hasPrefix("3 ran in "))
        project.shell("touch -d 2031-01-01 data.csv; cp data.csv new; mv new data.csv")
        project.shell("sed -i 's/^seed: 1/# a remark\\n\\nseed:   1   # another/' pipelines/p.yaml")
        #expect(Self.run(project).output.hasPrefix("0 ran, 3 cached in "))
    }

    @Test func `a program that changes and prints the same ends the wave there`() {
        guard let project = Self.project() else { return }
        _ = Self.run(project)
        project.write("pipelines/p.yaml", Self.experiment("[sh, -c, \"echo y; seq 2\"]"))
        #expect(Self.run(project).output.hasPrefix("1 ran, 2 cached in "))
        project.write("pipelines/p.yaml", Self.experiment("[sh, -c, \"echo y; seq 3\"]"))
        #expect(Self.run(project).output.hasPrefix("2 ran, 1 cached in "))
        // And back: nothing of it is forgotten.
        project.write("pipelines/p.yaml", Self.experiment("[sh, -c, \"echo y; seq 2\"]"))
        #expect(Self.run(project).output.hasPrefix("0 ran, 3 cached in "))
    }

    @Test func `content decides, and not the time of a file or its size`() {
        guard let project = Self.project() else { return }
        _ = Self.run(project)
        project.shell("touch -r data.csv stamp; printf 'x\\n1\\n3\\n' > data.csv")
        project.shell("touch -r stamp data.csv")
        #expect(Self.run(project).output.hasPrefix("1 ran, 2 cached in "))
        #expect(Self.shown(project, "own --output table") == "x\n1\n3\n")
    }

    // MARK: What is lost or damaged

    @Test func `an output that is gone is made again by its stage alone, with its bits`() throws {
        guard let project = Self.project() else { return }
        _ = Self.run(project)
        let before = try project.digests()
        let gone = Digest(of: Array("y\n1\n2\n".utf8).span).hex
        #expect(project.shell("rm -f .cache/cas/\(gone.prefix(2))/\(gone.dropFirst(2)).zst") == 0)
        #expect(Self.run(project).code == 0)
        #expect(Self.shown(project, "gen --output out") == "y\n1\n2\n")
        #expect(try project.digests() == before)
    }

    @Test func `an output that somebody changed is never given out, and made again`() throws {
        guard let project = Self.project() else { return }
        _ = Self.run(project)
        let name = Digest(of: Array("x\n1\n2\n".utf8).span).hex
        let blob = ".cache/cas/\(name.prefix(2))/\(name.dropFirst(2)).zst"
        #expect(
            project.shell(
                "chmod u+w '\(blob)' && printf 'x\\n1\\n9\\n' | zstd -qf -o '\(blob)'") == 0)
        let tampered = Self.bitlaw(project, "show pipelines/p.yaml own --output table")
        #expect(tampered.code != 0 && !tampered.output.contains("9"), "\(tampered.output)")
        #expect(Self.run(project).code == 0)
        #expect(Self.shown(project, "own --output table") == "x\n1\n2\n")
    }

    // MARK: What ends badly

    @Test(arguments: ["exit 7", "kill -9 $$", "kill -TERM $$"])
    func `what a program wrote before it failed is no output, and its readers do not run`(
        end: String
    ) {
        guard let project = Self.project("[sh, -c, \"echo y; echo 1; \(end)\"]") else { return }
        for _ in 1...2 {
            let run = Self.run(project)
            #expect(run.code == 1)
            #expect(run.error.contains("failed: gen: "))
            #expect(run.output.contains("1 failed, 1 skipped"), "\(run.output)")
        }
        #expect(Self.bitlaw(project, "show pipelines/p.yaml gen --output out").code == 2)
        // What does not need it has run.
        #expect(Self.shown(project, "own --output table") == "x\n1\n2\n")
    }

    @Test func `a folder where a file is read is a mistake with its line, and runs nothing`() {
        guard let project = Self.project() else { return }
        project.shell("rm data.csv; mkdir data.csv")
        let run = Self.run(project)
        #expect(run.code == 2, "\(run.error)")
        #expect(run.error.contains("pipelines/p.yaml:6:"), "\(run.error)")
        #expect(run.error.contains("data.csv"))
        #expect(project.shell("find .cache/actions -type f | grep -q .") != 0)
    }

    @Test func `a folder where a program was to write its file fails that action alone`() {
        guard let project = Self.project("[mkdir, y.csv], outputs: {table: y.csv}") else { return }
        let run = Self.run(project)
        #expect(run.code == 1)
        #expect(
            run.error.contains(
                "failed: gen: output `table`: expected a plain file, found a folder"),
            "\(run.error)")
        #expect(run.output.hasPrefix("1 ran, 1 failed, 1 skipped in "), "\(run.output)")
    }

    // MARK: What outlives, and what runs at once

    @Test func `what a program leaves behind ends with it, and changes no result`() {
        // The number is the mark by which the test finds it.
        let mark = "86399.\(UInt32.random(in: 0 ... .max))"
        guard
            let project = Self.project(
                "[sh, -c, \"(setsid sh -c 'sleep \(mark); echo 9' &) 2>&1; echo y; echo 1\"]")
        else { return }
        #expect(Self.run(project).code == 0)
        #expect(project.shell("pgrep -f '[s]leep \(mark)'") != 0)
        #expect(Self.shown(project, "gen --output out") == "y\n1\n")
    }

    @Test func `with an engine that is killed its programs end, and the next run goes on`() {
        let mark = "86398.\(UInt32.random(in: 0 ... .max))"
        guard let project = Self.project("[sh, -c, \"echo y; setsid sleep \(mark)\"]") else {
            return
        }
        project.shell(
            """
            export BITLAW_CONFIG="$PWD/reader"
            '\(Project.command)' run pipelines/p.yaml -q >/dev/null 2>&1 & engine=$!
            tries=0; until pgrep -f '[s]leep \(mark)' >/dev/null || [ $tries -gt 3000 ]; do
              tries=$((tries + 1)); sleep 0.01; done
            kill -9 $engine; wait $engine 2>/dev/null
            tries=0; while pgrep -f '[s]leep \(mark)' >/dev/null && [ $tries -lt 3000 ]; do
              tries=$((tries + 1)); sleep 0.01; done
            pgrep -f '[s]leep \(mark)' > left; true
            """)
        #expect(project.read("left") == "")
        #expect(Self.bitlaw(project, "show pipelines/p.yaml gen --output out").code == 2)
        project.write("pipelines/p.yaml", Self.experiment("[printf, \"y\\\\n1\\\\n\"]"))
        #expect(Self.run(project).code == 0)
    }

    @Test(arguments: [2, 8])
    func `engines that run at once execute each action once`(engines: Int) throws {
        guard let project = Self.project() else { return }
        project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\naxes: {i: {count: 20}}\nstages:\n"
                + "  gen: {kind: command, over: [i], params: {run: [echo, \"${i}\"]}}\n")
        project.shell(
            "export BITLAW_CONFIG=\"$PWD/reader\"; for e in $(seq \(engines)); do "
                + "{ '\(Project.command)' run pipelines/p.yaml -j 2 > out-$e 2>/dev/null; echo $? > code-$e; } & "
                + "done; wait; cat code-* > codes; cat out-* > outs")
        #expect(project.read("codes") == String(repeating: "0\n", count: engines))
        let ran = project.read("outs").split(separator: "\n").compactMap { line -> Int? in
            let words = line.split(separator: " ")
            return words.count > 1 && words[1].hasPrefix("ran") ? Int(words[0]) : nil
        }
        #expect(ran.count == engines && ran.reduce(0, +) == 20, "\(project.read("outs"))")
        #expect(Self.bitlaw(project, "verify").code == 0)
    }
}
