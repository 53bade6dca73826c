import TestSupport
import Testing

/// A one-pass training that is killed goes on where it was, to the bits of an undisturbed one.
@Suite(.serialized) struct OnlineResumeTests {
    private func project() -> Project {
        let project = Project()
        project.write(
            "pipelines/stream.yaml",
            """
            experiment: stream
            seed: 5
            axes:
              replicate: {count: 2}
            stages:
              train:
                kind: online.sgd
                over: [replicate]
                params: {levels: 4, inputs: 256, alpha: 6000}
            """)
        return project
    }

    @Test func `a one-pass training killed at random resumes and ends in the same bits`() throws {
        let calm = project()
        let outcome = calm.bitlaw("run pipelines/stream.yaml -j2")
        try #require(outcome.code == 0, "\(outcome.error)")
        let project = project()
        for round in 0..<trials(2) {
            let delay = [0.05, 0.2][round % 2]
            project.shell(
                "BITLAW_CHECKPOINT_SECONDS=0.02 '\(Project.command)' run pipelines/stream.yaml -q -j2 "
                    + ">/dev/null 2>&1 & engine=$!; "
                    + "while ! ls .cache/checkpoints/* >/dev/null 2>&1 && kill -0 $engine 2>/dev/null; "
                    + "do sleep 0.01; done; sleep \(delay); kill -9 $engine; wait $engine 2>/dev/null; true"
            )
        }
        let again = project.bitlaw("run pipelines/stream.yaml -j1")
        #expect(again.code == 0, "\(again.error)")
        #expect(try project.digests() == calm.digests())
        project.shell("zstd -dcq .cache/cas/*/*.zst | grep -c 'taken up at step' > taken")
        #expect(project.read("taken") != "0\n", "no training was taken up")
    }
}
