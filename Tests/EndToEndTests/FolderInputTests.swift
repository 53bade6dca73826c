import Canon
import System
import TestSupport
import Testing

/// Folders of the project that programs and own kinds read.
@Suite struct FolderInputTests {
    private static let reader = """
          read:
            kind: command
            inputs: {data: "file:data/"}
            params:
              run: "cd ${inputs.data}; find . -type f | LC_ALL=C sort | xargs cat; test ! -x go || echo go"
              exclude: ["*.log"]
        """

    private static func world(_ started: Started, _ stages: String = reader) -> ProgramWorld? {
        guard let world = ProgramWorld(started, stages: stages) else { return nil }
        world.project.shell(
            "mkdir -p data/sub; printf 'one\\n' > data/a; printf 'two\\n' > data/sub/b; : > data/go; "
                + "chmod +x data/go")
        return world
    }

    private static let run = "run pipelines/p.yaml"
    private static let show = "show pipelines/p.yaml read --output out"

    @Test(arguments: Started.allCases)
    fileprivate func `what a folder is counts, and what is left out of it does not`(
        _ started: Started
    ) {
        guard let world = Self.world(started) else { return }
        let first = world.bitlaw(Self.run)
        #expect(first.code == 0, "\(first.error)")
        #expect(world.bitlaw(Self.show).output == "one\ntwo\ngo\n")
        for same in [
            "mkdir data/.git; echo x > data/.git/HEAD", "echo x > data/x.log",
            "mkdir data/__pycache__; echo x > data/__pycache__/y", "touch data/a",
        ] {
            world.project.shell(same)
            #expect(world.bitlaw(Self.run).output.contains("0 ran, 1 cached"), "\(same)")
        }
        for change in ["printf 'won\\n' > data/a", "chmod -x data/go", "mv data/sub data/cub"] {
            world.project.shell(change)
            let run = world.bitlaw(Self.run)
            #expect(run.output.contains("1 ran in"), "\(change): \(run.error)")
        }
    }

    @Test(arguments: Started.allCases)
    fileprivate func
        `a program sees nothing that is left out, and cannot change the project's folder`(
            _ started: Started
        )
    {
        let stages = """
              read:
                kind: command
                inputs: {data: "file:data/"}
                params:
                  run: "ls -A ${inputs.data}; test -L ${inputs.data}/out || cat ${inputs.data}/out/c"
                  exclude: ["*.log"]
              write:
                kind: command
                inputs: {data: "file:data/"}
                params: {run: "echo x > ${inputs.data}/a && echo x > ${inputs.data}/new"}
            """
        guard let world = Self.world(started, stages) else { return }
        world.project.shell(
            "mkdir -p other data/.git; echo far > other/c; ln -s ../other data/out; : > data/x.log; "
                + "cp -a data before")
        let read = world.bitlaw("\(Self.run) read")
        #expect(read.code == 0, "\(read.error)")
        #expect(world.bitlaw(Self.show).output == "a\ngo\nout\nsub\nfar\n")
        _ = world.bitlaw("\(Self.run) write")
        #expect(world.project.shell("diff -r --no-dereference before data") == 0)
    }

    @Test func `a confined program that writes into a folder that it reads fails`() {
        let stages = """
              write:
                kind: command
                inputs: {data: "file:data/"}
                params: {run: "echo x > ${inputs.data}/new"}
            """
        guard let world = Self.world(.confined, stages) else { return }
        let run = world.bitlaw(Self.run)
        #expect(run.code == 1 && (run.error + run.output).contains("Read-only file system"))
        #expect(world.project.shell("test ! -e data/new") == 0)
    }

    @Test func `a folder of which something is left out is copied once for all of its readers`() {
        let stages = """
              read:
                kind: command
                over: [i]
                inputs: {data: "file:data/"}
                params: {run: "cat ${inputs.data}/a; stat -c %i ${inputs.data}/a; : ${i}", exclude: ["*.log"]}
            axes:
              i: {count: 4}
            """
        guard let world = Self.world(.confined, stages) else { return }
        world.project.shell(": > data/x.log")
        let run = world.bitlaw("\(Self.run) -j2")
        #expect(run.code == 0, "\(run.error)")
        let seen = Set(
            (0..<4).map {
                world.bitlaw("show pipelines/p.yaml 'read[i=\($0)]' --output out").output
            })
        #expect(seen.count == 1 && seen.first?.hasPrefix("one\n") == true)
        world.project.shell("stat -c %i data/a > inode")
        #expect(seen.first?.hasSuffix(world.project.read("inode")) == false)
    }

