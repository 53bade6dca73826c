import Canon
import TestSupport
import Testing

/// What commands print for programs: each has a schema, and prints what it says.
@Suite struct JSONOutputTests {
    /// Every command that takes `--json`, as the parser of arguments knows them.
    private func commands(_ project: Project) throws -> [String] {
        let help = try JSON(parsing: project.bitlaw("--experimental-dump-help").output)
        var found: [String] = []
        func walk(_ command: JSON, _ above: String) {
            for below in command["subcommands"]?.elements ?? [] {
                guard let name = below["commandName"]?.text, name != "help",
                    below["shouldDisplay"] != false
                else { continue }
                let isTaking = (below["arguments"]?.elements ?? []).contains { argument in
                    (argument["names"]?.elements ?? []).contains { $0["name"] == "json" }
                }
                if isTaking { found.append(above + name) }
                walk(below, "\(above)\(name) ")
            }
        }
        walk(help["command"] ?? .null, "")
        return found
    }

    @Test func `every command that takes --json has a schema, and its help says where`() throws {
        let project = Project()
        let commands = try commands(project)
        #expect(commands.count >= 38)
        for command in commands {
            let schema = try SchemaCheck(command, project).schema
            #expect(schema["title"]?.text == "bitlaw \(command) --json")
            #expect(["document", "lines", "array"].contains(schema["x-prints"]?.text))
            let help = project.bitlaw("help \(command)", environment: "COLUMNS=200").output
            #expect(help.contains("describes it."), "\(command)")
        }
        #expect(project.bitlaw("schema").output.contains("experiment"))
        let wrong = project.bitlaw("schema statsu")
        #expect(wrong.code == 2 && wrong.output == "")
        #expect(wrong.error.contains("did you mean `bitlaw schema status`?"), "\(wrong.error)")
        #expect(project.bitlaw("schema keys").error.contains("expected: keys list, keys results"))
    }

    /// A project with a program of its own, results that fail, and claims.
    private func world() -> Project {
        let project = Project()
        #expect(project.bitlaw("init . --template own").code == 0)
        project.write(
            "more.yaml",
            """
            experiment: more
            seed: 1
            axes: {n: [1, 2]}
            constants: {more: 0}
            stages:
              good: {kind: command, over: [n], params: {run: [printf, '{"loss": 0.%s}', "${n + more}"]}}
              quiet: {kind: command, params: {run: [sh, -c, "echo 1 > ${outputs.out}"], outputs: {out: a}}}
              noisy:
                kind: command
                params: {run: [sh, -c, "echo said; echo 1 > ${outputs.out}"], outputs: {out: a}}
              bad:
                kind: command
                over: [n]
                params: {run: [sh, -c, "echo words >&2; test ${n} = 2 && echo 5"]}
              after: {kind: command, inputs: {inputs: bad}, params: {run: [cat, "${inputs.inputs}"]}}
              tree:
                kind: command
                params:
                  run: [sh, -c, "mkdir -p ${outputs.out}; echo 1 > ${outputs.out}/a"]
                  outputs: {out: files/}

            """)
        project.write(
            "small.claims.yaml",
            """
            experiment: more.yaml
            claims:
              first: {from: "good[n=1]/out", at: loss, value: 0.1}
              second: {from: "good[n=2]/out", at: loss, value: 0.3}

            """)
        project.write(
            "page.md", "<!-- claims small.claims.yaml: first -->\n0.1\n<!-- end of claims -->\n")
        project.write("data.csv", "a\n1\n")
        _ = project.bitlaw("keys new ada")
        return project
    }

