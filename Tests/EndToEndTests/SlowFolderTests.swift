import Glibc
import TestSupport
import Testing

/// A folder of a project behind a file system whose every answer is late (FUSE), as long as the value lives.
///
/// `Tests/Support/slow_folder.py` serves it.
private final class SlowFolder {
    private let project: Project

    /// Shows `back` as `slow`; `nil`, and said, where this machine cannot.
    init?(_ project: Project, milliseconds: Double, hasLocks: Bool = true) {
        self.project = project
        let server = "\(Repository.root)/Tests/Support/slow_folder.py"
        let words = "back slow \(milliseconds) \(hasLocks ? "locks" : "no-locks")"
        // Debian's own Python: the module is a package of Debian.
        let code = project.shell(
            """
            mkdir -p back slow; test -e /dev/fuse || exit 1
            /usr/bin/python3 '\(server)' \(words) > ready 2> refused & echo $! > served
            for i in $(seq 100); do grep -q ready ready && exit 0; kill -0 $(cat served) || exit 1; sleep 0.1; done
            exit 1
            """)
        guard code == 0 else {
            skip("no FUSE (apt-get install fuse3 python3-fusepy): no slow file system was tried")
            return nil
        }
    }

    deinit {
        project.shell("fusermount3 -u slow || fusermount3 -uz slow; kill $(cat served) 2>/dev/null")
    }
}

/// A store on a file system that is late, forgets what it knows, or refuses locks.
@Suite(.serialized) struct SlowFolderTests {
    private let project = Project()
    private let file = "pipelines/many.yaml"

    init() { project.write(file, manyCells) }

    private func run(_ store: String, _ words: String = "") -> Project.Outcome {
        project.bitlaw("run \(file) -j2 --store \(store) \(words)")
    }

    @Test
    func
        `a slow file system gives the digests of a fast one, and two engines run each action once`()
        throws
    {
        guard let slow = SlowFolder(project, milliseconds: 0.5) else { return }
        #expect(run("fast").code == 0)
        project.shell(
            "for i in 1 2; do '\(Project.command)' run \(file) -j2 --store slow/store > engine$i 2>&1 & done; wait"
        )
        let ran = (1...2).compactMap { engine in
            project.read("engine\(engine)").split(separator: "\n").first { $0.contains(" ran") }
                .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
        }
        #expect(ran.count == 2 && ran.reduce(0, +) == 25, "\(project.read("engine1"))")
        #expect(run("slow/store").output.hasPrefix("0 ran, 25 cached"))
        #expect(try project.digests("slow/store") == project.digests("fast"))
        let collected = project.bitlaw("gc --keep-runs 1 --store slow/store")
        #expect(collected.code == 0, "\(collected.error)")
        #expect(run("slow/store").output.hasPrefix("0 ran, 25 cached"))
        let found = project.bitlaw("verify --json --store slow/store")
        #expect(found.code == 0 && found.output.contains("\"damage\":[]"), "\(found.output)")
        withExtendedLifetime(slow) {}
    }

    @Test func `after kill -9 on a slow file system a plain rerun gives the same digests`() throws {
        guard let slow = SlowFolder(project, milliseconds: 0.2) else { return }
        #expect(run("fast").code == 0)
        let expected = try project.digests("fast")
        for round in 0..<trials(6) {
            if round % 3 == 0 { project.shell("rm -rf slow/store") }
            let victim = round % 2 == 0 ? "kill -9 $engine" : "pkill -9 -P $engine; kill -9 $engine"
            project.shell(
                "'\(Project.command)' run \(file) -q -j2 --store slow/store >/dev/null 2>&1 & engine=$!; "
                    + "sleep \(0.05 + 0.11 * Double(round)); { \(victim); } 2>/dev/null; wait $engine 2>/dev/null; true"
            )
            let again = run("slow/store")
            #expect(again.code == 0, "round \(round): \(again.error)")
            #expect(try project.digests("slow/store") == expected, "round \(round)")
        }
        withExtendedLifetime(slow) {}
    }

    @Test func `what changed behind a slow file system is found out, though a receipt stands`()
        throws
    {
        guard let slow = SlowFolder(project, milliseconds: 0.2) else { return }
        project.write(
            file,
            """
            experiment: many
            seed: 1
            stages:
              manifold: {kind: spiral.manifold}
            """)
        for _ in 0..<200 where project.shell("ls back/store/receipts/* >.ls 2>&1") != 0 {
            #expect(run("slow/store").code == 0)
            project.shell("sleep 0.1")
        }
        #expect(project.shell("ls back/store/receipts/* >.ls 2>&1") == 0, "no receipt was kept")
        #expect(run("slow/store").output.hasPrefix("0 ran, 1 cached"))
        project.shell("chmod -R u+w back; for f in back/store/cas/*/*; do echo damage > $f; done")
        // The kernel may show old attributes for a second, as a client of NFS does for longer.
        project.shell("sleep 1.2")
        let found = run("slow/store")
        #expect(found.code == 0 && found.output.hasPrefix("1 ran"), "\(found.output)\(found.error)")
        withExtendedLifetime(slow) {}
    }

    @Test(arguments: ["run pipelines/many.yaml", "status pipelines/many.yaml", "verify", "gc"])
    func `where locks are refused a command says so and what to do, and starts nothing`(
        command: String
    ) {
        guard let slow = SlowFolder(project, milliseconds: 0, hasLocks: false) else { return }
        // A store is there already: it was made where there are locks.
        #expect(run("back/store", "cell[i=0]").code == 0)
        let before = project.shell("find back/store -type f | sort > before")
        let refused = project.bitlaw("\(command) --store slow/store")
        #expect(refused.code == 3, "\(refused.output)")
        #expect(
            refused.error.contains("slow/store/locks/gc.lock: cannot lock: No locks available")
                && refused.error.contains("fix: its file system may have no such thing"),
            "\(refused.error)")
        #expect(before == 0 && project.shell("find back/store -type f | sort | cmp - before") == 0)
        withExtendedLifetime(slow) {}
    }
}