    @Test func `a folder that changed while it was read gives no result, and is named`() {
        let stages = """
              read:
                kind: command
                inputs: {data: "file:data/"}
                params: {run: "echo x >> '@/data/a'; cat ${inputs.data}/a"}
            """
        guard let world = Self.world(.unconfined) else { return }
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\nstages:\n"
                + stages.replacing("@", with: world.project.path) + "\n")
        let run = world.bitlaw(Self.run)
        #expect(
            run.code == 1 && (run.error + run.output).contains("changed while the action read it"))
        #expect((run.error + run.output).contains("/data"))
        #expect(world.results == 0)
    }

    @Test func `what a folder may not have is a mistake where the folder is named`() {
        for (script, said) in [
            ("mkfifo data/pipe", "`pipe` in the folder"),
            ("ln -s .. data/up", "a folder that it is in"),
            ("ln -s nowhere/../x data/l", "where nothing can be read"),
            ("rm -r data/*", "the folder `data` has no file in it"),
            ("ln -s /usr/share data/far", "bitlaw trust"),
        ] {
            guard let world = Self.world(.unconfined) else { return }
            world.project.shell(script)
            let plan = world.bitlaw("plan pipelines/p.yaml")
            #expect(plan.code == 2 && plan.error.contains(said), "\(script): \(plan.error)")
            #expect(plan.error.contains("p.yaml:6:"), "\(plan.error)")
        }
    }

    @Test
    func `files of a pattern come in the order of their bytes, and twins of Unicode stay apart`() {
        let stages = """
              read:
                kind: command
                inputs: {data: "file:data/*.csv"}
                params: {run: "cat ${inputs.data}; ls -d ${inputs.data} | wc -l"}
              none:
                kind: command
                when: 1 == 2
                inputs: {data: "file:data/*.csv"}
                params: {run: "true"}
            """
        guard let world = Self.world(.unconfined, stages) else { return }
        world.project.shell(
            "cd data; printf B > B.csv; printf a > a.csv; printf d > \"$(printf 'e\\314\\201.csv')\"; "
                + "printf c > \"$(printf '\\303\\251.csv')\"; printf x > sub/x.csv")
        let run = world.bitlaw("\(Self.run) read")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw(Self.show).output == "Badc4\n")
        world.project.shell("rm data/*.csv")
        let none = world.bitlaw("plan pipelines/p.yaml")
        #expect(none.code == 2 && none.error.contains("no file has a name like `data/*.csv`"))
        #expect(none.error.contains("p.yaml:6:"), "\(none.error)")
    }

    @Test(arguments: Started.allCases)
    fileprivate func `a bundle has the files of a folder, and makes the same results again`(
        _ started: Started
    ) {
        guard let world = Self.world(started) else { return }
        world.project.shell("echo x > data/x.log")
        #expect(world.bitlaw(Self.run).code == 0)
        #expect(world.bitlaw("lock pipelines/p.yaml").code == 0)
        let bundle = world.bitlaw("bundle pipelines/p.yaml --to b.tar.zst --unsigned")
        #expect(bundle.code == 0, "\(bundle.error)")
        let good = world.bitlaw("bundle verify b.tar.zst")
        #expect(good.code == 0, "\(good.output) \(good.error)")
        world.project.shell("mkdir u && zstd -dcq b.tar.zst | tar -x -C u")
        #expect(
            world.project.shell("test -x u/experiment/data/go && test ! -e u/experiment/data/x.log")
                == 0)
        #expect(
            world.project.shell("python3 u/verify.py > said") == 0, "\(world.project.read("said"))")
        let again = world.bitlaw("run u/experiment/pipelines/p.yaml --store u/store --locked")
        #expect(again.code == 0, "\(again.error)")
        // A file that changed is missed by both verifiers.
        world.project.shell("echo more >> u/experiment/data/sub/b")
        #expect(world.project.shell("python3 u/verify.py > said") == 4)
    }

    @Test func `files of a folder that stand outside stay out of a bundle, each by its name`() {
        guard let world = Self.world(.unconfined) else { return }
        let outside = TemporaryFolder()
        outside.write("f", "far\n")
        world.project.shell("ln -s '\(outside.path)' data/far")
        #expect(world.bitlaw(Self.run).error.contains("stands outside the project"))
        #expect(world.bitlaw("trust . --read '\(outside.path)' --yes").code == 0)
        #expect(world.bitlaw(Self.run).code == 0)
        #expect(world.bitlaw("lock pipelines/p.yaml").code == 0)
        let bundle = world.bitlaw("bundle pipelines/p.yaml --to b.tar.zst --unsigned")
        #expect(bundle.error.contains("left out: data/far/f stands outside"), "\(bundle.error)")
        #expect(world.project.shell("zstd -dcq b.tar.zst | tar -t | grep -q data/far") == 1)
        #expect(world.bitlaw("bundle verify b.tar.zst").code == 0)
        world.project.shell("'\(Project.command)' bundle verifier > verify.py")
        #expect(world.project.shell("python3 verify.py b.tar.zst > said") == 0)
    }

    @Test func `audit, why, show and plan know a folder`() {
        guard let world = Self.world(.unconfined) else { return }
        #expect(world.bitlaw(Self.run).code == 0)
        let audit = world.bitlaw("audit pipelines/p.yaml --unconfined")
        #expect(audit.code == 0, "\(audit.output) \(audit.error)")
        #expect(world.bitlaw("show pipelines/p.yaml read").output.contains("data ← data/"))
        let add = world.bitlaw("add data")
        #expect(add.code == 2 && add.error.contains("expected a file, found a folder"))
        #expect(world.bitlaw("lock pipelines/p.yaml").code == 0)
        world.project.shell("printf 'won\\n' > data/a; echo new > data/c")
        let why = world.bitlaw("why pipelines/p.yaml read")
        #expect(why.code == 0, "\(why.error)")
        #expect(why.output.contains("input data from data/: "), "\(why.output)")
        #expect(
            why.output.contains("`a` changed") && why.output.contains("`c` came"), "\(why.output)")
        #expect(world.bitlaw("plan pipelines/p.yaml").output.contains("read"))
        #expect(world.bitlaw(Self.run).code == 0)
        let lock = world.bitlaw("lock pipelines/p.yaml")
        #expect((lock.output + lock.error).contains("input data (a folder): "), "\(lock.output)")
    }
}
