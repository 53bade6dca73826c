import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing

/// Two people's projects, and between them what people really use: folders, nginx, rclone, SFTP.
@Suite(.serialized) struct SharingTests: SharingPeople {
    /// Pushes from one project, runs in another; what came over and what was executed.
    private func share(_ address: String, _ environment: String = "", extra: String = "") throws {
        let ada = project()
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        let configuration = "remotes:\n  lab: {\(address)\(extra)}\n"
        // What has credentials, or a backend in line, stands in the person's own configuration.
        let isOwn = extra.contains("password") || address.hasPrefix("rclone: '/")
        ada.write(isOwn ? "config/config.yaml" : "bitlaw.yaml", configuration)
        let pushed = run(ada, "push pipelines/many.yaml", environment)
        #expect(pushed.code == 0, "\(pushed.error)")
        #expect(pushed.output.hasPrefix("pushed 25 results and 50 blobs ("), "\(pushed.output)")
        let again = run(ada, "push pipelines/many.yaml", environment)
        #expect(again.output.hasPrefix("pushed 0 results and 0 blobs (0 B)"), "\(again.output)")
        let grace = project(isOwn ? "" : configuration)
        if isOwn { grace.write("config/config.yaml", configuration) }
        let outcome = run(grace, "run pipelines/many.yaml -j2", environment)
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("0 ran, 25 cached, 25 of these from remotes in "))
        #expect(try grace.digests() == ada.digests())
        #expect(
            run(grace, "verify --json").output.contains(
                "\"damage\":[],\"format\":\"bitlaw/verify/1\",\"incomplete\":[]"))
        grace.shell("rm -rf .cache")
        let pulled = run(grace, "pull pipelines/many.yaml", environment)
        #expect(pulled.output.hasPrefix("pulled 25 results and 50 blobs ("), "\(pulled.error)")
        #expect(run(grace, "run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
    }

    @Test func `a folder carries an experiment from one person to another`() throws {
        let place = Project()
        try share("path: '\(place.path)/stick'")
    }

    @Test func `nginx with WebDAV carries an experiment, and its files are what they are named`()
        throws
    {
        let place = Project()
        guard let server = LocalServer.nginx(place) else { return }
        try share("url: '\(server.url)/bitlaw'")
        #expect(
            place.shell(
                "cd web/bitlaw/cas && test $(ls | wc -l) = 50 && for f in *; do "
                    + "test $(sha256sum < $f | cut -c1-64) = $f || exit 1; done") == 0)
    }

    @Test func `a password comes from netrc or a file, and a missing one is a clear error`() throws
    {
        let place = Project()
        guard let server = LocalServer.nginx(place, hasPassword: true) else { return }
        place.write("netrc", "machine 127.0.0.1 login ada password secret\n")
        place.write("password", "secret\n")
        try share("url: '\(server.url)/a'", "NETRC='\(place.path)/netrc'")
        try share(
            "url: '\(server.url)/b'",
            extra: ", user: ada, password: {file: '\(place.path)/password'}")
        let eve = project("remotes:\n  lab: {url: '\(server.url)/a'}\n")
        let outcome = run(eve, "run pipelines/many.yaml -j2")
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("25 ran in "))
        #expect(outcome.error.contains("the server refuses access (401)"))
        #expect(outcome.error.contains("fix: check the credentials of the remote"))
        #expect(
            outcome.error.split(separator: "remote lab: http").count == 2, "said more than once")
        #expect(outcome.error.contains("results were not looked for there"))
    }

    @Test(.heavy) func `rclone carries an experiment into a folder, and by SFTP`() throws {
        let place = Project()
        guard
            isInstalled("rclone", package: "rclone", else: "rclone and SFTP were not tried")
        else { return }
        try share("rclone: '\(place.path)/by rclone'")
        #expect(place.shell("test $(ls 'by rclone/cas' | wc -l) = 50") == 0)
        guard let server = LocalServer.ssh(place) else { return }
        let environment =
            "RCLONE_CONFIG_HOST_TYPE=sftp RCLONE_CONFIG_HOST_HOST=127.0.0.1 "
            + "RCLONE_CONFIG_HOST_PORT=\(server.port) RCLONE_CONFIG_HOST_USER=$(id -un) "
            + "RCLONE_CONFIG_HOST_KEY_FILE='\(place.path)/ssh/user'"
        try share("rclone: 'host:\(place.path)/by sftp'", environment)
        #expect(place.shell("test $(ls 'by sftp/cas' | wc -l) = 50") == 0)
        #expect(place.shell("pgrep -f 'rclone serv[e].*\(place.path)'") != 0, "a server was left")
    }

    @Test(.heavy) func `rclone that cannot reach its remote says so in its own words`() {
        let place = project("remotes:\n  lab: {rclone: 'nowhere:x'}\n")
        guard place.shell("command -v rclone >/dev/null") == 0 else { return }
        let outcome = run(place, "run pipelines/many.yaml -q -j2")
        #expect(outcome.code == 0)
        #expect(outcome.error.contains("remote lab: rclone ended with exit code 1"))
        #expect(outcome.error.contains("fix: rclone lsd nowhere:x"))
    }

    @Test func `a remote that is not there costs one warning, and the run goes on`() {
        let eve = project(
            "remotes:\n  gone: {url: 'http://127.0.0.1:1/x', retries: 0}\n"
                + "  empty: {path: '/nonexistent/store'}\n")
        let outcome = run(eve, "run pipelines/many.yaml -j2")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("25 ran in "))
        #expect(outcome.error.split(separator: "warning: remote gone: http").count == 2)
        #expect(outcome.error.contains("going on without it"))
        eve.shell("rm -rf .cache")
        #expect(run(eve, "pull pipelines/many.yaml --from gone").code == 3)
        #expect(run(eve, "push pipelines/many.yaml --to nobody").code == 2)
    }

    @Test
    func `only what enough trusted people signed is used, and a revoked key's results are found`() {
        let stick = Project()
        let (ada, grace, eve) = (project(), project(), project())
        var keys: [String] = []
        for (person, name) in [(ada, "ada"), (grace, "grace")] {
            let made = run(person, "keys new \(name)")
            keys.append(String(made.output.prefix(64)))
            #expect(run(person, "run pipelines/many.yaml -q -j2").code == 0)
        }
        let rule = "trust: {signatures: 2, of: [ada, grace]}"
        eve.write(
            "bitlaw.yaml",
            "keys: {ada: \(keys[0]), grace: \(keys[1])}\nremotes:\n"
                + "  stick: {path: '\(stick.path)/s', \(rule)}\n")
        let to = "push pipelines/many.yaml --to '\(stick.path)/s'"
        #expect(run(ada, to).code == 0)
        let alone = run(eve, "pull pipelines/many.yaml")
        #expect(alone.code == 1)
        #expect(
            alone.error.contains(
                "refused: cell[i=0]: expected 2 signatures by ada, grace, found ada\n"))
        #expect(run(grace, to).output.contains("25 results and 0 blobs"))
        #expect(run(eve, "pull pipelines/many.yaml").output.hasPrefix("pulled 25 results"))
        #expect(run(eve, "keys trust grace \(keys[1])").code == 0)
        let revoked = run(eve, "keys revoke grace")
        #expect(revoked.output.contains("25 results in"), "\(revoked.output)\(revoked.error)")
        eve.shell("rm -rf .cache")
        let after = run(eve, "run pipelines/many.yaml -q -j2")
        #expect(after.code == 0)
        #expect(after.error.contains("expected 2 signatures by ada (revoked: grace), found ada"))
    }

    @Test func `a store that asks for signatures keeps what its owner signed by itself`() {
        let ada = project()
        let key = run(ada, "keys new ada").output.prefix(64)
        ada.write("bitlaw.yaml", "keys: {ada: \(key)}\ntrust: {signed-by: [ada]}\n")
        #expect(run(ada, "run pipelines/many.yaml -j2").output.hasPrefix("25 ran in "))
        #expect(run(ada, "run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
        #expect(run(ada, "keys revoke ada").code == 0)
        let unsigned = run(ada, "run pipelines/many.yaml -q -j2")
        #expect(unsigned.error.contains("result"), "\(unsigned.error)")
        #expect(unsigned.error.contains("fix: bitlaw keys new"), "\(unsigned.error)")
    }

    @Test func `a pinned source of any size comes from a server before the network`() throws {
        let place = Project()
        guard let server = LocalServer.nginx(place) else { return }
        let ada = project("remotes:\n  lab: {url: '\(server.url)/x'}\n")
        ada.shell("head -c 20000000 /dev/zero > data.bin; mkdir -p '\(place.path)/web/x/cas'")
        ada.shell(
            "cp data.bin '\(place.path)/web/x/cas/'$(sha256sum < data.bin | cut -c1-64); "
                + "sha256sum < data.bin | cut -c1-64 > digest")
        let digest = ada.read("digest").prefix(64)
        ada.write(
            "pipelines/p.yaml",
            """
            experiment: p
            seed: 1
            stages:
              size:
                kind: command
                inputs: {inputs: [{url: "http://127.0.0.1:1/data.bin", sha256: \(digest)}]}
                params: {run: [sh, -c, "wc -c < ${inputs.inputs}"]}
            """)
        let outcome = run(ada, "run pipelines/p.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.output.contains("1 of these from remotes"), "\(outcome.output)")
    }

    @Test func `a spot check finds a forged result, and why shows both`() throws {
        let stick = Project()
        let (ada, eve) = (project(), project())
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        // Somebody gives another sum under the right key.
        let store = try Store.open("\(ada.path)/.cache")
        let name = try #require(try store.runNames().first)
        let record = try #require(try store.run(name))
        let sum = try #require(record["actions"]?.elements?.first { $0["name"]?.text == "sum" })
        let hex = try #require(sum["key"]?.text)
        let key = try Digest(hex: hex)
        let true1 = try #require(try store.result(for: key)?.result)
        let forged = try store.put(Array("forged\n".utf8))
        ada.shell("rm -f .cache/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json")
        try store.publish(
            ActionResult(
                key: key, kind: true1.kind, version: true1.version,
                outputs: true1.outputs.map {
                    ActionResult.Output(name: $0.name, digest: forged, size: 7)
                }, log: nil, seconds: 0, madeAt: true1.madeAt))
        #expect(run(ada, "push pipelines/many.yaml --to '\(stick.path)/s'").code == 0)
        eve.write(
            "bitlaw.yaml", "remotes:\n  stick: {path: '\(stick.path)/s', spot-check: 100%}\n")
        let outcome = run(eve, "run pipelines/many.yaml -j2")
        #expect(outcome.code == 4, "\(outcome.output)\(outcome.error)")
        #expect(outcome.error.contains("spot check: sum, fetched from stick:\n  differs: sum/"))
        #expect(outcome.output.contains("1 of them differs; both results are kept, see bitlaw why"))
        let why = run(eve, "why pipelines/many.yaml sum")
        #expect(why.output.contains("2 results with different bits stand under this key:"))
        #expect(why.output.contains(forged.short))
        let honest = run(eve, "pull pipelines/many.yaml cell --spot-check 50%")
        #expect(honest.code == 0)
    }

    @Test func `why tells the nearest key of a colleague's store and the fields that differ`() {
        let (ada, eve) = (project(), project())
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        eve.write("pipelines/many.yaml", manyCells.replacing("echo next", with: "echo then"))
        #expect(run(eve, "run pipelines/many.yaml -q -j2").code == 0)
        let against = "--against '\(ada.path)/.cache'"
        let same = run(eve, "why pipelines/many.yaml 'cell[i=3]' \(against)")
        #expect(same.output.contains("nothing differs: the key is the same"), "\(same.error)")
        let other = run(eve, "why pipelines/many.yaml 'next[i=3]' \(against)")
        #expect(
            other.output.contains(
                "parameter run: [\"sh\",\"-c\",\"cat ${inputs.inputs}; echo next\"] → "))
        #expect(other.output.split(separator: "\n  - ").count == 2, "\(other.output)")
        let sum = run(eve, "why pipelines/many.yaml sum \(against)")
        #expect(sum.output.contains("input inputs from next[i=0]: "))
    }

    @Test func `a tag brings results without the experiment, and dry runs move nothing`() {
        let stick = Project()
        let (ada, eve) = (project(), project())
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        let to = "--to '\(stick.path)/s'"
        let from = "--from '\(stick.path)/s'"
        stick.shell("mkdir s")
        #expect(
            run(ada, "push pipelines/many.yaml cell --tag paper-v1 \(to)").output.hasPrefix(
                "pushed 12 results and 24 blobs"))
        let dry = run(eve, "pull --tag paper-v1 -n \(from)")
        #expect(dry.output.hasPrefix("would pull 12 of 12 results"), "\(dry.error)")
        let small = run(eve, "pull --tag paper-v1 --max-size 1B \(from)")
        #expect(small.code == 0, "\(small.error)")
        #expect(small.output.contains("12 results have an output beyond --max-size and stay there"))
        #expect(run(eve, "pull --tag paper-v1 \(from)").output.hasPrefix("pulled 12 results"))
        #expect(eve.shell("test -s .cache/pins/paper-v1") == 0)
        #expect(run(eve, "run pipelines/many.yaml -j2").output.hasPrefix("13 ran, 12 cached"))
        #expect(run(eve, "pull --tag ../../x \(from)").code == 2)
        #expect(
            run(ada, "push pipelines/many.yaml --max-size 1B \(to)").output.contains("stay here"))
        #expect(
            run(ada, "push pipelines/many.yaml -n \(to)").output.hasPrefix(
                "would push 13 results and 26 blobs"))
        #expect(run(ada, "push pipelines/many.yaml --meta-only \(to)").code == 0)
        let nowhere = run(ada, "push pipelines/many.yaml -n --to '\(stick.path)/new'")
        #expect(nowhere.output.hasPrefix("would push 25 results and 50 blobs"), "\(nowhere.error)")
        #expect(stick.shell("test -e new") != 0)
        #expect(run(ada, "why pipelines/many.yaml sum --tag paper-v1").code == 2)
    }

    @Test func `a push or pull that is killed goes on with the same command`() throws {
        let stick = Project()
        let ada = project()
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        let eve = project()
        var state: UInt64 = 3
        for round in 0..<24 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let delay = Double(state >> 40) / Double(1 << 24) * 0.12
            let (person, command) =
                round % 2 == 0
                ? (ada, "push pipelines/many.yaml --to '\(stick.path)/s'")
                : (eve, "pull pipelines/many.yaml --from '\(stick.path)/s'")
            person.shell(
                "'\(Project.command)' \(command) -q >/dev/null 2>&1 & own=$!; sleep \(delay); "
                    + "kill -9 $own 2>/dev/null; wait $own 2>/dev/null; true")
            // Whatever is there is whole.
            if stick.shell("test -e s/format") == 0 {
                let report = try Store.open("\(stick.path)/s").verify()
                #expect(report.damage.isEmpty && report.incomplete.isEmpty)
            }
        }
        #expect(run(ada, "push pipelines/many.yaml --to '\(stick.path)/s'").code == 0)
        #expect(run(eve, "pull pipelines/many.yaml --from '\(stick.path)/s'").code == 0)
        let outcome = run(eve, "run pipelines/many.yaml")
        #expect(outcome.output.hasPrefix("0 ran, 25 cached in "), "\(outcome.output)")
        #expect(try eve.digests() == ada.digests())
    }

    @Test func `a lost blob comes from a remote, else its recipe makes it, else it is listed`()
        throws
    {
        let stick = Project()
        let ada = project()
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        ada.write("extra.bin", "only here")
        #expect(run(ada, "add extra.bin").code == 0)
        let alone = run(ada, "verify --repair")
        #expect(alone.code == 0)
        #expect(alone.output.contains("single point of loss: "), "\(alone.output)")
        let before = try ada.digests()
        // Every output is damaged; the descriptions of keys stay.
        let keys = "$(ls .cache/actions/*/*.json | sed 's,.*/actions/,,; s,/,,; s,.json,,')"
        let damage =
            "for f in .cache/cas/*/*.zst; do n=$(echo $f | sed 's,.*/cas/,,; s,/,,; s,.zst,,'); "
            + "case \" $(echo \(keys)) \" in *\" $n \"*) ;; *) chmod +w $f; echo x > $f;; esac; done"
        ada.shell(damage)
        let made = run(ada, "verify --repair")
        #expect(made.code == 3)
        #expect(made.output.contains("made again: "), "\(made.output)\(made.error)")
        #expect(
            made.output.contains(
                "lost: \(Digest(of: Array("only here".utf8).span).hex): no result names it"),
            "\(made.output)")
        #expect(run(ada, "run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
        #expect(try ada.digests() == before)
        ada.write("bitlaw.yaml", "remotes:\n  stick: {path: '\(stick.path)/s'}\n")
        #expect(run(ada, "push pipelines/many.yaml").code == 0)
        // What was added by hand and is lost stays so until it is added again, or forgotten.
        #expect(run(ada, "verify --repair").output.contains("gc --drop-added forgets it"))
        #expect(run(ada, "gc --drop-added").code == 0)
        ada.shell(damage)
        let fetched = run(ada, "verify --repair")
        #expect(fetched.code == 0, "\(fetched.output)\(fetched.error)")
        #expect(fetched.output.contains("fetched: ") && fetched.output.contains(" 0 made again"))
        #expect(run(ada, "run pipelines/many.yaml").output.hasPrefix("0 ran, 25 cached in "))
    }

    @Test(arguments: [
        ("remotes: {lab: {}}", "remote lab has no address"),
        ("remotes: {lab: {path: a, url: 'http://b'}}", "remote lab has several addresses"),
        ("remotes: {lab: {url: 'ftp://x'}}", "expected: https://HOST/PATH"),
        ("remotes: {lab: {url: 'https://ada:pw@x/y'}}", "`url` has a password or name in it"),
        ("remotes: {lab: {url: 'https://x', token: sesame}}", "a secret stands in the file"),
        ("remotes: {lab: {path: a, trust: {signatures: 3, of: [a, b]}}}", "how many of whom"),
        ("remotes: {lab: {path: a, spot-chek: 2%}}", "did you mean `spot-check`?"),
        ("remotes: {lab: {path: a, spot-check: 2}}", "expected: a share such as 2%"),
        ("remotes: {'../lab': {path: a}}", "`../lab` is no name"),
        ("keys: {ada: 0123}", "expected an Ed25519 public key"),
        ("stores: [{trust: any}]", "a store without `path`"),
    ])
    func `a mistake in bitlaw.yaml is told with its place`(text: String, message: String) {
        let project = project(text + "\n")
        let outcome = run(project, "run pipelines/many.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("bitlaw.yaml:1:"), "\(outcome.error)")
        #expect(outcome.error.contains(message), "\(outcome.error)")
    }

    @Test func `the walk-through in docs/sharing.md works as it is written`() {
        let place = Project()
        place.shell("cp '\(Repository.root)/docs/sharing.md' page.md")
        let text = place.read("page.md")
        #expect(!text.isEmpty)
        var script = "set -e\nbitlaw() { '\(Project.command)' \"$@\"; }\nexport HOME=\"$PWD\"\n"
        var isScript = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isScript = line == "```sh"
            } else if isScript {
                script += line + "\n"
            }
        }
        place.write("walk.sh", script)
        // As that experiment, it starts no program.
        place.write(
            "pipelines/spiral.yaml",
            "experiment: many\nseed: 1\naxes: {i: {count: 12}}\nstages:\n"
                + "  m: {kind: spiral.manifold, over: [i], params: {turns: \"${i + 1}\"}}\n")
        let code = place.shell(
            "unset BITLAW_ACCOUNT_SECRET BITLAW_CONFIG XDG_CONFIG_HOME; "
                + "bash walk.sh > walk.out 2>&1 </dev/null"
        )
        #expect(code == 0, "\(place.read("walk.out"))")
    }
}
