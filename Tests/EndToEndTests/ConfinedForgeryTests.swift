import Canon
import LocalStore
import System
import TestSupport
import Testing
import Trust

/// The forgeries of ``ForgeryTests``, by programs that are confined: each finds nothing to forge with.
@Suite(.serialized) struct ConfinedForgeryTests {
    private static let forged = Digest(of: Array("FORGED\n".utf8).span)

    /// A program between neighbours of its own kind and of ours, which read it or stand beside it.
    ///
    /// What it does before its honest work is in its words: a confined program sees no script of the project.
    private static func project(_ forger: String) -> Project? {
        let project = Project()
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        guard case .works = SandboxTrial.run(person) else {
            skip("no bubblewrap works here, so forgeries of confined programs were not tried")
            return nil
        }
        let lines = (forger + "\nprintf 'x,y\\n1,1.1\\n2,0.8\\n'").split(separator: "\n")
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            stages:
              prep:
                kind: command
                params:
                  run:
                    - sh
                    - -c
                    - |
            \(lines.map { "          " + $0 }.joined(separator: "\n"))
              own:
                kind: law.simulate
                params:
                  form: power-law-with-floor
                  parameters: {A: 1, alpha: 0.5, E: 0.1}
                  inputs: {x: [1, 2, 4, 8, 16, 32]}
              other: {kind: command, params: {run: [echo, other]}}
              fit: {kind: table.import, inputs: {file: prep}, params: {columns: [{name: y}]}}

            """)
        project.shell("mkdir reader")
        return project
    }

    private static func confined(_ project: Project, _ arguments: String) -> Project.Outcome {
        project.bitlaw(arguments, environment: "BITLAW_CONFIG='\(project.path)/reader'")
    }

    /// The outputs of all actions of a project whose program does its honest work alone.
    private static func honest() throws -> String? {
        guard let project = project(":") else { return nil }
        #expect(confined(project, "run pipelines/a.yaml -q").code == 0)
        return try outputs(project)
    }

    private static func outputs(_ project: Project) throws -> String {
        try project.digests().split(separator: "\n").map { line in
            // The key of the program is another; names and outputs are not.
            line.split(separator: " ").enumerated().filter { $0.offset != 1 }.map { $0.element }
                .joined(separator: " ")
        }.joined(separator: "\n")
    }

    /// Answers for a worker: a line into each descriptor of each process that can be seen.
    private static let answer = """
        line='{"done":[["out","\(forged.hex)",7]],"log":null,"seconds":1}'
        for place in /proc/[0-9]*/fd/* /proc/self/fd/*; do
          case "$(readlink "$place")" in socket:*) echo "$line" > "$place" ;; esac
        done 2>/dev/null
        """

    /// The same through a copy of the descriptor, as a debugger takes it.
    private static let grasp = """
        python3 - <<'END' 2>/dev/null || true
        import ctypes, os
        line = b'{"done":[["out","\(forged.hex)",7]],"log":null,"seconds":1}\\n'
        call = ctypes.CDLL(None, use_errno=True).syscall
        for process in (int(name) for name in os.listdir("/proc") if name.isdigit()):
            handle = call(434, process, 0)
            for number in range(256):
                copy = call(438, handle, number, 0)
                try:
                    if copy >= 0 and os.readlink(f"/proc/self/fd/{copy}").startswith("socket"):
                        os.write(copy, line)
                except OSError: pass
        END
        """

    @Test(arguments: [answer, grasp], ["-j 1", "-j 4"])
    func `a confined program answers for no worker, and its neighbours are what they are`(
        forger: String, jobs: String
    ) throws {
        guard let honest = try Self.honest(), let project = Self.project(forger) else { return }
        let run = Self.confined(project, "run pipelines/a.yaml \(jobs)")
        #expect(run.code == 0, "\(run.error)")
        #expect(try Self.outputs(project) == honest)
        #expect(!(try project.digests()).contains(Self.forged.hex))
        // And the run after it finds the same.
        #expect(Self.confined(project, "run pipelines/a.yaml").output.hasPrefix("0 ran, 4 cached"))
        #expect(try Self.outputs(project) == honest)
    }

    /// Puts a result and a blob wherever a store may be.
    private static func plant(_ folder: String) -> String {
        """
        for store in '\(folder)/kept/store' '\(folder)/kept/store-2' '\(folder)/.cache' ../../.. / /work /in; do
          mkdir -p "$store/actions/ab" "$store/cas/ab" && echo '{}' \
            > "$store/actions/ab/\(String(repeating: "c", count: 62)).json"
        done 2>/dev/null
        """
    }

    @Test(arguments: ["", "--each-alone", "-j 1"])
    func `a confined program plants nothing in the store of an audit, which is certified`(
        options: String
    ) throws {
        guard let project = Self.project(":") else { return }
        // Its words name the folders of this very project.
        let text = project.read("pipelines/a.yaml")
        let lines = Self.plant(project.path).split(separator: "\n").map { "          " + $0 }
        project.write(
            "pipelines/a.yaml",
            text.replacing("          :\n", with: lines.joined(separator: "\n") + "\n"))
        #expect(Self.confined(project, "run pipelines/a.yaml -q").code == 0)
        try SigningKey().write(to: "\(project.path)/rev.key")
        let audit = Self.confined(
            project,
            "audit pipelines/a.yaml \(options) --scratch kept --sign rev.key --attestation rev.json"
        )
        #expect(audit.code == 0, "\(audit.output)\(audit.error)")
        #expect(audit.output == "4 actions made again: every output bit-identical\n")
        #expect(project.shell("test -s rev.json") == 0)
        #expect(project.shell("find . -name 'cccc*' | grep -q .") != 0)
        // The same program without confinement does plant, and is found.
        project.shell("rm -rf kept rev.json")
        let loose = project.bitlaw(
            "audit --unconfined pipelines/a.yaml --scratch kept --sign rev.key --attestation rev.json"
        )
        #expect(loose.code == 4, "\(loose.output)")
        #expect(
            loose.output.contains("planted: key abcccccccccc (unknown kind): "), "\(loose.output)")
        #expect(project.shell("test ! -e rev.json") == 0)
    }
}
