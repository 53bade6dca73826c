import Glibc
import TestSupport
import Testing

/// `kill -9` anywhere, several engines on one store, signals: nothing finished is lost.
@Suite(.serialized) struct KillTests {
    private func project() -> Project {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells)
        return project
    }

    /// 200 kills at instants spread by a fixed generator over a run's length: the engine, its workers
    /// or both in turn; each time a plain rerun has to end with the digests of an undisturbed run.
    @Test
    func `after kill -9 of engine or worker at any instant a plain rerun gives the same digests`()
        throws
    {
        let calm = project()
        #expect(calm.bitlaw("run pipelines/many.yaml -j2").code == 0)
        let expected = try calm.digests()
        let project = project()
        var state: UInt64 = 42
        for round in 0..<trials(200) {
            if round % 4 == 0 { project.shell("rm -rf .cache") }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let delay = Double(state >> 40) / Double(1 << 24) * 0.06
            let victim = [
                "kill -9 $engine", "pkill -9 -P $engine", "pkill -9 -P $engine; kill -9 $engine",
            ][round % 3]
            project.shell(
                "'\(Project.command)' run pipelines/many.yaml -q -j2 >/dev/null 2>&1 & engine=$!; "
                    + "sleep \(delay); { \(victim); } 2>/dev/null; wait $engine 2>/dev/null; true")
            guard round % 4 == 3 || round % 7 == 0 else { continue }
            let again = project.bitlaw("run pipelines/many.yaml -j2")
            #expect(again.code == 0, "round \(round): \(again.error)")
            #expect(try project.digests() == expected, "round \(round)")
        }
        let report = project.bitlaw("verify --json")
        #expect(report.code == 0 && report.output.contains("\"damage\":[]"))
        #expect(report.output.contains("\"incomplete\":[]"))
    }

    @Test func `a worker that is killed fails its action alone, and a rerun mends it`() {
        let project = Project()
        project.write(
            "pipelines/k.yaml",
            """
            experiment: k
            seed: 1
            axes: {i: {count: 4}}
            stages:
              a: {kind: command, over: [i], params: {run: [sh, -c, "test -e '\(project.path)/once' || test ${i} != 2 || { touch '\(project.path)/once'; kill -9 $PPID; sleep 5; }; echo ${i}"]}}
            """)
        let outcome = project.bitlaw("run pipelines/k.yaml -j1")
        #expect(outcome.code == 1)
        #expect(outcome.error.contains("failed: a[i=2]: the worker was killed by signal 9"))
        #expect(outcome.output.hasPrefix("3 ran, 1 failed in "))
        #expect(project.bitlaw("run pipelines/k.yaml").output.hasPrefix("1 ran, 3 cached in "))
    }

    @Test(arguments: [2, 8])
    func `engines that share a store execute each action once`(engines: Int) {
        let project = Project()
        project.write(
            "pipelines/e.yaml",
            """
            experiment: e
            seed: 1
            axes: {i: {count: 10}}
            stages:
              a: {kind: command, over: [i], params: {run: [sh, -c, "echo ${i} >> '\(project.path)/executed'; sleep 0.05; echo ${i}"]}}
              b: {kind: command, inputs: {inputs: a}, params: {run: [sh, -c, "echo b >> '\(project.path)/executed'; cat ${inputs.inputs}"]}}
            """)
        let command = "'\(Project.command)' run pipelines/e.yaml -q -j2"
        let all = (0..<engines).map { "\(command) >/dev/null 2>err-\($0) & p\($0)=$!;" }.joined(
            separator: " ")
        let waits = (0..<engines).map { "wait $p\($0) || exit 9;" }.joined(separator: " ")
        let status = project.shell("\(all) \(waits)")
        #expect(status == 0, "\((0..<engines).map { project.read("err-\($0)") }.joined())")
        #expect(
            project.read("executed").split(separator: "\n").sorted() == (0..<10).map { "\($0)" } + [
                "b"
            ])
    }

    @Test func `an orphan publishes nothing: its worker dies with the engine`() throws {
        let project = Project()
        project.write(
            "pipelines/o.yaml",
            "experiment: o\nseed: 1\nstages: {a: {kind: command, params: {run: [sh, -c, \"touch '\(project.path)/began'; sleep 0.4; echo late\"]}}}\n"
        )
        project.shell(
            "'\(Project.command)' run pipelines/o.yaml -q >/dev/null 2>&1 & engine=$!; "
                + "while ! test -e began; do sleep 0.01; done; kill -9 $engine; wait $engine 2>/dev/null; sleep 0.8"
        )
        #expect(project.shell("test -z \"$(find .cache/actions -type f)\"") == 0)
        #expect(project.shell("pgrep -f 'worke[r] --store \(project.path)' >/dev/null") != 0)
        #expect(project.bitlaw("run pipelines/o.yaml").output.hasPrefix("1 ran in "))
        #expect(project.shell("test -z \"$(ls .cache/tmp)\"") == 0)
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal ends the run cleanly, and the same command goes on`(signal: String) throws {
        let project = Project()
        project.write(
            "pipelines/s.yaml",
            """
            experiment: s
            seed: 1
            axes: {i: {count: 6}}
            stages:
              a: {kind: command, over: [i], params: {run: [sh, -c, "echo x >> '\(project.path)/began'; test ${i} -lt 2 || test -e '\(project.path)/go' || sleep 30; echo ${i}"]}}
            """)
        let code = project.shell(
            "'\(Project.command)' run pipelines/s.yaml -j1 >out 2>&1 & engine=$!; "
                + "while test $(cat began 2>/dev/null | wc -l) -lt 3; do sleep 0.01; done; kill -\(signal) $engine; wait $engine"
        )
        #expect(code == 130)
        #expect(project.read("out").contains("2 ran, 4 not reached in "))
        #expect(
            project.read("out").contains(
                "interrupted; what finished is kept, the same command goes on"))
        project.write("go", "")
        #expect(project.bitlaw("run pipelines/s.yaml").output.hasPrefix("4 ran, 2 cached in "))
    }

    @Test func `a clock that went backwards changes nothing`() throws {
        let project = project()
        _ = project.bitlaw("run pipelines/many.yaml")
        project.shell(
            "for f in .cache/runs/*; do mv \"$f\" .cache/runs/2099-01-01T00-00-00Z-12345678.json; done; find .cache -exec touch -d 2099-01-01 {} +"
        )
        #expect(project.bitlaw("run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
        #expect(project.bitlaw("why pipelines/many.yaml sum").code == 0)
        #expect(project.bitlaw("gc --max-age 1d -n").code == 0)
    }

    @Test func `a read-only store serves results, and a run that needs to write says what to do`() {
        let project = project()
        _ = project.bitlaw("run pipelines/many.yaml")
        project.shell("chmod -R a+rX,a-w .cache; chmod a+rx . pipelines")
        let other = "env -u BITLAW_CONFIG HOME=/nonexistent setpriv --reuid=65534 --clear-groups"
        guard project.shell("\(other) true 2>/dev/null") == 0 else {
            skip("not root, so no other user could try the read-only store")
            return
        }
        let cached = project.shell(
            "\(other) '\(Project.command)' run pipelines/many.yaml >/tmp/ro-$$ 2>&1; code=$?; rm -f /tmp/ro-$$; exit $code"
        )
        #expect(cached == 0)
        project.write("pipelines/many.yaml", manyCells.replacing("echo next", with: "echo other"))
        #expect(
            project.shell(
                "chmod a+r pipelines/*; \(other) '\(Project.command)' run pipelines/many.yaml 2>&1 | grep -q 'the store is read-only'"
            ) == 0)
    }
}
