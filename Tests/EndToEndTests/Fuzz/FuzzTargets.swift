import BitlawProgram
import Canon
import Evidence
import Experiment
import LocalStore
import Remotes
import Run
import System
import Trust
import Workbench

/// Every format that is tried.
enum FuzzTargets {
    /// The formats, with samples that the real program wrote.
    static func all(_ world: FuzzWorld, _ server: FuzzServer) -> [FuzzTarget] {
        texts(world) + documents(world) + tables(world) + answers(server) + archives(world)
            + storeFiles(world)
    }

    private static func target(
        _ name: String, _ world: FuzzWorld, _ file: String, _ commands: [String],
        read: @escaping ([UInt8]) throws -> Void
    ) -> FuzzTarget {
        FuzzTarget(
            name: name, samples: [world.bytes(file)], read: read, file: file, commands: commands)
    }

    // MARK: What people write

    private static func texts(_ world: FuzzWorld) -> [FuzzTarget] {
        let kinds = shippedKinds()
        let folder = world.project.path
        let person = EnvironmentVariables(words: [
            "HOME=\(folder)", "BITLAW_CONFIG=\(folder)/config",
        ])
        let graph = try? ExperimentLoader.load(path: "\(folder)/pipelines/f.yaml", registry: kinds)
        return [
            target(
                "experiment", world, "pipelines/f.yaml",
                ["plan F", "run F -q -j 2", "graph F", "why F", "schema"].map {
                    $0.replacing("F", with: "pipelines/f.yaml")
                }
            ) {
                _ = try ExperimentLoader.load(
                    bytes: $0, path: "\(folder)/pipelines/f.yaml", project: folder, registry: kinds)
            },
            target(
                "claims", world, "pipelines/f.claims.yaml",
                ["claims check pipelines/f.claims.yaml", "claims export pipelines/f.claims.yaml"]
            ) {
                world.place("pipelines/f.claims.yaml", $0)
                _ = try ClaimsFile.load(path: "\(folder)/pipelines/f.claims.yaml")
            },
            target("configuration", world, "bitlaw.yaml", ["doctor", "status pipelines/f.yaml"]) {
                world.place("bitlaw.yaml", $0)
                _ = try ProjectConfiguration.load(project: folder, for: person)
            },
            target(
                "lock", world, "pipelines/f.yaml.lock",
                ["diff pipelines/f.yaml pipelines/f.yaml.lock", "run pipelines/f.yaml --locked -q"]
            ) { _ = try ResultList(lock: $0, path: "f.yaml.lock") },
            FuzzTarget(
                name: "words",
                samples: [
                    "law[model=small]", "each[n>=2,replicate=0]", "parts[id=a].v", "/parts/0/v",
                    "json", "1.5GiB", "5%",
                ].map { Array($0.utf8) },
                read: { bytes in
                    let text = String(decoding: bytes, as: UTF8.self)
                    _ = JSONPath(text)?.text
                    _ = (ByteCount.read(text), Percentage.read(text), SampleSize(text))
                    if let graph { _ = try Targets([text]).actions(in: graph) }
                }, file: "words", commands: ["plan pipelines/f.yaml \"$(head -c 99999 words)\""]),
        ]
    }

    // MARK: What programs write for each other

    private static func documents(_ world: FuzzWorld) -> [FuzzTarget] {
        let key = Digest(of: [UInt8]("key".utf8).span)
        let envelope = world.bytes("mine.json")
        let attested = try? DSSEEnvelope(parsing: envelope, origin: "mine.json")
        let known = (attested?.payload).flatMap { try? JSON(parsing: $0) } ?? .null
        return [
            target(
                "signed audit", world, "mine.json", ["audit --merge mine.json --key own.key.pub"]
            ) { bytes in
                let envelope = try DSSEEnvelope(parsing: bytes, origin: "x")
                _ = try Attestation(try Statement(in: envelope, origin: "x"), origin: "x")
            },
            FuzzTarget(
                name: "statement", samples: [attested?.payload ?? [], Array(known.pretty().utf8)],
                read: { bytes in
                    let envelope = DSSEEnvelope(
                        payloadType: "application/vnd.in-toto+json", payload: bytes)
                    _ = try Attestation(try Statement(in: envelope, origin: "x"), origin: "x")
                }, file: "statement", commands: []),
            FuzzTarget(
                name: "key document", samples: [Array(known.canonicalText.utf8)],
                read: { _ = KeyFields.differences(known, try JSON(parsing: $0)) }, file: "document",
                commands: []),
            FuzzTarget(
                name: "keys", samples: [world.bytes("own.key")],
                read: {
                    let text = String(decoding: $0, as: UTF8.self)
                    _ = try? SigningKey(text: text, origin: "x")
                    _ = try VerifyingKey(text: text, origin: "x")
                }, file: "own.key",
                commands: [
                    "keys trust x own.key",
                    "audit --unconfined pipelines/f.yaml law --sign own.key --attestation y.json",
                ]),
            FuzzTarget(
                name: "entry of a server",
                samples: [
                    RemoteEntry(
                        SignedResult(
                            ActionResult(
                                key: key, kind: "command", version: 2,
                                outputs: [ActionResult.Output(name: "out", digest: key, size: 3)],
                                log: key,
                                seconds: 0.5, madeAt: "2026-11-21T09:15:02Z"))
                    ).bytes
                ], read: { _ = try RemoteEntry(parsing: $0, key: key).bytes }, file: "entry",
                commands: []),
        ]
    }

    // MARK: What stages write

