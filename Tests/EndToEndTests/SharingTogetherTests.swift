import Glibc
import System
import TestSupport
import Testing

/// Several people at one remote, and what a person asks about remotes before using them.
@Suite(.serialized) struct SharingTogetherTests: SharingPeople {
    @Test(.heavy)
    func `two people who push to one server at the same moment lose no signature`() {
        let place = Project()
        guard let server = LocalServer.nginx(place) else { return }
        let people = [project(), project()]
        var keys: [String] = []
        for (person, name) in zip(people, ["ada", "grace"]) {
            keys.append(String(run(person, "keys new \(name)").output.prefix(64)))
            #expect(run(person, "run pipelines/many.yaml -q -j2").code == 0)
        }
        let reader = project()
        var lost = 0
        for round in 0..<trials(5) {
            let url = "\(server.url)/\(round)"
            place.shell(
                people.map { person in
                    "(cd '\(person.path)' && BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG=\"$PWD/config\" "
                        + "'\(Project.command)' push "
                        + "pipelines/many.yaml --to \(url) -q >push.out 2>&1) & "
                }.joined() + "wait")
            reader.write(
                "bitlaw.yaml",
                "keys: {ada: \(keys[0]), grace: \(keys[1])}\nremotes:\n  lab: {url: '\(url)', "
                    + "trust: {signatures: 2, of: [ada, grace]}}\n")
            let pulled = run(reader, "pull pipelines/many.yaml")
            #expect(
                pulled.output.hasPrefix("pulled 25 results and 50 blobs"),
                "\(pulled.output)\(pulled.error)\(people.map { $0.read("push.out") })")
            reader.shell("rm -rf .cache")
            // Two names for the signature's key in an entry: both are there. One: the race happened.
            place.shell(
                "for f in web/\(round)/ac/*; do grep -o keyid $f | wc -l; done | sort -n | uniq -c "
                    + "> counts")
            place.shell("grep -l '\"results\"' web/\(round)/ac/* | wc -l > entries")
            let both = place.read("counts").split(separator: "\n").last { $0.hasSuffix(" 2") }
            lost += 25 - (both.flatMap { Int($0.split(separator: " ")[0]) } ?? 0)
        }
        print(
            "two pushes at once: the shared entries lost \(lost) of \(trials(125)) signatures, "
                + "readers none")
    }

    @Test(.heavy)
    func `why tells the nearest key of a server and of rclone, or what the server needs`() {
        let place = Project()
        guard let server = LocalServer.nginx(place) else { return }
        let (ada, eve) = (project(), project())
        let key = run(ada, "keys new ada").output.prefix(64)
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        eve.write("pipelines/many.yaml", manyCells.replacing("echo next", with: "echo then"))
        #expect(run(eve, "run pipelines/many.yaml -q -j2").code == 0)
        func expectAnswer(_ against: String) {
            let other = run(eve, "why pipelines/many.yaml 'next[i=3]' --against \(against)")
            #expect(
                other.output.contains(
                    "parameter run: [\"sh\",\"-c\",\"cat ${inputs.inputs}; echo next\"] → "),
                "\(against): \(other.output)\(other.error)")
            let same = run(eve, "why pipelines/many.yaml 'cell[i=3]' --against \(against)")
            #expect(same.output.contains("nothing differs: the key is the same"), "\(same.error)")
        }
        // A server that lists nothing: unsigned, it can tell nothing but a tag.
        let plain = "\(server.url)/plain"
        #expect(
            run(ada, "push pipelines/many.yaml --unsigned --tag paper --to \(plain)").code == 0)
        let nothing = run(eve, "why pipelines/many.yaml sum --against \(plain)")
        #expect(nothing.code == 2 && nothing.error.contains("the server lists no keys"))
        #expect(nothing.error.contains("fix: let it list the folder ac (nginx: autoindex on)"))
        expectAnswer("\(plain) --tag paper")
        // Signed, it tells whoever trusts the signer.
        #expect(run(ada, "push pipelines/many.yaml --to \(plain)").code == 0)
        #expect(run(eve, "why pipelines/many.yaml sum --against \(plain)").code == 2)
        #expect(run(eve, "keys trust ada \(key)").code == 0)
        expectAnswer(plain)
        // A server that lists: nothing else is needed.
        let listing = "\(server.url)/listing"
        #expect(run(ada, "push pipelines/many.yaml --unsigned --to \(listing)").code == 0)
        #expect(run(eve, "keys revoke ada").code == 0)
        expectAnswer(listing)
        if isInstalled("rclone", package: "rclone", else: "its listing was not tried") {
            expectAnswer("'rclone:\(place.path)/web/plain'")
        }
    }

    @Test func `plan says what remotes would give and how many bytes, and moves nothing`() {
        let stick = Project()
        let (ada, eve) = (project(), project())
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        #expect(run(ada, "push pipelines/many.yaml cell --to '\(stick.path)/s'").code == 0)
        #expect(run(ada, "push pipelines/many.yaml 'next[i=3]' --to '\(stick.path)/s'").code == 0)
        let without = run(eve, "plan pipelines/many.yaml --remotes")
        #expect(without.code == 2 && without.error.contains("no remote is configured"))
        eve.write(
            "bitlaw.yaml",
            "remotes:\n  stick: {path: '\(stick.path)/s'}\n  gone: {path: /nonexistent/store}\n")
        let plan = run(eve, "plan pipelines/many.yaml --remotes")
        #expect(plan.code == 0)
        #expect(plan.output.contains("fetch  next[i=3]  from stick\n"), "\(plan.output)")
        // Twelve times "cell N SEED\n", once that with "next\n".
        #expect(plan.output.contains("13 results would come from stick ("), "\(plan.output)")
        #expect(plan.error.contains("remote gone: /nonexistent/store: no store there"))
        #expect(eve.shell("test -z \"$(find .cache/actions .cache/cas -type f)\"") == 0)
        let json = run(eve, "plan pipelines/many.yaml --remotes --json").output
        #expect(json.contains("\"remotes\":[{\"bytes\":"), "\(json)")
        let dry = run(eve, "pull pipelines/many.yaml --from stick -n")
        #expect(dry.output.hasPrefix("would pull 13 of 25 results"), "\(dry.output)\(dry.error)")
    }

    @Test func `doctor has a line for each remote, with what to do`() {
        let place = Project()
        guard let server = LocalServer.nginx(place, hasPassword: true) else { return }
        place.write("password", "secret\n")
        let ada = project()
        let key = run(ada, "keys new ada").output.prefix(64)
        place.shell("mkdir s")
        let good = "user: ada, password: {file: '\(place.path)/password'}"
        ada.write(
            "config/config.yaml",
            "remotes:\n  lab: {url: '\(server.url)/x', \(good), trust: {signed-by: [ada]}}\n"
                + "  locked: {url: '\(server.url)/x'}\n"
                + "  gone: {url: 'http://127.0.0.1:1/x', retries: 0}\n"
                + "  stranger: {path: '\(place.path)/s', trust: {signed-by: [nobody]}}\n"
                + "  nothing: {path: '\(place.path)/s'}\n")
        let all = run(ada, "doctor --write")
        #expect(all.code == 3)
        let lines = all.output
        #expect(
            lines.contains(
                "ok\tremote lab\t\(server.url)/x: readable and writable; takes a signature by ada\n"
            ),
            "\(lines)")
        #expect(lines.contains("fail\tremote locked\tremote locked: \(server.url)/x/ac/"))
        #expect(lines.contains("the server refuses access (401)"))
        #expect(lines.contains("fail\tremote gone\t"))
        #expect(lines.contains("nobody: a policy names this signer, but no key is known"))
        #expect(lines.contains("fix: bitlaw keys trust nobody"))
        #expect(
            lines.contains("fail\tremote nothing\tremote nothing: \(place.path)/s: no store there"))
        ada.write(
            "config/config.yaml",
            "keys: {ada: \(key)}\nremotes:\n  lab: {url: '\(server.url)/x', \(good), read: false}\n"
        )
        let one = run(ada, "doctor")
        #expect(one.code == 0, "\(one.output)")
        #expect(
            one.output.contains(
                "/x: answers; takes any result, whoever made it; `run` does not ask"))
        #expect(run(ada, "keys revoke ada").code == 0)
        ada.write(
            "config/config.yaml",
            "remotes:\n  lab: {url: '\(server.url)/x', \(good), trust: {signed-by: [ada]}}\n")
        let revoked = run(ada, "doctor")
        #expect(revoked.code == 3)
        #expect(revoked.output.contains("takes a signature by nobody who is left (revoked: ada)"))
    }

    @Test func `no password goes through a proxy that it could be read by`() throws {
        let place = Project()
        guard let server = LocalServer.nginx(place, hasPassword: true) else { return }
        // It notes what comes to it as to a proxy; what it answers does not matter.
        place.shell(
            "mkfifo in; python3 '\(Repository.support("hostile.py"))' . ports 0<>in >/dev/null 2>&1 & "
                + "echo $! > proxy.pid; while ! test -e ports; do sleep 0.01; done")
        defer { place.shell("kill $(cat proxy.pid)") }
        let proxy = "http://127.0.0.1:\(place.read("ports").prefix { $0.isNumber })"
        place.write(
            "netrc",
            "machine cache.example.org login ada password secret\n"
                + "machine 127.0.0.1 login ada password secret\n")
        let environment = "NETRC='\(place.path)/netrc' http_proxy=\(proxy) no_proxy= "
        // What stays on this machine needs no proxy, and passes by it.
        let ada = project()
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        let push = "push pipelines/many.yaml --to \(server.url)/x"
        #expect(run(ada, push, environment).output.hasPrefix("pushed 25 results"))
        #expect(place.read("log").isEmpty)
        let eve = project(
            "remotes:\n  lab: {url: 'http://cache.example.org/x', retries: 0}\n")
        let pulled = run(eve, "pull pipelines/many.yaml", environment)
        #expect(pulled.output.hasPrefix("pulled 0 results"), "\(pulled.error)")
        let log = place.read("log")
        #expect(log.contains(" GET http://cache.example.org/x/ac/"), "\(log)")
        #expect(log.split(separator: "\n").allSatisfy { $0.hasSuffix(" - -") }, "\(log)")
        let named = run(eve, "pull pipelines/many.yaml --from http://ada:secret@127.0.0.1:1/x")
        #expect(named.code == 2)
        #expect(named.error.contains("the address has a name or password in it"))
        #expect(!named.error.contains("secret"))
    }

    @Test func `a source that was added by hand travels with the experiment, and is repaired`()
        throws
    {
        let place = Project()
        guard let server = LocalServer.nginx(place) else { return }
        let ada = project()
        ada.shell("head -c 20000000 /dev/zero > data.bin; sha256sum < data.bin | cut -c1-64 > name")
        let digest = String(ada.read("name").prefix(64))
        let experiment = """
            experiment: p
            seed: 1
            stages:
              size:
                kind: command
                inputs: {inputs: [{url: "http://127.0.0.1:1/data.bin", sha256: \(digest)}]}
                params: {run: [sh, -c, "wc -c < ${inputs.inputs}"]}
            """
        ada.write("pipelines/p.yaml", experiment)
        #expect(run(ada, "add data.bin").code == 0)
        #expect(run(ada, "run pipelines/p.yaml -q").code == 0)
        for to in ["'\(place.path)/stick'", "\(server.url)/x"] {
            let eve = project()
            eve.write("pipelines/p.yaml", experiment)
            // Without the source the result is there all the same: what it read is known.
            #expect(
                run(ada, "push pipelines/p.yaml --to \(to) --max-size 1MB").output.hasPrefix(
                    "pushed 1 result and 2 blobs"))
            let bare = run(eve, "pull pipelines/p.yaml --from \(to)")
            #expect(bare.output.hasPrefix("pulled 1 result and 2 blobs"), "\(bare.error)")
            #expect(bare.output.contains("1 result is not there"))
            let dry = run(ada, "push pipelines/p.yaml --to \(to) -n")
            #expect(dry.output.hasPrefix("would push 0 results and 1 blob (20 MB)"))
            let whole = run(ada, "push pipelines/p.yaml --to \(to)")
            #expect(
                whole.output.hasPrefix("pushed 0 results and 1 blob (20 MB)"), "\(whole.error)")
            let pulled = run(eve, "pull pipelines/p.yaml --from \(to)")
            #expect(pulled.output.hasPrefix("pulled 0 results and 1 blob (20 MB)"))
            #expect(run(eve, "run pipelines/p.yaml").output.hasPrefix("0 ran, 2 cached in "))
            // No result names it as an output; the pin of `add` does.
            let blob = ".cache/cas/\(digest.prefix(2))/\(digest.dropFirst(2)).zst"
            ada.shell("rm -f \(blob)")
            #expect(
                run(ada, "verify --repair").output.contains("lost: \(digest): no result names it"))
            ada.write(
                "bitlaw.yaml", "remotes:\n  lab: {\(to.contains("http") ? "url" : "path"): \(to)}\n"
            )
            #expect(run(ada, "verify --repair").output.contains("fetched: \(digest)\n"))
            #expect(ada.shell("test -e \(blob); code=$?; rm bitlaw.yaml; exit $code") == 0)
        }
    }

    @Test(arguments: ["002", "022", "077"])
    func `two user accounts of a group write one shared folder`(umask: String) throws {
        let loss = "two accounts at one folder were not tried"
        guard isRoot(else: loss), isInstalled("setpriv", package: "util-linux", else: loss) else {
            return
        }
        let place = Project()
        // What docs/sharing.md says: the group's folder, writable, and the set-group-ID bit.
        place.shell(
            "chmod 755 .; mkdir shared; chgrp 4242 shared; chmod 2775 shared; "
                + "cp '\(Project.command)' command; chmod 755 command")
        let configuration = "remotes:\n  lab: {path: '\(place.path)/shared'}\n"
        let people = [(project(configuration), 4001), (project(configuration), 4002)]
        func words(_ person: (Project, Int), _ arguments: String) -> String {
            "(cd '\(person.0.path)'; umask \(umask); export HOME=\"$PWD\" BITLAW_ACCOUNT_SECRET=; "
                + "BITLAW_CONFIG=\"$PWD/config\" "
                + "setpriv --reuid \(person.1) --regid \(person.1) --groups 4242 "
                + "'\(place.path)/command' \(arguments) >.own 2>&1; echo \"exit $?\" >>.own)"
        }
        func run(_ person: (Project, Int), _ arguments: String) -> String {
            place.shell(words(person, arguments))
            return person.0.read(".own")
        }
        for person in people {
            person.0.shell("chmod 755 .; chown -R \(person.1):\(person.1) .")
            #expect(run(person, "keys new person\(person.1)").hasSuffix("exit 0\n"))
            for command in [
                "trust --yes", "run pipelines/many.yaml -j2",
                "sign pipelines/many.yaml --after spot-check", "push pipelines/many.yaml",
            ] {
                let said = run(person, command)
                #expect(said.hasSuffix("exit 0\n"), "\(said)")
            }
        }
        // The second found the first one's results there, executed them and added signatures beside.
        #expect(place.shell("test $(find shared/signatures -type f -user 4002 | wc -l) = 25") == 0)
        #expect(place.shell("test $(find shared/actions -type f -user 4001 | wc -l) = 25") == 0)
        // Both run in one store at the same moment, then each reads what both made.
        place.shell("mkdir store; chgrp 4242 store; chmod 2775 store")
        let store = "--store '\(place.path)/store'"
        place.shell(
            people.map { words($0, "run pipelines/many.yaml -j2 \(store)") + " & " }.joined()
                + "wait")
        for person in people {
            #expect(person.0.read(".own").hasSuffix("exit 0\n"), "\(person.0.read(".own"))")
            let last = run(person, "run pipelines/many.yaml \(store)")
            #expect(last.hasPrefix("0 ran, 25 cached in "), "\(last)")
            #expect(run(person, "verify \(store)").hasSuffix("exit 0\n"))
        }
        // What a killed program of one account left, the other's gc passes by, and its owner removes.
        place.shell(
            "cd store/tmp; mkdir -p attempt-1/work/sub; touch attempt-1/work/sub/f attempt-1.lock; "
                + "chmod 2770 attempt-1 attempt-1/work; chmod 700 attempt-1/work/sub; "
                + "chmod 660 attempt-1.lock; chown -R 4001:4242 attempt-1 attempt-1.lock")
        let passed = run(people[1], "gc \(store)")
        #expect(passed.contains("/store/tmp/attempt-1 is another account's"), "\(passed)")
        #expect(passed.hasSuffix("exit 0\n"), "\(passed)")
        #expect(run(people[1], "verify \(store)").hasSuffix("exit 0\n"))
        #expect(place.shell("test -e store/tmp/attempt-1") == 0)
        #expect(run(people[0], "verify \(store)").hasSuffix("exit 0\n"))
        #expect(place.shell("test -z \"$(ls store/tmp)\"") == 0)
        // Nothing that one account made is out of the other's reach.
        #expect(place.shell("test -z \"$(find shared store ! -group 4242)\"") == 0)
        #expect(place.shell("test -z \"$(find shared store -type d ! -perm -2070)\"") == 0)
        #expect(place.shell("test -z \"$(find shared store -type f ! -perm -0040)\"") == 0)
        // What is each one's own stays so.
        for person in people where umask == "077" {
            #expect(person.0.shell("test -z \"$(find .cache config -type f -perm /0077)\"") == 0)
        }
    }
}
