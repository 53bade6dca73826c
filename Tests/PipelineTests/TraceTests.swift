import Run
import Testing

/// What a record of `strace` tells of a program, and what its stage has to declare for it.
@Suite struct TraceTests {
    /// Lines as strace 6.1 wrote them: two processes, a call that was broken off, octal bytes.
    private let record = """
        10  execve("/usr/bin/sh", ["sh", "-c", "./tool.sh"], 0x7ff /* 35 vars */) = 0
        10  access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
        10  openat(AT_FDCWD</work>, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
        10  newfstatat(AT_FDCWD</work>, "seen.py", {st_mode=S_IFREG|0644, st_size=3, ...}, 0) = 0
        10  openat(AT_FDCWD</work>, "gone.py", O_RDONLY) = -1 ENOENT (No such file or directory)
        10  openat(AT_FDCWD</work>, "out.json", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4</work/out.json>
        10  openat(AT_FDCWD</work>, "lib", O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY) = 4</home/me/p/lib>
        10  vfork( <unfinished ...>
        11  execve("./tool.sh", ["./tool.sh"], 0x56 /* 35 vars */ <unfinished ...>
        10  <... vfork resumed>)              = 11
        11  <... execve resumed>)             = 0
        11  openat(AT_FDCWD</work>, "a b\\303\\251.csv", O_RDONLY <unfinished ...>
        10  wait4(-1,  <unfinished ...>
        11  <... openat resumed>)             = 3</home/me/p/a b\\303\\251.csv>
        11  chdir("sub")                      = 0
        11  execve("./run", ["./run"], 0x56 /* 1 var */) = 0
        11  openat(AT_FDCWD</work/sub>, "x", O_RDONLY) = 3</home/me/p/x>
        11  openat(AT_FDCWD</work/sub>, "x", O_RDONLY) = 5</home/me/p/x>
        11  open("/home/me/p/y\\"q\\".py", O_RDONLY) = 5</home/me/p/y"q".py>
        11  +++ exited with 0 +++
        """

    @Test func `what was opened for reading or started counts, once`() {
        #expect(
            TracedReads(record).paths == [
                "/usr/bin/sh", "/etc/ld.so.cache", "/work/./tool.sh", "/home/me/p/a bé.csv",
                "/work/sub/./run", "/home/me/p/x", "/home/me/p/y\"q\".py",
            ])
    }

    @Test(arguments: [
        "", "x", "12", "12 ", "12 (", "12 open(", "12 open(\"", "12 <... open resumed>",
        "12 open( = ",
        "12 openat(AT_FDCWD<, \"\\", "12 execve(\"\\777\") = 0", "12 chdir(\"",
        "12 open(O_RDONLY) = 3<",
    ])
    func `a record that breaks off anywhere is read as far as it goes`(line: String) {
        #expect(TracedReads(line).paths.allSatisfy { $0.hasPrefix("/") })
        for end in record.indices { _ = TracedReads(String(record[..<end])) }
    }

    /// A disk with these files; a folder stands where something is in it.
    private struct Disk: TracedDisk {
        let files: [String: Int]
        func stands(_ path: String) -> Bool {
            files[path] != nil || files.keys.contains { $0.hasPrefix(path + "/") }
        }
        func size(_ path: String) -> Int { files[path] ?? 0 }
    }

    private func needs(_ reads: [String], _ sizes: [String: Int] = [:]) -> TracedNeeds {
        let found = reads.map { $0.replacing("/work/", with: "/home/me/p/") }
        let files = Dictionary(found.map { ($0, 10) }) { first, _ in first }
            .merging(sizes) { $1 }
        return TracedNeeds(
            reads, work: "/work", project: "/home/me/p", home: "/home/me", disk: Disk(files: files))
    }

    @Test func `programs, environments and data are told apart, ready to paste`() {
        let needs = needs(
            [
                "/usr/lib/libc.so.6", "/proc/self/maps", "/etc/hosts", "/tmp/x", "/work/train.py",
                "/home/me/p/helper.py", "/home/me/p/.venv/lib/python3.11/site-packages/numpy/x.py",
                "/home/me/p/data/x.csv", "/home/me/p/weights", "/home/me/p/.git/HEAD",
                "/home/me/p/__pycache__/helper.pyc",
                "/home/me/.pyenv/versions/3.11.7/lib/python3.11/os.py", "/home/me/p/store/cas/ab",
            ],
            [
                "/home/me/p/.venv/pyvenv.cfg": 1, "/home/me/p/weights": 2 << 20,
                "/home/me/.pyenv/versions/3.11.7/bin/python3": 1,
                "/home/me/p/store/CACHEDIR.TAG": 1,
            ])
        #expect(
            needs.lines == [
                "params:", "  files: [helper.py, train.py]",
                "  tools: {venv: .venv, prefix: \"~/.pyenv/versions/3.11.7\"}",
                "inputs: {x: \"file:data/x.csv\", weights: \"file:weights\"}",
            ])
        #expect(needs.elsewhere == [])
    }

    @Test
    func
        `many files of a folder are the folder, and names that YAML would misread stand in quotes`()
    {
        let needs = needs(
            ["a", "b", "c", "d/e"].map { "/work/lib/\($0).py" } + ["/work/1.py", "/work/é b.py"]
                + ["/work/data/a.csv", "/work/other/a.csv"])
        #expect(
            needs.lines == [
                "params:", "  files: [\"1.py\", lib/, \"é b.py\"]",
                "inputs: {a: \"file:data/a.csv\", a2: \"file:other/a.csv\"}",
            ])
    }

    @Test func `what is read elsewhere is told, and nothing at all needs nothing`() {
        #expect(
            needs(["/scratch/big.bin", "/opt/x.txt"]).elsewhere == [
                "/scratch/big.bin", "/opt/x.txt",
            ])
        #expect(needs(["/usr/bin/sh"]).lines == [] && needs([]).elsewhere == [])
    }
}
