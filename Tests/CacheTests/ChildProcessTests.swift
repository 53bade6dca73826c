import Canon
import Glibc
import System
import TestSupport
import Testing

/// The one way to start a program, to wait for it and to end it.
@Suite struct ChildProcessTests {
    private static let environment = ["PATH=\(variable("PATH") ?? "/usr/bin:/bin")"]

    private static func shell(_ script: String, _ streams: ChildProcess.Streams = .channel) throws
        -> ChildProcess
    {
        try ChildProcess(["sh", "-c", script], environment: environment, streams: streams)
    }

    /// All that comes from a pipe until nobody holds its other end any more.
    private static func rest(_ descriptor: CInt) -> [String] {
        var receiver = LineReceiver(descriptor)
        var all: [String] = []
        while let lines = receiver.receive() {
            all += lines.map { String(decoding: $0, as: UTF8.self) }
        }
        return all
    }

    /// Three programs below one: of its group, of a session of its own, and the child of such a one.
    private static let tree = """
        sh -c 'echo up; sleep 3; echo survived' &
        setsid sh -c 'echo up; sleep 3; echo survived' &
        setsid sh -c 'sh -c "echo up; sleep 3; echo survived"; true' &
        wait
        """

    /// Reads until all three are up.
    private static func awaitTree(_ descriptor: CInt) {
        var receiver = LineReceiver(descriptor)
        var up = 0
        while up < 3, let lines = receiver.receive() { up += lines.count }
    }

    @Test func `the end of a program ends all that it started, in other groups and sessions too`()
        throws
    {
        let process = try ChildProcessTests.shell(ChildProcessTests.tree)
        ChildProcessTests.awaitTree(process.channel)
        process.end()
        #expect(process.wait() == -SIGKILL)
        // The end of the pipe comes once none of them lives.
        #expect(ChildProcessTests.rest(process.channel) == [])
    }

    @Test func `a program that nobody waited for ends with the value that stands for it`() throws {
        var process: ChildProcess? = try ChildProcessTests.shell(ChildProcessTests.tree)
        let output = dup(process?.channel ?? -1)
        defer { close(output) }
        let id = try #require(process?.id)
        ChildProcessTests.awaitTree(output)
        process = nil
        #expect(ChildProcessTests.rest(output) == [])
        // It is reaped: no zombie has its number.
        #expect(kill(id, 0) != 0 && errno == ESRCH)
    }

    /// The kernel takes 32 pages a word (execve(2)); no value is told, for it may be a secret.
    @Test
    func
        `a variable that is too long for a program is told by its name, and a word by its beginning`()
    {
        let long = String(repeating: "sesame", count: 1 << 18)
        let variables = ChildProcessTests.environment + ["TOKEN=\(long)", "OTHER=x"]
        let error = #expect(throws: OperationalError.self) {
            _ = try ChildProcess(["true"], environment: variables, streams: .log)
        }
        let most = 32 * Int(getpagesize()) - 1
        #expect(
            error?.message.hasSuffix(
                "cannot start: expected words and variables of at most \(most) bytes, found the variable "
                    + "`TOKEN` of \(6 * (1 << 18) + 6)") == true, "\(error?.message ?? "")")
        #expect(error?.description.contains("sesame") == false)
        let word = #expect(throws: OperationalError.self) {
            _ = try ChildProcess(
                ["true", long], environment: ChildProcessTests.environment, streams: .log)
        }
        #expect(word?.message.contains("found the word `sesame") == true)
        #expect((word?.message.utf8.count ?? 0) < 300)
        let many = (0..<200).map { "MANY\($0)=" + String(repeating: "x", count: 60_000 + $0) }
        let sum = #expect(throws: OperationalError.self) {
            _ = try ChildProcess(
                ["true"], environment: ChildProcessTests.environment + many, streams: .log)
        }
        #expect(
            sum?.message.contains("the longest is the variable `MANY199` of 60207") == true,
            "\(sum?.message ?? "")")
    }

    @Test(arguments: [
        ("#!/nowhere/sh\n", "No such file or directory", "install what its first line names"),
        (
            "\u{1}\u{2}\u{3}\u{4}\n", "Exec format error",
            "let it begin with a line such as #!/bin/sh"
        ),
    ])
    func `a program that cannot begin is told as such, and not as an exit code`(
        text: String, reason: String, fix: String
    ) throws {
        let folder = TemporaryFolder()
        folder.write("program", text)
        #expect(folder.run("chmod +x program") == 0)
        let error = #expect(throws: OperationalError.self) {
            _ = try ChildProcess(
                ["\(folder.path)/program"], environment: ChildProcessTests.environment,
                streams: .log)
        }
        #expect(error?.message == "\(folder.path)/program: cannot start: \(reason)")
        #expect(error?.description.contains(fix) == true)
    }

    @Test(arguments: [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", -9), ("kill $$", -15)])
    func `the end is the exit code, or minus the signal, however often it is asked for`(
        script: String, expected: Int
    ) throws {
        let process = try ChildProcessTests.shell(script, .log)
        #expect(process.wait() == CInt(expected))
        #expect(process.wait() == CInt(expected))
        #expect(process.poll() == CInt(expected))
        // Its number may be another's by now: nothing is sent there.
        process.end()
    }

    @Test func `a program is asked in lines and answers in lines`() throws {
        let process = try ChildProcessTests.shell("read line; echo \"<$line>\"")
        #expect(process.poll() == nil)
        #expect(writeLine(["a": 1], to: process.channel))
        #expect(ChildProcessTests.rest(process.channel) == [#"<{"a":1}>"#])
        #expect(process.wait() == 0)
    }

    @Test func `a program without pipes reads nothing, and writes into the file that was named`()
        throws
    {
        let folder = TemporaryFolder()
        folder.write("out", [UInt8](repeating: 65, count: 1000))
        let process = try ChildProcess(
            ["sh", "-c", "cat; pwd"], environment: ChildProcessTests.environment, folder: "/usr",
            streams: .file("\(folder.path)/out"))
        #expect(process.wait() == 0)
        #expect(folder.read("out") == Array("/usr\n".utf8))
    }

    @Test func `a program that is not there is named, with a way out`() {
        for name in ["no-such-program-anywhere", "/no/such/program"] {
            let error = #expect(throws: OperationalError.self) {
                try ChildProcess([name], environment: [], streams: .log)
            }
            #expect(
                error?.description
                    == "\(name): no such program; expected a name on PATH or a path\n"
                    + "  fix: install it, or correct the name")
        }
    }

    @Test func `many programs leave neither a descriptor nor a zombie`() throws {
        func open() throws -> Int { try namesInFolder("/proc/self/fd").count }
        _ = try ChildProcessTests.shell("exit 0").wait()
        let before = try (0..<5).map { _ in try open() }.max() ?? 0
        for _ in 0..<100 { _ = try? ChildProcess(["/usr"], environment: [], streams: .channel) }
        for _ in 0..<50 { #expect(try ChildProcessTests.shell("exit 3").wait() == 3) }
        // Other tests of this process open files too: 150 leaks of two descriptors would be 300.
        #expect(try open() < before + 150)
    }
}
