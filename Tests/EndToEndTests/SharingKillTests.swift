import Glibc
import LocalStore
import System
import TestSupport
import Testing

/// `kill -9` in the middle of one large blob: nothing half written is ever seen, and the same command
/// goes on.
@Suite(.heavy, .serialized) struct SharingKillTests: SharingPeople {
    /// A server, and before it a wire that stops when it is told to.
    private final class World {
        let place = Project()
        let server: LocalServer
        let url: String

        init?() {
            guard let server = LocalServer.nginx(place) else { return nil }
            self.server = server
            place.shell(
                "python3 '\(Repository.support("stall.py"))' wire \(server.port) . >/dev/null 2>&1 & "
                    + "echo $! > wire.pid; while ! test -e wire; do sleep 0.01; done")
            url = "http://127.0.0.1:\(place.read("wire").prefix { $0.isNumber })/x"
        }

        deinit { place.shell("kill $(cat wire.pid)") }

        /// Starts a command and kills it, or what `victim` names, once so many bytes have passed; where it
        /// fetches, once it has begun to write them.
        ///
        /// - Returns: what it said and its exit code.
        func kill(
            _ person: Project, _ arguments: String, at wire: String,
            victim: String = "kill -9 $own"
        ) -> String {
            place.write("stall", wire)
            place.shell("rm -f stalled")
            // What the wire gave away may wait in the kernel until a loaded machine comes to read it.
            let begun =
                wire.hasPrefix("down")
                ? "for i in $(seq 3000); do ls .cache/tmp/blob-* >/dev/null 2>&1 && break; sleep 0.01; done"
                : ":"
            person.shell("rm -f .cache/tmp/blob-*")
            person.shell(
                """
                export BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG="$PWD/config"
                '\(Project.command)' \(arguments) >.own 2>&1 </dev/null & own=$!
                while ! test -e '\(place.path)/stalled'; do sleep 0.01; done
                \(begun)
                \(victim); rm -f '\(place.path)/stall'; wait $own; echo "exit $?" >>.own
                """)
            return person.read(".own")
        }
    }

    /// Ten megabytes, and what is small beside them.
    private func person() -> Project {
        let project = Project()
        project.write(
            "pipelines/large.yaml",
            """
            experiment: large
            seed: 1
            stages:
              small: {kind: command, params: {run: [echo, small]}}
              large: {kind: command, inputs: {inputs: small}, params: {run: [seq, "1400000"]}}
              last: {kind: command, inputs: {inputs: large}, params: {run: [sh, -c, "tail -n 1 ${inputs.inputs}"]}}
            """)
        return project
    }

    /// Somebody who pushed everything to the server, and somebody who reads from it.
    private func people(_ world: World) -> (ada: Project, eve: Project) {
        let (ada, eve) = (person(), person())
        #expect(run(ada, "run pipelines/large.yaml -q").code == 0)
        #expect(run(ada, "push pipelines/large.yaml --to \(world.url)").code == 0)
        eve.write("config/config.yaml", "remotes:\n  lab: {url: '\(world.url)'}\n")
        return (ada, eve)
    }

