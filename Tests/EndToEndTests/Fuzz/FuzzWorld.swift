import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Trust

/// A project that has one of everything that Bitlaw reads, made by the real program.
final class FuzzWorld {
    let project = Project()

    init() throws {
        project.write("pipelines/f.yaml", FuzzWorld.experiment)
        project.write("pipelines/f.claims.yaml", FuzzWorld.claims)
        project.write("bitlaw.yaml", FuzzWorld.configuration)
        project.write(
            "points.csv", "n,y,word\n1,0.5,a\n2,0.25,\"b,c\"\n4,1e-3,\"d \"\"e\"\"\"\n8,0.125,\n")
        try SigningKey().write(to: "\(project.path)/own.key")
        for command in [
            "run pipelines/f.yaml", "lock pipelines/f.yaml", "add points.csv",
            "export pipelines/f.yaml --to out",
            "push pipelines/f.yaml --to ./far",
            "audit --unconfined pipelines/f.yaml --sign own.key --attestation mine.json",
            "bundle pipelines/f.yaml --to b.zst",
        ] {
            let outcome = project.bitlaw(command)
            if outcome.code != 0 { throw FuzzError(description: "\(command): \(outcome.error)") }
        }
        project.shell(
            "zstd -dcq b.zst > b.tar; cp -r .cache whole; ls whole/runs | head -1 | sed 's/.json//' > newest"
        )
        project.shell(
            "printf '%s\\n' '\(FuzzWorld.notes)' > 'whole/runs/2026-11-21T09-15-02Z-000001-9-00000000.begun'"
        )
    }

    /// The bytes of a file of the project.
    func bytes(_ name: String) -> [UInt8] { bytesOfFile("\(project.path)/\(name)") ?? [] }

    /// Writes a file of the project.
    func place(_ name: String, _ bytes: [UInt8]) {
        _ = unsafe unlink("\(project.path)/\(name)")
        try? writeWholeFile(bytes, to: "\(project.path)/\(name)", .none)
    }

    /// Every file of the whole store, by its path in it.
    func storeFiles() -> [String] {
        project.shell(
            "(cd whole && find . -type f ! -path './locks/*' | sed 's,^./,,' | LC_ALL=C sort) > files"
        )
        return project.read("files").split(separator: "\n").map(String.init)
    }

    private static let notes =
        #"{"experiment":"f","file":"f.yaml","format":"bitlaw/begun/1","startedAt":"2026-11-21T09:15:02Z"}"#

    private static let experiment = """
        experiment: f
        description: one of each
        seed: 3
        constants: {low: 1, scale: "${2 * 3}"}
        axes:
          n: {from: 1, to: 8, points: 3, scale: log, round: true}
          model: [{name: small, width: 2}, {name: large, width: 4}]
          replicate: {count: 2}
        stages:
          table:
            kind: table.import
            inputs: {file: "file:points.csv"}
            params: {columns: [{name: n}, {name: y}]}
          law:
            kind: law.simulate
            over: [model]
            params:
              form: power-law-with-floor
              parameters: {A: 1, alpha: "${model.width / 8}", E: 0.1}
              inputs: {x: [1, 2, 4, 8, 16, 32]}
          each:
            kind: command
            over: [n, replicate]
            when: n > low and (n < 5 or replicate == 0)
            inputs: {inputs: table}
            params: {run: [sh, -c, "head -n ${n} ${inputs.inputs}; echo ${seed}"]}
            retry: {times: 1, on: [exit 75]}
            limits: {time: 60, memory: 1e9}
          json:
            kind: command
            inputs: {inputs: {stage: each, partial: true}}
            params: {run: [echo, '{"loss": 0.25, "parts": [{"id": "a", "v": 1}]}']}

        """

    private static let claims = """
        experiment: f.yaml
        description: what the paper says
        claims:
          loss: {says: "The loss is a quarter.", from: json, at: loss, value: 0.25, tolerance: 1e-6}
          part: {from: json, at: "parts[id=a].v", scale: 100, value: 100}
          more: {from: table/table, row: {n: 2}, column: y, value: 0.25}

        """

    private static let configuration = """
        remotes:
          far: {path: far}
          web: {url: "http://127.0.0.1:9/x", max-blob: 1GiB}
        trust: any
        keys: {}

        """
}

/// A command that should make a sample, and failed.
struct FuzzError: Error, CustomStringConvertible {
    let description: String
}
