import TestSupport
import Testing

/// `bitlaw trace`, on programs of a shell.
@Suite struct TraceCommandTests {
    private func project() -> Project? {
        guard isInstalled("strace", package: "strace", else: "no program was traced"),
            isInstalled("bwrap", package: "bubblewrap", else: "no program was traced")
        else { return nil }
        let project = Project()
        project.write(
            "t.yaml",
            """
            experiment: t
            seed: 1
            stages:
              first: {kind: command, params: {run: [echo, one]}}
              a:
                kind: command
                inputs: {inputs: first}
                params: {run: [sh, -c, ". ./lib/part.sh; cat data/x.csv; echo z > data/x.csv; echo w > new"]}
            """)
        project.write("lib/part.sh", "echo part\n")
        project.write("data/x.csv", "1\n")
        return project
    }

    @Test func `what a program reads is printed, and it cannot write the project`() throws {
        guard let project = project() else { return }
        #expect(project.bitlaw("run t.yaml first").code == 0)
        let outcome = project.bitlaw("trace t.yaml a")
        #expect(
            outcome.output == """
                a reads what stage `a` has to declare:
                    params:
                      files: [lib/part.sh]
                    inputs: {x: "file:data/x.csv"}

                """, "\(outcome.error)")
        // The shell could not write, and said so.
        #expect(outcome.code == 0 && project.read("data/x.csv") == "1\n")
        #expect(project.shell("test ! -e new && test -z \"$(ls .cache/tmp)\"") == 0)
        #expect(project.bitlaw("run t.yaml --only a").code == 1)
    }

    @Test func `what cannot be traced is told, with the way out`() {
        guard let project = project() else { return }
        let uncached = project.bitlaw("trace t.yaml a")
        #expect(
            uncached.code == 1 && uncached.error.contains("bitlaw run t.yaml 'first'"),
            "\(uncached.error)")
        let missing = project.bitlaw("trace t.yaml first", environment: "PATH=/nowhere")
        #expect(missing.code == 2)
        #expect(
            missing.error.contains(
                "bitlaw trace needs strace, which is not on PATH\n  fix: install it"))
        project.write(
            "own.yaml",
            "experiment: o\nseed: 1\nstages: {m: {kind: spiral.manifold, params: {turns: 2}}}\n")
        let own = project.bitlaw("trace own.yaml m")
        #expect(own.code == 2 && own.error.contains("stage `m` starts no program"), "\(own.error)")
        let unapproved = project.bitlaw(
            "trace t.yaml first", environment: "BITLAW_CONFIG='\(project.path)/none'")
        #expect(unapproved.code == 2, "\(unapproved.output)")
        #expect(
            unapproved.error.contains("fix: look at it, then bitlaw trust"), "\(unapproved.error)")
    }
}
