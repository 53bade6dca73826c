import Canon
import Run
import System
import TestSupport
import Testing

/// What running actions may use of the machine together.
@Suite struct ResourceTests {
    /// A program whose key differs by a text.
    private static func program(_ text: String) -> String {
        "params: {run: [sh, -c, \"sleep 0.05; echo \(text)\"]}"
    }

    /// The same, which notes in a file when it begins (+) and ends (-): the end of an action is told once
    /// its result is on the disk.
    private static func noting(_ text: String, in file: String) -> String {
        let (begin, end) = ("echo +\(text) >> '\(file)'", "echo -\(text) >> '\(file)'")
        return "params: {run: [sh, -c, \"\(begin); sleep 0.05; echo \(text); \(end)\"]}"
    }

    /// A file of notes, as a list of them.
    private static func notes(_ file: TemporaryFolder) -> [String] {
        file.text("notes").split(separator: "\n").map(String.init)
    }

    /// The names of actions as they begin (+) and end (-), from the lines of `--json`.
    private static func steps(_ output: String) throws -> [String] {
        try output.split(separator: "\n").compactMap { line in
            let json = try JSON(parsing: Array(line.utf8))
            guard let name = json["action"]?.text else { return nil }
            switch json["event"]?.text {
            case "running": return "+\(name)"
            case "finished": return "-\(name)"
            default: return nil
            }
        }
    }

    @Test func `actions that run at once never have more processors than there are jobs`() throws {
        let folder = TemporaryFolder()
        let file = "\(folder.path)/notes"
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      small: {kind: command, over: [i], \(Self.noting("small ${i}", in: file))}
                      large: {kind: command, over: [i], limits: {cpus: 3}, \(Self.noting("large ${i}", in: file))}
                    """))
        world.project.write(
            "pipelines/p.yaml",
            world.project.read("pipelines/p.yaml").replacing(
                "stages:", with: "axes: {i: {count: 5}}\nstages:"))
        let outcome = world.bitlaw("run pipelines/p.yaml -j4 --json")
        #expect(outcome.code == 0, "\(outcome.error)")
        var (used, most) = (0, 0)
        for step in Self.notes(folder) {
            let cpus = step.contains("large") ? 3 : 1
            used += step.hasPrefix("+") ? cpus : -cpus
            most = max(most, used)
        }
        #expect(used == 0)
        #expect(most <= 4 && most > 1)
    }

    @Test
    func `what does not fit keeps its place, so that small actions do not starve a large one`()
        throws
    {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      first: {kind: command, over: [i], \(Self.program("first ${i}"))}
                      large: {kind: command, limits: {cpus: 2}, \(Self.program("large"))}
                      later: {kind: command, over: [i], \(Self.program("later ${i}"))}
                    """))
        world.project.write(
            "pipelines/p.yaml",
            world.project.read("pipelines/p.yaml").replacing(
                "stages:", with: "axes: {i: {count: 2}}\nstages:"))
        let outcome = world.bitlaw("run pipelines/p.yaml -j2 --json")
        #expect(outcome.code == 0, "\(outcome.error)")
        let begun = try Self.steps(outcome.output).filter { $0.hasPrefix("+") }
        #expect(begun.count == 5)
        #expect(begun[2] == "+large", "\(begun)")
    }

    @Test func `memory limits of what runs at once stay below the memory of the machine`() throws {
        // Each may have more than half of any machine's memory: one at a time.
        let bytes = MachineSize.here(for: EnvironmentVariables()).memory / 10 * 6
        let folder = TemporaryFolder()
        let file = "\(folder.path)/notes"
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      a: {kind: command, limits: {memory: \(bytes)}, \(Self.noting("a", in: file))}
                      b: {kind: command, limits: {memory: \(bytes)}, \(Self.noting("b", in: file))}
                    """))
        let outcome = world.bitlaw("run pipelines/p.yaml -j2 --json")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(Self.notes(folder) == ["+a", "-a", "+b", "-b"])
    }

    @Test(arguments: [
        (
            "cpus: 3",
            """
            error: stage `a` needs 3 processors (`limits: {cpus: 3}`), and this run has 2
              fix: bitlaw run with -j 3, or lower `cpus`
            """
        ),
        (
            "gpus: 64",
            """
            error: stage `a` needs 64 GPUs (`limits: {gpus: 64}`), and you may use 0 of this machine
              fix: run it where there are enough; what was made there is used here (bitlaw pull)
            """
        ),
        (
            "memory: 8000TiB",
            "error: stage `a` needs 8796 TB of memory (`limits: {memory: …}`), and this machine has "
        ),
    ])
    func `what the machine can never give ends the run before anything begins`(
        limit: String, message: String
    ) throws {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      good: {kind: command, \(Self.program("good"))}
                      a: {kind: command, limits: {\(limit)}, \(Self.program("a"))}
                    """))
        let run = { world.project.bitlaw($0, environment: "CUDA_VISIBLE_DEVICES=") }
        let outcome = run("run pipelines/p.yaml -j2")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains(message), "\(outcome.error)")
        #expect(world.results == 0)
        // Another part of the experiment can be run all the same.
        #expect(run("run pipelines/p.yaml -j2 good").code == 0)
        #expect(run("plan pipelines/p.yaml").code == 0)
        // A result that is there is used, wherever it was made.
        let file = world.project.read("pipelines/p.yaml")
        world.project.write("pipelines/p.yaml", file.replacing(limit, with: "cpus: 1"))
        #expect(run("run pipelines/p.yaml -j2").code == 0)
        world.project.write("pipelines/p.yaml", file)
        #expect(run("run pipelines/p.yaml -j2").output.hasPrefix("0 ran, 2 cached in "))
    }
}
