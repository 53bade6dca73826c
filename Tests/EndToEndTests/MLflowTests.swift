import Canon
import Glibc
import TestSupport
import Testing

/// `bitlaw export --to-mlflow`, against a server on loopback that speaks, and refuses, as MLflow does.
@Suite struct MLflowTests {
    /// A sweep whose actions write numbers, and a server.
    private final class World {
        let project = Project()
        private(set) var port = 0
        /// What a command line names.
        var url: String { "http://127.0.0.1:\(port)" }

        init(_ mistake: String = "", metrics: String = World.metrics) {
            project.write("pipelines/p.yaml", World.experiment)
            project.write("write.py", metrics)
            project.shell(
                "'\(Repository.support("mlflow.py"))' port \(mistake) >/dev/null 2>&1 & echo $! > server; "
                    + "while [ ! -e port ]; do sleep 0.02; done")
            port = Int(project.read("port")) ?? 0
        }

        deinit { project.shell("kill $(cat server)") }

        private static let experiment = """
            experiment: sweep
            seed: 1
            axes:
              n: [1, 2, 3, 4]
              model: [plain, {name: wide one, width: 8}]
            stages:
              train:
                kind: command
                over: [n, model]
                params:
                  run: [python3, write.py, "${n}", "${seed32}"]
                  files: [write.py]
                  outputs: {metrics: metrics.json, weights: weights.bin}
            """

        private static let metrics = """
            import json, sys
            n = int(sys.argv[1])
            json.dump({"loss": 1 / n, "test": {"ok": True, "top 5%": 0.5}, "name": "x", "list": [1],
                       "nan": float("nan")}, open("metrics.json", "w"))
            open("weights.bin", "w").write("w" * n)
            """

        func run(_ target: String = "") {
            let outcome = project.bitlaw("run pipelines/p.yaml \(target) -q")
            #expect(outcome.code == 0, "\(outcome.error)")
        }

        func export(_ words: String = "", environment: String = "") -> Project.Outcome {
            project.bitlaw(
                "export pipelines/p.yaml --to-mlflow \(url) \(words)",
                environment: "env -u http_proxy \(environment)")
        }

        /// What the server has by now.
        func state() throws -> JSON {
            project.shell("curl -s --noproxy '*' \(url)/state > state.json")
            return try JSON(parsing: project.read("state.json"))
        }

        /// The runs that the server has, by the names that it shows.
        func runs() throws -> [String: JSON] {
            let runs = try state()["runs"]?.members ?? [:]
            return Dictionary(
                runs.values.map { ($0["name"]?.text ?? "", $0) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// How many actions ended in which state.
    private func states(_ outcome: Project.Outcome) throws -> [String: Int] {
        try outcome.output.split(separator: "\n").reduce(into: [:]) { counts, line in
            counts[try JSON(parsing: String(line))["state"]?.text ?? "", default: 0] += 1
        }
    }

    @Test
    func
        `each action is a run with its parameters, numbers and digests, and a repetition adds nothing`()
        throws
    {
        let world = World()
        world.run()
        let first = world.export("--json")
        #expect(first.code == 0, "\(first.error)")
        #expect(try states(first) == ["added": 8])
        #expect(try SchemaCheck("export").problems(inPrinted: first.output) == [])
        let runs = try world.runs()
        #expect(runs.count == 8)
        let run = try #require(
            runs["train[n=4,model=wide one]"]
                ?? runs.first { $0.key.contains("n=4,model=\"w") }?.value)
        #expect(run["status"] == "FINISHED")
        #expect(run["params"]?["n"] == "4")
        #expect(run["params"]?["model"] == #"{"name":"wide one","width":8}"#)
        #expect(run["metrics"]?["loss"]?.elements?.first?.elements?.first == 0.25)
        #expect(run["metrics"]?["test.ok"]?.elements?.first?.elements?.first == 1)
        // What MLflow has no letter for is an underscore; what is no number is no metric.
        #expect(
            run["metrics"]?.members.map { JSON.sorted($0.keys) } == [
                "loss", "test.ok", "test.top 5_",
            ])
        let show = try JSON(
            parsing: world.project.bitlaw("show pipelines/p.yaml 'train[n=4,model.width=8]' --json")
                .output)
        #expect(run["tags"]?["bitlaw.key"] == show["key"])
        let weights = show["outputs"]?.elements?.first { $0["name"] == "weights" }
        #expect(run["tags"]?["bitlaw.output.weights"] == weights?["digest"])
        // The tag says how to get the bytes.
        let get = try #require(run["tags"]?["bitlaw.get.weights"]?.text)
        #expect(get.hasPrefix("bitlaw show 'pipelines/p.yaml' 'train["))
        world.project.shell("'\(Project.command)' \(get.dropFirst("bitlaw ".count)) > got")
        #expect(world.project.read("got") == "wwww")
        let again = world.export()
        #expect(again.error == "8 runs of experiment sweep in MLflow: 0 added, 8 unchanged\n")
        #expect(again.output.split(separator: "\n").count == 8)
        #expect(try world.runs() == runs)
        // The pages of the search: three runs each.
        #expect(try world.state()["asked"]?["runs/search"] == 4)
        // Another result of the same action is another run.
        world.project.shell("sed -i 's/1 \\/ n/2 \\/ n/' write.py")
        #expect(world.export("'train[n=1]'").code == 1)
        world.run("'train[n=1]'")
        #expect(try states(world.export("'train[n=1]' --json")) == ["added": 2])
    }

    @Test func `what has not run is told, and what has run is there`() throws {
        let world = World()
        world.run("'train[n=1]'")
        let outcome = world.export()
        #expect(outcome.code == 1)
        #expect(
            outcome.error.contains(
                "2 added, 0 unchanged\n6 actions have not run\n  fix: bitlaw run"))
        #expect(try world.runs().count == 2)
    }

