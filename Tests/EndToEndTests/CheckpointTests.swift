import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing
import Trust

/// A long training that is killed goes on where it was, to the bits of an undisturbed one.
@Suite(.serialized) struct CheckpointTests {
    private static let text = """
        experiment: long
        seed: 3
        stages:
          manifold: {kind: spiral.manifold, params: {turns: 2}}
          mixture: {kind: spiral.mixture}
          data: {kind: spiral.sample, inputs: {manifold: manifold, mixture: mixture}, params: {count: 400}}
          train:
            kind: mlp.train
            inputs: {data: data}
            params: {hidden: [64, 64], batch: 100, steps: 60000}
        """

    private func project() -> Project {
        let project = Project()
        project.write("pipelines/long.yaml", Self.text)
        return project
    }

    @Test func `a training killed at random resumes and ends in the same bits`() throws {
        let calm = project()
        let outcome = calm.bitlaw("run pipelines/long.yaml -j1")
        try #require(outcome.code == 0, "\(outcome.error)")
        let project = project()
        var state: UInt64 = 7
        for _ in 0..<trials(6) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let delay = 0.1 + Double(state >> 40) / Double(1 << 24) * 0.4
            // The first kill waits until a state was kept.
            project.shell(
                "BITLAW_CHECKPOINT_SECONDS=0.02 '\(Project.command)' run pipelines/long.yaml -q -j1 "
                    + ">/dev/null 2>&1 & engine=$!; "
                    + "while ! ls .cache/checkpoints/* >/dev/null 2>&1 && kill -0 $engine 2>/dev/null; "
                    + "do sleep 0.01; done; sleep \(delay); kill -9 $engine; wait $engine 2>/dev/null; true"
            )
        }
        let again = project.bitlaw("run pipelines/long.yaml -j1")
        #expect(again.code == 0, "\(again.error)")
        #expect(try project.digests() == calm.digests())
        project.shell("zstd -dcq .cache/cas/*/*.zst | grep -c 'taken up at step' > taken")
        #expect(project.read("taken") != "0\n", "no training was taken up")
        project.shell("ls .cache/checkpoints | wc -l > left")
        #expect(project.read("left") == "0\n")
    }

    @Test func `a training on hidden factors killed at random ends in the same bits`() throws {
        let text = """
            experiment: long
            seed: 3
            stages:
              task: {kind: factors.task, params: {inputs: [2, 2, 2, 2, 2, 2], outputs: [4, 4]}}
              train:
                kind: factors.train
                inputs: {task: task/task, tables: task/tables}
                params: {mode: single-pass, width: 16, steps: 12000}
            """
        let (calm, project) = (Project(), Project())
        for each in [calm, project] { each.write("pipelines/long.yaml", text) }
        let outcome = calm.bitlaw("run pipelines/long.yaml -j1")
        try #require(outcome.code == 0, "\(outcome.error)")
        for round in 0..<trials(2) {
            let delay = [0.05, 0.2][round % 2]
            project.shell(
                "BITLAW_CHECKPOINT_SECONDS=0.02 '\(Project.command)' run pipelines/long.yaml -q -j1 "
                    + ">/dev/null 2>&1 & engine=$!; "
                    + "while ! ls .cache/checkpoints/* >/dev/null 2>&1 && kill -0 $engine 2>/dev/null; "
                    + "do sleep 0.01; done; sleep \(delay); kill -9 $engine; wait $engine 2>/dev/null; true"
            )
        }
        #expect(project.bitlaw("run pipelines/long.yaml -j1").code == 0)
        #expect(try project.digests() == calm.digests())
        project.shell("zstd -dcq .cache/cas/*/*.zst | grep -c 'taken up at step' > taken")
        #expect(project.read("taken") != "0\n", "no training was taken up")
    }

    /// The engine's environment reaches its workers: the profile in the key is the one that computed.
    @Test func `the profile and the instruction set of a run are those of its workers`() throws {
        let (portable, blas, software) = (project(), project(), project())
        for project in [portable, blas, software] {
            project.shell("sed -i 's/steps: 60000/steps: 50/' pipelines/long.yaml")
        }
        #expect(portable.bitlaw("run pipelines/long.yaml -q").code == 0)
        let forced = software.bitlaw(
            "run pipelines/long.yaml -q", environment: "BITLAW_ISA=software")
        #expect(forced.code == 0)
        #expect(try software.digests() == portable.digests())
        let other = blas.bitlaw("run pipelines/long.yaml -q", environment: "BITLAW_NUMERICS=blas")
        #expect(other.code == 0, "\(other.error)")
        #expect(try blas.digests() != portable.digests())
        let unknown = blas.bitlaw("run pipelines/long.yaml", environment: "BITLAW_NUMERICS=fast")
        #expect(unknown.code != 0)
        #expect(
            unknown.error.contains("BITLAW_NUMERICS: expected portable or blas, found \"fast\""))
        let absent = Project()
        absent.write("pipelines/long.yaml", Self.text)
        let refused = absent.bitlaw("run pipelines/long.yaml", environment: "BITLAW_ISA=avx1024")
        #expect(refused.code != 0 && refused.error.contains("BITLAW_ISA: expected one of"))
    }

    @Test func `a damaged or foreign state is left alone and the training starts over`() throws {
        let calm = project()
        try #require(calm.bitlaw("run pipelines/long.yaml -j1").code == 0)
        let project = project()
        project.shell(
            "BITLAW_CHECKPOINT_SECONDS=0.02 '\(Project.command)' run pipelines/long.yaml -q -j1 "
                + ">/dev/null 2>&1 & engine=$!; "
                + "while ! ls .cache/checkpoints/* >/dev/null 2>&1 && kill -0 $engine 2>/dev/null; "
                + "do sleep 0.01; done; kill -9 $engine; wait $engine 2>/dev/null; "
                + "for f in .cache/checkpoints/*; do printf x | dd of=$f bs=1 seek=300 conv=notrunc; done "
                + "2>/dev/null; true")
        #expect(project.bitlaw("run pipelines/long.yaml -j1").code == 0)
        #expect(try project.digests() == calm.digests())
    }

    /// How somebody plants a state.
    enum Planting: CaseIterable, Sendable {
        /// As older versions kept one: its SHA-256 alone.
        case old
        /// With the code of an account of their own.
        case stranger
        /// With the line that stood before the true state.
        case borrowed
        /// With the code of the account that runs, which nobody else can make.
        case own
    }

    @Test(arguments: Planting.allCases)
    func `a planted state at the last step with weights of nothing is not gone on from`(
        planting: Planting
    ) throws {
        let (calm, project) = (project(), project())
        for each in [calm, project] {
            each.shell("sed -i 's/steps: 60000/steps: 20000/' pipelines/long.yaml")
        }
        try #require(calm.bitlaw("run pipelines/long.yaml -q -j1").code == 0)
        project.shell(
            "BITLAW_CHECKPOINT_SECONDS=0.01 setsid '\(Project.command)' run pipelines/long.yaml -q -j1 "
                + ">/dev/null 2>&1 & engine=$!; "
                + "while ! ls .cache/checkpoints/* >/dev/null 2>&1 && kill -0 $engine 2>/dev/null; "
                + "do sleep 0.01; done; kill -9 $engine; wait $engine 2>/dev/null; "
                // The worker ends a moment later, and may keep one more state until then.
                + "while awk '$3 != \"Z\" {print $6}' /proc/[0-9]*/stat 2>/dev/null | grep -qx $engine; "
                + "do sleep 0.01; done; ls .cache/checkpoints > name")
        let action = try Digest(hex: String(project.read("name").prefix(64)))
        let path = "\(project.path)/.cache/checkpoints/\(action.hex)"
        let kept = try #require(bytesOfFile(path))
        let newline = try #require(kept.firstIndex(of: 10))
        let state = forged(Array(kept[(newline + 1)...]), step: 20000)
        let store = try Store.open("\(project.path)/.cache")
        switch planting {
        case .old:
            let line = Array("\(Digest(of: state.span).hex)\n".utf8)
            try writeWholeFile(line + state, to: path, .none)
        case .borrowed: try writeWholeFile(Array(kept[...newline]) + state, to: path, .none)
        case .stranger:
            try store.keepCheckpoint(state, for: action, by: AccountSecret().stateKey(for: action))
        case .own:
            let secret = try #require(AccountSecret(bytes: bytesOfFile(accountSecret) ?? []))
            try store.keepCheckpoint(state, for: action, by: secret.stateKey(for: action))
        }
        let outcome = project.bitlaw("run pipelines/long.yaml -j1")
        #expect(outcome.code == 0, "\(outcome.error)")
        // The test would notice a state that is believed.
        let isBelieved = planting == .own
        #expect(try (project.digests() == calm.digests()) == !isBelieved)
        let told =
            "train: a state to go on from was set aside, for nothing proves that this account kept it"
        #expect(outcome.error.contains(told) == !isBelieved, "\(outcome.error)")
        project.shell("zstd -dcq .cache/cas/*/*.zst | grep -c 'begun anew' > told")
        #expect(project.read("told") == (isBelieved ? "0\n" : "1\n"))
        project.shell("ls .cache/quarantine 2>/dev/null | wc -l > aside")
        #expect(project.read("aside") == (isBelieved ? "0\n" : "1\n"))
    }

    /// The state of a network's training, ended at a step with weights of zero, its checksum made anew.
    private func forged(_ state: [UInt8], step: Int) -> [UInt8] {
        func word(_ place: Int) -> UInt64 {
            state[place..<min(place + 8, state.count - 8)].reversed().reduce(0) {
                $0 << 8 | UInt64($1)
            }
        }
        func bytes(_ word: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
        var forged = Array(state.dropLast(8))
        forged.replaceSubrange(24..<32, with: bytes(UInt64(step)))
        let start = 56 + 8 + 8 * Int(word(56))
        for place in start + 8..<start + 8 + 4 * Int(word(start)) { forged[place] = 0 }
        var sum = UInt64(forged.count) ^ 0x9e37_79b9_7f4a_7c15
        for place in stride(from: 0, to: forged.count, by: 8) {
            let next = forged[place..<min(place + 8, forged.count)]
            sum =
                (sum ^ next.reversed().reduce(0) { $0 << 8 | UInt64($1) }) &* 0xff51_afd7_ed55_8ccd
            sum ^= sum >> 32
        }
        return forged + bytes(sum)
    }
}
