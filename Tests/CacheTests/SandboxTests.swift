import Glibc
import System
import TestSupport
import Testing

/// What a confined program sees, and how its tools are found.
@Suite struct SandboxTests {
    private static let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])

    /// Runs a script in a sandbox.
    ///
    /// - Returns: what it printed and its exit code; `nil`, and says so, where there can be no sandbox.
    private static func run(
        _ script: String, _ folder: TemporaryFolder, network: Bool = false,
        more: [SandboxMount] = [], settings: SettingsCopy? = nil
    ) throws -> String? {
        guard case .works(let path) = SandboxTrial.run(person) else {
            skip("no bubblewrap works here, so confinement was not tried")
            return nil
        }
        let sandbox = Sandbox(
            mounts: [SandboxMount(folder.path, at: "/work", isWritable: true)] + more,
            variables: ["PATH=/usr/bin:/bin", "A=b=c", "EMPTY="], folder: "/work",
            hasNetwork: network, settings: settings)
        let words = sandbox.words(for: ["sh", "-c", script], bubblewrap: path)
        let child = try ChildProcess(
            words, environment: [], streams: .file("\(folder.path)/printed"))
        let status = child.wait()
        return "\(folder.text("printed"))\(status)"
    }

    @Test func `a sandbox shows the system, the folders that it is given, and nothing else`() throws
    {
        let folder = TemporaryFolder()
        folder.run("mkdir secret; echo 1 > secret/key")
        let script = """
            echo *; echo /*; id -u; hostname; echo "$A|$EMPTY|$HOME"; env | sort | cut -d= -f1 | tr '\\n' ' '; echo
            ls '\(folder.path)' /root /home /work/../etc/shadow 2>/dev/null
            ls /proc | grep -c '^[0-9]'; ls /sys/class/net 2>/dev/null; cut -d: -f1 /proc/net/dev | tail -n +3
            touch /usr/x 2>/dev/null || echo read-only; touch y && echo written
            """
        guard let printed = try Self.run(script, folder) else { return }
        let lines = printed.split(separator: "\n").map(String.init)
        #expect(lines[0] == "printed secret")
        let top = Set(lines[1].split(separator: " ").map(String.init))
        #expect(
            top.isSubset(of: [
                "/bin", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin",
                "/usr", "/work",
            ]), "\(lines[1])")
        #expect(lines[2...4] == ["1000", "bitlaw", "b=c||"])
        #expect(lines[5].split(separator: " ") == ["A", "EMPTY", "PATH", "PWD"])
        // Itself, its init, and what counts them: nobody else's.
        #expect((Int(lines[6]) ?? 99) <= 6, "\(printed)")
        #expect(
            lines[7...].map { $0.trimmed } == ["lo", "read-only", "written", "0"], "\(printed)")
        #expect(folder.run("test -e y && test ! -e /usr/x") == 0)
    }

    @Test func `a folder that is shown read-only cannot be changed, nor what is mounted in it`()
        throws
    {
        let folder = TemporaryFolder()
        folder.run("mkdir data; echo kept > data/a; echo kept > b")
        let mounts = [
            SandboxMount("\(folder.path)/data", at: "/in/data"),
            SandboxMount("\(folder.path)/b", at: "/in/b"),
        ]
        let script = """
            cat /in/data/a /in/b; (echo x > /in/data/a || echo x >> /in/b || rm /in/b || mv /in/data /in/c \
            || chmod 777 /in/b || mount -o remount,rw /in/b) 2>/dev/null; ls /in
            """
        guard let printed = try Self.run(script, folder, more: mounts) else { return }
        #expect(printed == "kept\nkept\nb\ndata\n0")
        #expect(folder.text("b") == "kept\n" && folder.text("data/a") == "kept\n")
    }

    @Test func `a program with a network sees this machine's devices, one without sees none`()
        throws
    {
        let folder = TemporaryFolder()
        let script = "tail -n +3 /proc/net/dev | wc -l; ls /etc | grep -c '^resolv.conf$'"
        guard let alone = try Self.run(script, folder) else { return }
        #expect(alone == "1\n0\n1")
        folder.run("tail -n +3 /proc/net/dev | wc -l > devices")
        let connected = try Self.run(script, folder, network: true)
        #expect(connected?.hasPrefix(folder.text("devices")) == true)
    }

    @Test func `settings are the same whether they are copied or mounted one by one`() throws {
        let (folder, shared) = (TemporaryFolder(), TemporaryFolder())
        let script = """
            cd /etc; find . ! -type d | LC_ALL=C sort
            find . -type f -readable -exec sha256sum {} + | LC_ALL=C sort; find . -type l -exec readlink {} + | LC_ALL=C sort
            touch ld.so.conf fonts/x new 2>/dev/null && echo written; grep -c ' /etc' /proc/self/mounts
            """
        guard let mounted = try Self.run(script, folder) else { return }
        let copy = try SettingsCopy.once(in: shared.path)
        let copied = try Self.run(script, folder, settings: copy)
        func lines(_ text: String?) -> [Substring] {
            (text ?? "").split(separator: "\n").dropLast(2)
        }
        #expect(lines(copied) == lines(mounted) && lines(mounted).count > 3)
        #expect(!mounted.contains("written") && copied?.contains("written") == false)
        // It is made once a process.
        shared.run("rm -rf \(copy.path)")
        #expect(try SettingsCopy.once(in: shared.path).path == copy.path)
    }

    @Test func `all that a confined program started ends with it`() throws {
        let folder = TemporaryFolder()
        folder.run("mkfifo pipe")
        let reader = unsafe open("\(folder.path)/pipe", O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let late = "exec 9>pipe; echo up > up; sleep 3; echo late >&9"
        let script = "setsid sh -c '\(late)' & until test -e up; do :; done; exit 3"
        guard let printed = try Self.run(script, folder) else { return }
        #expect(printed == "3")
        // Reads until nobody holds the other end.
        _ = fcntl(reader, F_SETFL, 0)
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(unsafe read(reader, &bytes, 16) == 0)
    }

    @Test func `where bubblewrap is missing, or cannot work, the trial says why and what to do`() {
        let folder = TemporaryFolder()
        #expect(
            SandboxTrial.run(EnvironmentVariables(words: ["PATH=/nowhere"]))
                == .fails(
                    reason: "bubblewrap (bwrap) is not on PATH",
                    remedy: "install it: apt-get install bubblewrap, dnf install bubblewrap"))
        folder.write(
            "bwrap", "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
        )
        folder.run("chmod +x bwrap")
        let words = ["PATH=\(folder.path):/usr/bin:/bin"]
        guard
            case .fails(let reason, let remedy) = SandboxTrial.run(
                EnvironmentVariables(words: words))
        else {
            Issue.record("a trial that failed was taken for one that works")
            return
        }
        #expect(reason == "bwrap: No permissions to create new namespace")
        #expect(remedy.hasPrefix("let the kernel make user namespaces"))
    }
}