    @Test func `many numbers come in pieces that the server takes`() throws {
        let world = World(
            metrics: """
                import json
                json.dump({f"m{i}": i for i in range(2001)}, open("metrics.json", "w"))
                open("weights.bin", "w")
                """)
        world.run("'train[n=1]'")
        #expect(world.export("'train[n=1]'").code == 0)
        let runs = try world.runs()
        #expect(runs.values.allSatisfy { $0["metrics"]?.members?.count == 2001 })
        #expect(try world.state()["asked"]?["runs/log-batch"] == 6)
    }

    @Test func `an export that breaks off is completed by the next, and no run is there twice`()
        throws
    {
        let world = World("drop")
        world.run()
        let broken = world.export()
        #expect(broken.code == 3, "\(broken.error)")
        #expect(broken.error.contains("error: MLflow at \(world.url): "), "\(broken.error)")
        #expect(try world.runs().values.contains { $0["status"] == "RUNNING" })
        let next = world.export("--json")
        #expect(next.code == 0, "\(next.error)")
        let states = try states(next)
        #expect((states["completed"] ?? 0) > 0 && states.values.reduce(0, +) == 8)
        #expect(try world.state()["runs"]?.members?.count == 8)
        #expect(try world.runs().values.allSatisfy { $0["status"] == "FINISHED" })
        let whole = try world.runs().values.allSatisfy {
            $0["metrics"]?["loss"]?.elements?.count == 1
        }
        #expect(whole)
    }

    @Test(arguments: [
        (
            "html", 3,
            "expected JSON from URL/api/2.0/mlflow/experiments/get-by-name, found an answer 200"
        ),
        ("denied", 3, "the server answers 401: who \u{fffd}[2Jare you?"),
        ("denied", 3, "fix: set MLFLOW_TRACKING_TOKEN, or "),
        (
            "full", 3,
            "cannot fill the run of train[n=1,model=plain]: the server answers 500: the database is full"
        ),
        (
            "redirect", 3,
            "answers 302, a way to another address\n  fix: name the address that it leads to"
        ),
        ("busy", 0, "8 added"), ("endless", 0, "8 added"),
    ])
    func `a server that is not well is told in its own words`(
        mistake: String, code: CInt, text: String
    ) {
        let world = World(mistake)
        world.run()
        let outcome = world.export()
        #expect(outcome.code == code, "\(outcome.error)")
        #expect(outcome.error.contains(text.replacing("URL", with: world.url)), "\(outcome.error)")
    }

    @Test func `an address that is none, or where nobody listens, is told`() {
        let world = World()
        world.run("'train[n=1]'")
        for (url, code, text) in [
            ("http://127.0.0.1:1", 3 as CInt, "fix: check the address, and that the server runs"),
            ("\(world.url)/elsewhere", 3, "found an answer 404 of another kind"),
            ("http://ada:secret@127.0.0.1:5000", 2, "without a name or password in it"),
            (
                "mlflow.db", 2,
                "--to-mlflow mlflow.db: expected http://HOST:PORT or https://HOST/PATH"
            ),
            ("\(world.url) --prune", 2, "expected --to-mlflow, or --to, --force and --prune"),
        ] {
            let outcome = world.project.bitlaw(
                "export pipelines/p.yaml 'train[n=1]' --to-mlflow \(url)")
            #expect(outcome.code == code, "\(url): \(outcome.error)")
            #expect(outcome.error.contains(text), "\(url): \(outcome.error)")
        }
    }

    @Test func `credentials are the person's, and travel to this machine or encrypted`() throws {
        let world = World()
        world.run("'train[n=1]'")
        #expect(world.export("'train[n=1]'").code == 0)
        #expect(try world.state()["authorization"] == [])
        let token = world.export("'train[n=1]'", environment: "MLFLOW_TRACKING_TOKEN=mine")
        #expect(token.code == 0, "\(token.error)")
        #expect(try world.state()["authorization"] == ["Bearer mine"])
        let open = world.project.bitlaw(
            "export pipelines/p.yaml 'train[n=1]' --to-mlflow http://mlflow.example:5000",
            environment: "MLFLOW_TRACKING_TOKEN=mine")
        #expect(
            open.error.contains("a token or password would travel readable for everyone"),
            "\(open.error)")
    }

    /// The server of PyPI's package `mlflow`, which `make peers` installs.
    @Test(.heavy) func `a real server takes each action once`() throws {
        let server = "\(Repository.root)/.build/mlflow/bin/mlflow"
        guard unsafe access(server, X_OK) == 0 else {
            skip("no mlflow (make peers): nothing was exported to a real MLflow server")
            return
        }
        let world = World()
        world.run()
        world.project.shell(
            """
            python3 -c "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); \
            print(s.getsockname()[1], end='')" > real-port
            '\(server)' server --host 127.0.0.1 --port $(cat real-port) --workers 1 \
            --backend-store-uri "sqlite:///$PWD/m.db" --default-artifact-root "$PWD/artifacts" >log 2>&1 &
            echo $! > real
            for i in $(seq 600); do curl -sf --noproxy '*' http://127.0.0.1:$(cat real-port)/health && break;\
            sleep 0.1; done
            """)
        defer { world.project.shell("kill $(cat real)") }
        let export =
            "export pipelines/p.yaml --to-mlflow http://127.0.0.1:\(world.project.read("real-port"))"
        let first = world.project.bitlaw("\(export) --json")
        #expect(first.code == 0, "\(first.error)")
        #expect(try states(first) == ["added": 8])
        #expect(try states(world.project.bitlaw("\(export) --json")) == ["unchanged": 8])
    }
}