    /// What is run, with the exit code where it is not 0; what makes the next lines possible has no `--json`.
    private static let script = """
        add data.csv
        plan experiment.yaml --set seed=2
        run experiment.yaml
        1 run more.yaml
        run more.yaml -n
        run more.yaml good --force
        run more.yaml good --set constants.more=1
        compare newest more.yaml
        4 diff newest more.yaml --values
        plan more.yaml
        show experiment.yaml law train
        show more.yaml tree good bad
        why experiment.yaml law
        why more.yaml good bad after
        status experiment.yaml
        status more.yaml
        log more.yaml noisy
        log more.yaml quiet
        log more.yaml 'bad[n=1]'
        table experiment.yaml train
        graph experiment.yaml
        graph experiment.yaml --actions
        report experiment.yaml
        export experiment.yaml law --to res
        export more.yaml good --to res
        export more.yaml tree --to res
        browse experiment.yaml
        lock experiment.yaml
        lock experiment.yaml
        run experiment.yaml --locked
        audit experiment.yaml --unconfined --sign "$BITLAW_CONFIG/keys/ada.pem" --attestation a.json train
        audit --merge a.json --key ada
        1 audit more.yaml --unconfined
        diff experiment.yaml.lock experiment.yaml
        bundle create experiment.yaml --to b.tar.zst
        bundle verify b.tar.zst
        bundle import b.tar.zst --store other
        4 claims check small.claims.yaml
        claims export small.claims.yaml
        claims of 0.1 small.claims.yaml
        1 claims of 0.97 small.claims.yaml
        claims text page.md
        push experiment.yaml --to ./remote
        pull experiment.yaml --from ./remote --store third
        pull experiment.yaml --from ./remote --store fourth -n
        why experiment.yaml law --against ./remote
        keys list
        keys results ada
        sign experiment.yaml --after spot-check
        adopt -n
        verify
        verify --repair
        gc -n
        doctor
        doctor --numeric
        doctor --leases on
        kinds
        kinds law.fit
        predict res/law.law.json n=64
        cancel experiment.yaml
        trust --list
        keys revoke ada
        """

    /// Formats that other suites see printed: they need a server or a cluster.
    private static let elsewhere: Set<String> = [
        "bitlaw/export-mlflow/1", "bitlaw/log-pilots/1", "bitlaw/run-detached/1",
    ]

    @Test func `what a command prints with --json is what its schema says`() throws {
        let project = world()
        let commands = try commands(project)
        var lines = Self.script.split(separator: "\n").map(String.init)
        var (untried, missed) = (Set(commands), Self.elsewhere)
        if isInstalled("strace", package: "strace", else: "trace printed no JSON"),
            isInstalled("bwrap", package: "bubblewrap", else: "trace printed no JSON")
        {
            lines.append("trace experiment.yaml train")
        } else {
            untried.remove("trace")
            missed.insert("bitlaw/trace/1")
        }
        var checked: [String] = []
        for line in lines {
            let code = CInt(String(line.prefix { $0.isNumber })) ?? 0
            let words = line.drop { $0.isNumber || $0 == " " }
            let outcome = project.bitlaw("\(words) --json")
            #expect(outcome.code == code, "\(words): \(outcome.output)\n\(outcome.error)")
            let command = try #require(
                commands.last { words.hasPrefix($0) && $0.contains(" ") }
                    ?? commands.first { words.hasPrefix("\($0) ") || words == $0 })
            untried.remove(command)
            let check = try SchemaCheck(command, project)
            let problems = check.problems(inPrinted: outcome.output)
            #expect(problems.isEmpty, "\(words): \(problems.joined(separator: "\n"))")
            for document in try SchemaCheck.documents(outcome.output) {
                for one in document.elements ?? [document] {
                    missed.insert(one["format"]?.text ?? "none: \(words)")
                }
                let pair: JSON = [
                    "of": .string(String(words)), "schema": check.schema, "document": document,
                ]
                checked.append(pair.canonicalText)
            }
        }
        #expect(untried.isEmpty)
        #expect(try missed == formats(of: commands, project))
        guard project.shell("python3 -c 'import jsonschema' 2>/dev/null") == 0 else {
            return skip(
                "no jsonschema for python3 (apt-get install python3-jsonschema): what --json prints was "
                    + "checked by our own reading of its schemas alone")
        }
        project.write("documents.ndjson", checked.joined(separator: "\n"))
        let told = project.shell(
            "python3 '\(Repository.root)/Tests/Support/validate_json.py' documents.ndjson > told 2>&1"
        )
        #expect(told == 0, "\(project.read("told"))")
    }

    /// Every `format` that the schemas of commands name.
    private func formats(of commands: [String], _ project: Project) throws -> Set<String> {
        var found: Set<String> = []
        for command in commands {
            var rest = [try SchemaCheck(command, project).schema]
            while let next = rest.popLast() {
                if let format = next["properties"]?["format"]?["const"]?.text {
                    found.insert(format)
                }
                rest += Array((next.members ?? [:]).values) + (next.elements ?? [])
            }
        }
        return found
    }

    @Test(arguments: [
        "status nothing.yaml", "graph more.yaml --format dot", "show more.yaml good --output out",
        "log more.yaml good -f", "table more.yaml good --format csv", "trust",
        "claims export small.claims.yaml --format csv",
    ])
    func `where there is no document to print, words stand on the other stream alone`(
        words: String
    ) {
        let outcome = world().bitlaw("\(words) --json")
        #expect(outcome.code == 2 && outcome.output == "")
        #expect(!outcome.error.isEmpty)
    }
}