    /// Everything under the server's names is what it is named, or a result whose blobs are there.
    private func expectWhole(_ place: Project) {
        #expect(
            place.shell(
                """
                mkdir -p web/x/cas web/x/ac
                for f in $(ls web/x/cas); do
                  test $(sha256sum < web/x/cas/$f | cut -c1-64) = $f || exit 1; done
                for f in $(ls web/x/ac); do
                  for d in $(grep -o '"digest":"[0-9a-f]*"' web/x/ac/$f | cut -d'"' -f4); do
                    test -e web/x/cas/$d || exit 2; done; done
                """) == 0)
    }

    /// The store has nothing damaged, no result that misses something, and nothing of the large blob.
    private func expectWhole(_ person: Project, has large: Bool) throws {
        let store = try Store.open("\(person.path)/.cache")
        let report = try store.verify()
        #expect(report.damage.isEmpty && report.incomplete.isEmpty)
        #expect((report.bytes > 1_000_000) == large)
    }

    /// What a killed process left is in `tmp/` alone, where nobody reads it.
    private func expectHalfWritten(_ person: Project) {
        #expect(person.shell("test -n \"$(ls .cache/tmp)\"") == 0, "nothing was half written")
    }

    /// Whoever opened the store since then took it away.
    private func expectTidy(_ person: Project) {
        #expect(
            person.shell("ls .cache/tmp > tmp.txt; test ! -s tmp.txt") == 0,
            "\(person.read("tmp.txt"))")
    }

    @Test func `a push that is killed within a blob leaves no part of it, and goes on`() throws {
        guard let world = World() else { return }
        let ada = person()
        #expect(run(ada, "run pipelines/large.yaml -q").code == 0)
        let push = "push pipelines/large.yaml --to \(world.url)"
        #expect(world.kill(ada, push, at: "up 3000000").hasSuffix("exit 137\n"))
        expectWhole(world.place)
        #expect(world.place.shell("test -z \"$(find web -size +1000k)\"") == 0)
        #expect(world.place.shell("test -z \"$(ls web/x/ac)\"") == 0, "results before their blobs")
        let again = run(ada, push)
        #expect(again.output.hasPrefix("pushed 3 results and "), "\(again.error)")
        expectWhole(world.place)
        #expect(world.place.shell("test $(ls web/x/ac | wc -l) = 3") == 0)
        let eve = person()
        #expect(run(eve, "pull pipelines/large.yaml --from \(world.url)").code == 0)
        #expect(run(eve, "run pipelines/large.yaml").output.hasPrefix("0 ran, 3 cached in "))
        #expect(try eve.digests() == ada.digests())
    }

    @Test(arguments: ["pull", "run"])
    func `what fetches and is killed within a blob leaves no part of it, and goes on`(verb: String)
        throws
    {
        guard let world = World() else { return }
        let (ada, eve) = people(world)
        let command = "\(verb) pipelines/large.yaml"
        for round in 0..<2 {
            #expect(world.kill(eve, command, at: "down 3000000").hasSuffix("exit 137\n"))
            // The process that speaks to remotes goes with the run that it works for.
            eve.shell(
                "for i in $(seq 1000); do pgrep -f \"transfer --project $PWD\" >/dev/null || break; "
                    + "sleep 0.01; done")
            expectHalfWritten(eve)
            if round == 0 {
                try expectWhole(eve, has: false)
                expectTidy(eve)
            }
            #expect(eve.shell("test $(ls .cache/actions/*/* 2>/dev/null | wc -l) -le 1") == 0)
        }
        let again = run(eve, command)
        #expect(again.code == 0, "\(again.error)")
        #expect(
            again.output.contains(verb == "pull" ? "pulled " : "0 ran, 3 cached"),
            "\(again.output)")
        try expectWhole(eve, has: true)
        #expect(run(eve, "run pipelines/large.yaml").output.hasPrefix("0 ran, 3 cached in "))
        expectTidy(eve)
        #expect(run(eve, "gc").code == 0)
        #expect(run(eve, "run pipelines/large.yaml").output.hasPrefix("0 ran, 3 cached in "))
        #expect(try eve.digests() == ada.digests())
    }

    @Test func `a run whose process for remotes is killed within a blob makes the rest by itself`()
        throws
    {
        guard let world = World() else { return }
        let (ada, eve) = people(world)
        let said = world.kill(
            eve, "run pipelines/large.yaml", at: "down 3000000",
            victim: "pkill -9 -P $own -f 'transfer --project'")
        #expect(said.hasSuffix("exit 0\n"), "\(said)")
        #expect(said.contains("the process that speaks to remotes ended early; 1 result is"))
        #expect(said.contains("2 ran, 1 cached, 1 of these from remotes"), "\(said)")
        expectHalfWritten(eve)
        try expectWhole(eve, has: true)
        expectTidy(eve)
        #expect(try eve.digests() == ada.digests())
    }
}