    private static func tables(_ world: FuzzWorld) -> [FuzzTarget] {
        let csv = world.bytes("points.csv")
        let array = NumpyArray(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, .nan]).bytes()
        let weights = Safetensors(
            tensors: [
                "w": .init(shape: [2, 2], elements: [1, 2, 3, 4]),
                "b": .init(shape: [2], elements: [0, 1]),
            ],
            metadata: ["step": "3"]
        ).bytes()
        let json = [UInt8](#"{"loss":0.25,"parts":[{"id":"a","v":1}],"text":"é"}"#.utf8)
        let picture = [UInt8](
            (#"<svg xmlns="http://www.w3.org/2000/svg" width="9"><style>.a{fill:red}</style>"#
                + ##"<g id="a"><path d="M0 0"/><use href="#a"/></g><text>&amp;é</text></svg>"##)
                .utf8)
        func output(_ name: String, _ bytes: [UInt8], _ read: @escaping ([UInt8]) throws -> Void)
            -> FuzzTarget
        {
            FuzzTarget(
                name: name, samples: [bytes],
                read: {
                    _ = StandardFormats().compare(
                        bytes, $0, fileName: "x.\(name)",
                        tolerance: Tolerance(relative: 1e-3, absolute: 0))
                    try read($0)
                }, file: "points.csv",
                commands: ["run pipelines/f.yaml table -q", "show pipelines/f.yaml table"])
        }
        return [
            output("csv", csv) { _ = try Table(csv: $0) },
            output("npy", array) { _ = try NumpyArray($0) },
            output("safetensors", weights) { _ = try Safetensors($0) },
            output("json", json) {
                _ = try JSONPath("parts[id=a].v")?.value(in: try JSON(parsing: $0))
            },
            output("svg", picture) { _ = CleanPicture(String(decoding: $0, as: UTF8.self)).remark },
            output("txt", Array("loss 0.25 at 1e-3\nend\n".utf8)) { _ in },
        ]
    }

    private static func answers(_ server: FuzzServer) -> [FuzzTarget] {
        let key = Digest(of: [UInt8]("key".utf8).span)
        let settings = HTTPSettings(patience: 2, retries: 0, backoff: 0)
        let bodies = [
            "[\"\(key.hex)\"]", "<a href=\"\(key.hex)\">\(key.hex)</a>\r\n<a href=\"../\">..</a>",
            "",
        ]
        let heads = [
            "HTTP/1.1 200 OK\r\nContent-Length: LENGTH\r\nContent-Type: text/html\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Length: LENGTH\r\n\r\n",
            "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: LENGTH\r\n\r\n",
            "HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-9/LENGTH\r\nContent-Length: LENGTH\r\n\r\n",
        ]
        let samples = heads.flatMap { head in
            bodies.map { Array((head.replacing("LENGTH", with: "\($0.utf8.count)") + $0).utf8) }
        }
        return [
            FuzzTarget(
                name: "http", samples: samples,
                read: { bytes in
                    server.say(bytes)
                    let remote = try HTTPRemote(
                        name: "x", url: "http://127.0.0.1:\(server.port)", settings: settings)
                    try? remote.entries([key]) { _, _ in }
                    _ = try? remote.absent([WantedBlob(key, size: 3)])
                    _ = try? remote.tag("t")
                    _ = try remote.keys(of: "command", signers: [])
                }, file: "answer", commands: [])
        ]
    }

    private static func archives(_ world: FuzzWorld) -> [FuzzTarget] {
        let path = "\(world.project.path)/bad.zst"
        func read(_ bytes: [UInt8]) throws {
            world.place("bad.zst", bytes)
            _ = try BundleReader(path: path)
        }
        let commands = ["bundle verify bad.zst", "bundle import bad.zst --to in --store in-store"]
        return [
            FuzzTarget(
                name: "bundle", samples: [world.bytes("b.zst")], read: read, file: "bad.zst",
                commands: commands),
            FuzzTarget(
                name: "archive", samples: [world.bytes("b.tar")], read: read, file: "bad.zst",
                commands: commands,
                mend: { RawFrame.of($0.count % 3 == 0 ? $0 : TarSum.mended($0)) }),
        ]
    }

    // MARK: A store

    private static func storeFiles(_ world: FuzzWorld) -> [FuzzTarget] {
        let kinds = shippedKinds()
        let folder = world.project.path
        return world.storeFiles().map { name in
            let area = name.split(separator: "/").first.map(String.init) ?? name
            return FuzzTarget(
                name: "store: \(area)", samples: [world.bytes("whole/\(name)")],
                read: { bytes in
                    defer { world.project.shell("rm -rf bad; cp -r whole bad") }
                    world.place("bad/\(name)", bytes)
                    let store = try Store.open("\(folder)/bad", creating: false)
                    _ = try? store.digest(ofExternalFile: "\(folder)/points.csv")
                    for run in (try? store.runNames()) ?? [] {
                        if let record = try? store.run(run) {
                            _ = try? ResultList(run: record, name: run)
                        }
                    }
                    _ = try? store.collectGarbage(GarbagePolicy(runs: 1), dryRun: true)
                    _ = try? store.exportLedger(of: "\(folder)/out")
                    if let graph = try? ExperimentLoader.load(
                        path: "\(folder)/pipelines/f.yaml", registry: kinds)
                    {
                        _ = try? Plan.make(graph: graph, store: store, registry: kinds)
                    }
                    _ = try store.verify()
                }, file: "bad/\(name)",
                commands: [
                    "verify", "status pipelines/f.yaml", "why pipelines/f.yaml json",
                    "show pipelines/f.yaml json", "gc -n",
                    "run pipelines/f.yaml -q", "diff pipelines/f.yaml pipelines/f.yaml.lock",
                    "export pipelines/f.yaml --to out",
                    "audit --unconfined pipelines/f.yaml table", "push pipelines/f.yaml --to far2",
                    "verify --repair", "report pipelines/f.yaml",
                ].map { $0 + " --store bad" })
        }
    }
}
