import Canon
import Glibc
import LocalStore
import Remotes
import System
import Testing
import Trust

/// Results that somebody forged, by every way on which results come to a run: none is used that the
/// policy does not let through, and nothing is computed from it.
@Suite(.serialized) struct SharingTrustTests: SharingPeople {
    /// What a forged result carries.
    enum Forgery: CaseIterable, Sendable {
        /// Nothing.
        case unsigned
        /// The signature of somebody whom nobody trusts.
        case stranger
        /// The trusted signer's signature of the true result.
        case misplaced
        /// The signature of a key that was stolen, and revoked.
        case revoked
    }

    /// How it comes to the run.
    enum Way: CaseIterable, Sendable { case own, layer, folder, server }

    /// Ada's results, all signed, with one of them forged, in a folder and at a server.
    private struct World {
        let place: Project
        let ada: Project
        let key: String
        let server: LocalServer?
        var store: String { "\(place.path)/s" }
    }

    /// The small experiment in its smallest form: two cells, one after each, and the sum.
    private func person(_ configuration: String = "") -> Project {
        let person = project(configuration)
        person.write("pipelines/many.yaml", manyCells.replacing("count: 12", with: "count: 2"))
        return person
    }

    private func forge(_ forgery: Forgery, atServer: Bool) throws -> World? {
        let ada = person()
        let key = String(run(ada, "keys new ada").output.prefix(64))
        #expect(run(ada, "run pipelines/many.yaml -q -j2").code == 0)
        let place = Project()
        #expect(run(ada, "push pipelines/many.yaml --to '\(place.path)/s'").code == 0)
        let store = try Store.open("\(place.path)/s")
        let record = try #require(
            try Store.open("\(ada.path)/.cache").runNames().first.flatMap {
                try Store.open("\(ada.path)/.cache").run($0)
            })
        let cell = record["actions"]?.elements?.first { $0["name"]?.text == "cell[i=0]" }
        let hex = try #require(cell?["key"]?.text)
        let actionKey = try Digest(hex: hex)
        let good = try #require(try store.result(for: actionKey)?.result)
        let signatures = try store.signatures(of: good)
        #expect(signatures.count == 1)
        place.shell("rm -f s/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json")
        let bad = ActionResult(
            key: actionKey, kind: good.kind, version: good.version,
            outputs: [.init(name: "out", digest: try store.put(Array("forged\n".utf8)), size: 7)],
            log: nil, seconds: 0, madeAt: good.madeAt)
        #expect(good.outputs.map { $0.name } == ["out"])
        try store.publish(bad)
        switch forgery {
        case .unsigned: break
        case .stranger:
            try store.add(
                signatures: [#require(bad.signature(by: SigningKey()))], of: bad)
        case .misplaced:
            // Under the name of a signature of the forged result, or nobody would look at it.
            try store.add(signatures: signatures, of: bad)
        case .revoked:
            let stolen = try SigningKey(fileAt: "\(ada.path)/config/keys/ada.pem")
            try store.add(signatures: [#require(bad.signature(by: stolen))], of: bad)
        }
        guard atServer else { return World(place: place, ada: ada, key: key, server: nil) }
        guard let server = LocalServer.nginx(place) else { return nil }
        // Only the results that do not depend on the forged one: the others have other keys for whoever
        // believes it.
        let pushed = run(
            ada,
            "push pipelines/many.yaml cell --unsigned --store '\(place.path)/s' --to \(server.url)/x"
        )
        #expect(pushed.output.hasPrefix("pushed 2 results"), "\(pushed.error)")
        return World(place: place, ada: ada, key: key, server: server)
    }

    private func reader(
        _ world: World, way: Way, rule: String, keys: String
    ) -> Project {
        let eve = person()
        let trust = rule.isEmpty ? "" : ", trust: \(rule)"
        switch way {
        case .own:
            eve.shell("cp -r '\(world.store)' .cache")
            eve.write("bitlaw.yaml", keys + (rule.isEmpty ? "" : "trust: \(rule)\n"))
        case .layer:
            eve.write("bitlaw.yaml", keys + "stores: [{path: '\(world.store)'\(trust)}]\n")
        case .folder:
            eve.write(
                "bitlaw.yaml", keys + "remotes:\n  lab: {path: '\(world.store)'\(trust)}\n")
        case .server:
            eve.write(
                "bitlaw.yaml",
                keys + "remotes:\n  lab: {url: '\(world.server?.url ?? "")/x'\(trust)}\n")
        }
        return eve
    }

    @Test(arguments: Way.allCases, Forgery.allCases)
    func `a forged result is not used, nothing is computed from it, and the reason is told`(
        way: Way, forgery: Forgery
    ) throws {
        guard let world = try forge(forgery, atServer: way == .server) else { return }
        let keys = "keys: {ada: \(world.key), grace: \(String(repeating: "7", count: 64))}\n"
        let eve = reader(
            world, way: way, rule: "{signed-by: [ada, grace]}", keys: keys)
        // Whoever believes everybody computes from what was forged: the test would notice.
        if forgery == .unsigned {
            let believer = reader(world, way: way, rule: "", keys: keys)
            #expect(run(believer, "run pipelines/many.yaml -q -j2").code == 0)
            #expect(try believer.digests() != world.ada.digests())
        }
        if forgery == .revoked { #expect(run(eve, "keys revoke \(world.key)").code == 0) }
        let outcome = run(eve, "run pipelines/many.yaml -j2")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(try eve.digests() == world.ada.digests())
        #expect(outcome.error.contains("is not used: expected a signature by "), "\(outcome.error)")
        let reason =
            switch forgery {
            case .unsigned: "by ada, grace, found none of them"
            case .stranger, .misplaced:
                "by ada, grace, found none of them (and 1 that does not count)"
            case .revoked: "by grace (revoked: ada), found none of them (and 1 that does not count)"
            }
        #expect(outcome.error.contains(reason), "\(outcome.error)")
        // Of the true ones all are used that the rule lets through, and no more.
        let ran = forgery == .revoked ? 5 : way == .server ? 4 : 1
        let cached = 5 - ran
        #expect(
            outcome.output.hasPrefix("\(ran) ran" + (cached > 0 ? ", \(cached) cached" : " in ")),
            "\(outcome.output)")
        // Nor does anything that looks at results see it.
        let why = run(eve, "why pipelines/many.yaml 'cell[i=0]'")
        #expect(why.code == 0, "\(why.error)")
    }

    @Test func `what the store's own rule would not let be used is not fetched into it`() throws {
        guard let world = try forge(.unsigned, atServer: false) else { return }
        let eve = person(
            "keys: {ada: \(world.key)}\ntrust: {signed-by: [ada]}\n"
                + "remotes:\n  lab: {path: '\(world.store)'}\n")
        let reason =
            "the store that it would go into: expected a signature by ada, found none of them"
        let pulled = run(eve, "pull pipelines/many.yaml 'cell[i=0]'")
        #expect(pulled.code == 1)
        #expect(pulled.error.contains("refused: cell[i=0]: \(reason)"), "\(pulled.error)")
        #expect(eve.shell("test -z \"$(find .cache/cas .cache/actions -type f)\"") == 0)
        let outcome = run(eve, "run pipelines/many.yaml -j2")
        #expect(outcome.error.contains("is not used: \(reason)"), "\(outcome.error)")
        #expect(outcome.output.hasPrefix("1 ran, 4 cached, 4 of these from remotes"))
        #expect(try eve.digests() == world.ada.digests())
    }

    @Test func `a rule holds by whatever name its remote is called`() throws {
        guard let world = try forge(.unsigned, atServer: true), let server = world.server else {
            return
        }
        world.place.shell("ln -s s other")
        let eve = person(
            "keys: {ada: \(world.key)}\nremotes:\n"
                + "  stick: {path: '\(world.store)', trust: {signed-by: [ada]}}\n"
                + "  lab: {url: '\(server.url)/x', trust: {signed-by: [ada]}}\n")
        for place in [
            "stick", "'\(world.store)'", "'\(world.place.path)/other/'", "'\(server.url)/x/'",
        ] {
            let pulled = run(eve, "pull pipelines/many.yaml 'cell[i=0]' --from \(place)")
            #expect(pulled.code == 1, "\(place): \(pulled.output)")
            #expect(pulled.error.contains("expected a signature by ada"), "\(pulled.error)")
        }
        eve.shell("rm -rf .cache")
        eve.write(
            "bitlaw.yaml",
            "keys: {ada: \(world.key)}\n"
                + "stores: [{path: '\(world.store)', trust: {signed-by: [ada]}}]\n")
        let also = run(eve, "run pipelines/many.yaml -j2 --also '\(world.place.path)/other'")
        #expect(also.error.contains("is not used: expected a signature by ada"), "\(also.error)")
        #expect(try eve.digests() == world.ada.digests())
    }

    @Test func `a recipe that starts a stranger's program is not followed unless it is asked for`()
        throws
    {
        let mallory = Project()
        let eve = person()
        // What a program did is told by a file that it wrote; confined, it could write none.
        for each in [mallory, eve] {
            each.write("config/config.yaml", "programs: unconfined\n")
        }
        mallory.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: command, params: {run: [sh, -c, "
                + "\"touch '\(eve.path)/owned'; echo hello\"]}}\n")
        #expect(run(mallory, "run pipelines/e.yaml -q").code == 0)
        #expect(
            run(mallory, "push pipelines/e.yaml --tag nice --to '\(mallory.path)/s'").code == 0)
        eve.shell("rm -f owned")
        // Results without outputs: everything of them has to be brought back.
        let pull = "pull --tag nice --from '\(mallory.path)/s' --meta-only"
        #expect(run(eve, pull).output.hasPrefix("pulled 1 result and "))
        let repaired = run(eve, "verify --repair")
        #expect(repaired.code == 3)
        #expect(
            repaired.output.contains(
                "its recipe starts a program, and nothing proves that you made its result here: "
                    + "[\"sh\",\"-c\","
            ),
            "\(repaired.output)")
        #expect(repaired.output.contains("fix: bitlaw run the experiment; or, if"))
        #expect(eve.shell("test -e owned") != 0, "a stranger's program was started")
        #expect(run(eve, "verify --commands").code == 2)
        #expect(run(eve, "verify --repair --commands").code == 0)
        #expect(eve.shell("test -e owned") == 0)
        let spot = run(eve, "pull --tag nice --from '\(mallory.path)/s' --spot-check 100%")
        #expect(spot.code == 2 && spot.error.contains("expected an experiment file"))
        eve.shell("rm -rf .cache")
        eve.write(
            "bitlaw.yaml", "remotes:\n  lab: {path: '\(mallory.path)/s', spot-check: 2%}\n")
        let tagged = run(eve, "pull --tag nice")
        #expect(tagged.code == 0)
        #expect(tagged.error.contains("what comes by a tag is not spot-checked"))
    }
}