/// How tools outside the system are found.
@Suite struct ToolFolderTests {
    private static func tools(
        _ words: [String], _ folder: TemporaryFolder, path: String, hidden: [String] = []
    ) -> ToolFolders {
        ToolFolders(
            for: words,
            person: EnvironmentVariables(words: ["PATH=\(path)", "HOME=\(folder.path)/home"]),
            hidden: hidden)
    }

    /// A file that can be executed.
    private static func program(
        _ path: String, _ folder: TemporaryFolder, _ text: String = "#!/bin/sh\n"
    ) {
        folder.run("mkdir -p \"$(dirname '\(path)')\"")
        folder.write(path, text)
        folder.run("chmod +x '\(path)'")
    }

    @Test func `a program of the system needs nothing, and its PATH is the system's`() {
        let folder = TemporaryFolder()
        folder.run("mkdir -p home/bin")
        let tools = Self.tools(
            ["sh", "-c", "sort x"], folder, path: "\(folder.path)/home/bin:/usr/bin:/bin")
        #expect(tools.shown == [])
        #expect(tools.path == "/usr/bin:/bin:/usr/local/bin")
    }

    @Test func `an interpreter is shown with the folder that it was installed in`() {
        let folder = TemporaryFolder()
        folder.run("mkdir -p tools/r/lib")
        Self.program("tools/r/bin/Rscript", folder)
        let path = "\(folder.path)/tools/r/bin:/usr/bin:/bin"
        let tools = Self.tools(["Rscript", "fit.R"], folder, path: path)
        #expect(tools.shown == ["\(folder.path)/tools/r"])
        #expect(tools.path == path + ":/usr/local/bin")
        // In a script too, and only where its name stands.
        #expect(
            Self.tools(["sh", "-c", "x=1 Rscript {0}|sort"], folder, path: path).shown
                == ["\(folder.path)/tools/r"])
        #expect(Self.tools(["sh", "-c", "sort"], folder, path: path).shown == [])
    }

    @Test func `a word that names no program shows nothing: no folder, no file elsewhere`() {
        let folder = TemporaryFolder()
        Self.program("data/table.csv", folder)
        folder.run("mkdir -p data/bin/python3")
        let words = [
            "sh", "-c", "ls . .. / /tmp /proc \(folder.path)/data/table.csv", "/tmp", "..",
            "\(folder.path)/data/table.csv", "\(folder.path)/data/bin/python3", "python3",
        ]
        let tools = Self.tools(words, folder, path: "\(folder.path)/data/bin:/usr/bin:/bin")
        #expect(tools.shown == [])
    }

    @Test func `a virtual environment is shown with the interpreter that it was made from`() {
        let folder = TemporaryFolder()
        folder.run("mkdir -p base/lib venv/lib venv/bin")
        Self.program("base/bin/python3", folder)
        folder.run("ln -s ../../base/bin/python3 venv/bin/python3")
        folder.write("venv/pyvenv.cfg", "home = \(folder.path)/base/bin\nversion = 3.11\n")
        let tools = Self.tools(
            ["python3", "x.py"], folder, path: "\(folder.path)/venv/bin:/usr/bin")
        #expect(tools.shown == ["\(folder.path)/venv", "\(folder.path)/base"])
        #expect(tools.path.hasPrefix("\(folder.path)/venv/bin:/usr/bin"))
    }

    @Test func `a shim of pyenv is followed to the program that it starts`() {
        let folder = TemporaryFolder()
        folder.run("mkdir -p pyenv/versions/3/lib")
        Self.program("pyenv/shims/python3", folder)
        Self.program("pyenv/versions/3/bin/python3", folder)
        Self.program(
            "pyenv/bin/pyenv", folder,
            "#!/bin/sh\ntest \"$1 $2\" = 'which python3' && echo \"$PYENV_ROOT/versions/3/bin/python3\"\n"
        )
        let tools = Self.tools(
            ["python3"], folder, path: "\(folder.path)/pyenv/shims:/usr/bin:/bin")
        #expect(tools.shown == ["\(folder.path)/pyenv/versions/3"])
        #expect(tools.path.hasPrefix("\(folder.path)/pyenv/versions/3/bin:/usr/bin"))
    }

    @Test func `a home folder, and a folder that holds the store, are never shown whole`() {
        let folder = TemporaryFolder()
        folder.run("mkdir -p home/lib home/.local/lib home/.local/share work/lib work/store")
        for place in ["home/bin/tool", "home/.local/bin/other", "work/bin/third"] {
            Self.program(place, folder)
        }
        let path = ["home/bin", "home/.local/bin", "work/bin"].map { "\(folder.path)/\($0)" }
            .joined(separator: ":")
        let tools = Self.tools(
            ["tool", "other", "third"], folder, path: path, hidden: ["\(folder.path)/work/store"])
        #expect(
            tools.shown
                == [
                    "home/bin/tool", "home/.local/bin", "home/.local/lib", "work/bin/third",
                ].map { "\(folder.path)/\($0)" })
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
