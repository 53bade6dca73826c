import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing
import Trust

/// What proves that an account made something, tried by stores, results, records and states of others.
@Suite struct MadeHereTests: SharingPeople {
    /// Two stages: a program that leaves a trace where it runs, and one that reads it.
    private func experiment(trace: String = "/dev/null") -> String {
        "experiment: e\nseed: 1\nstages:\n"
            + "  a: {kind: command, params: {run: [sh, -c, \"echo ran >> '\(trace)'; echo hello\"]}}\n"
            + "  b: {kind: command, inputs: {inputs: a}, params: {run: [sh, -c, \"cat ${inputs.inputs}; echo more\"]}}\n"
    }

    private func person(trace: String? = nil) -> Project {
        let person = project()
        // What a program did is told by a file that it wrote; confined, it could write none.
        person.write("config/config.yaml", "programs: unconfined\n")
        person.write("e.yaml", experiment(trace: trace ?? "/dev/null"))
        return person
    }

    /// Somebody's project with its store, handed over as a clone, an archive or a copy that keeps everything.
    private func handOver(_ from: Project, to: Project, by way: String) {
        let script =
            switch way {
            case "clone":
                """
                cd '\(from.path)' && rm -f .cache/.gitignore && git init -q . && git add -f e.yaml .cache &&
                git -c user.name=m -c user.email=m@example.org commit -qm all &&
                git clone -q '\(from.path)' '\(to.path)/c' && mv '\(to.path)/c/.cache' '\(to.path)/'
                """
            case "tar": "tar -C '\(from.path)' -cf t.tar .cache && tar --no-same-owner -xf t.tar"
            default: "cp -a '\(from.path)/.cache' ."
            }
        #expect(to.shell(script) == 0)
    }

    private static let ways = ["clone", "tar", "cp"]

    @Test(arguments: ways)
    func `a store of somebody else runs no program, however it came here`(way: String) throws {
        let mallory = person()
        let eve = person()
        mallory.write("e.yaml", experiment(trace: "\(eve.path)/owned"))
        #expect(run(mallory, "run e.yaml -q").code == 0)
        handOver(mallory, to: eve, by: way)
        eve.shell("rm -f owned .cache/cas/*/*.zst.bad; cp -r .cache kept")
        // Every output is gone, and the descriptions of the keys are there.
        for file in try outputs(of: eve) { eve.shell("rm -f '\(file)'") }
        let repaired = run(eve, "verify --repair")
        #expect(repaired.code == 3)
        #expect(
            repaired.output.contains("nothing proves that you made its result here"),
            "\(repaired.output)")
        #expect(eve.shell("test -e owned") != 0, "a stranger's program was started")
        // Somebody who made the store follows the same recipes without a question.
        for file in try outputs(of: mallory) { mallory.shell("rm -f '\(file)'") }
        let own = run(mallory, "verify --repair")
        #expect(own.code == 0 && own.output.contains("made again"), "\(own.output)\(own.error)")
    }

    /// The files of every output in a store.
    private func outputs(of project: Project) throws -> [String] {
        let store = try Store.open("\(project.path)/.cache", creating: false)
        return try store.allResults().flatMap { $0.outputs }.compactMap {
            store.path(of: $0.digest)
        }
    }

    @Test(arguments: ways)
    func `push and bundle sign nothing of a store of somebody else, and say so`(way: String) throws
    {
        let (mallory, eve) = (person(), person())
        #expect(run(mallory, "run e.yaml -q").code == 0)
        handOver(mallory, to: eve, by: way)
        #expect(run(eve, "keys new eve").code == 0)
        let pushed = run(eve, "push e.yaml --to ./s")
        #expect(pushed.output.hasPrefix("pushed 2 results"), "\(pushed.error)")
        #expect(
            pushed.output.contains("2 results were not made here, and not signed by you\n"),
            "\(pushed.output)")
        #expect(pushed.output.contains("fix: bitlaw sign e.yaml --after spot-check"))
        #expect(eve.shell("ls s/signatures/*/* 2>/dev/null") != 0)
        let bundled = run(eve, "bundle e.yaml")
        #expect(bundled.code == 0)
        #expect(
            bundled.error.contains("note: 2 results were not made here, and not signed by you\n"),
            "\(bundled.error)")
        #expect(eve.shell("zstd -dcq e.bundle.tar.zst | tar -t | grep -q '^signatures/'") != 0)
        // What she makes she signs, and nothing in it tells others of her secret.
        #expect(run(eve, "run e.yaml --force -q").code == 0)
        #expect(run(eve, "push e.yaml --to ./s").output.contains("not made here") == false)
        #expect(eve.shell("test $(ls s/signatures/*/* | wc -l) = 2") == 0)
        #expect(
            eve.shell("grep -l '\"made\"' .cache/actions/*/* && ! grep -l '\"made\"' s/actions/*/*")
                == 0)
    }

    @Test func `an audit certifies nothing that it found in its scratch folder and did not make`()
        throws
    {
        let (mallory, eve) = (person(), person())
        #expect(run(mallory, "run e.yaml -q").code == 0)
        #expect(run(eve, "run e.yaml -q").code == 0)
        eve.shell("mkdir planted; cp -r '\(mallory.path)/.cache' planted/store")
        for options in ["", "--each-alone"] {
            let audit = run(eve, "audit --unconfined e.yaml --scratch planted \(options)")
            #expect(audit.code == 0, "\(audit.output)\(audit.error)")
            #expect(
                audit.error.contains("nothing that lies there is used, everything is executed in "),
                "\(audit.error)")
            #expect(audit.output.hasSuffix("2 actions made again: every output bit-identical\n"))
        }
        let own = run(eve, "audit --unconfined e.yaml --scratch mine")
        #expect(own.code == 0, "\(own.output)")
        #expect(run(eve, "audit --unconfined e.yaml --scratch mine").code == 0)
    }

    @Test func `two of two signers are worth two executions`() throws {
        let (ada, grace, emmy) = (person(), person(), person())
        let keys = [ada, grace].enumerated().map { place, person in
            String(run(person, "keys new \(["ada", "grace"][place])").output.prefix(64))
        }
        #expect(run(ada, "run e.yaml -q").code == 0)
        // Ada's result says something else than the experiment gives.
        try forge(ada)
        #expect(run(ada, "push e.yaml --to '\(emmy.path)/s'").code == 0)
        #expect(run(grace, "pull e.yaml --from '\(emmy.path)/s'").code == 0)
        let pushed = run(grace, "push e.yaml --to '\(emmy.path)/s'")
        #expect(pushed.output.contains("1 result was not made here"), "\(pushed.output)")
        emmy.write(
            "bitlaw.yaml",
            "keys: {ada: \(keys[0]), grace: \(keys[1])}\nremotes:\n  lab: {path: s, trust: "
                + "{signatures: 2, of: [ada, grace]}}\n")
        let pulled = run(emmy, "pull e.yaml")
        #expect(pulled.code == 1 && pulled.output.hasPrefix("pulled 0 results"), "\(pulled.output)")
        #expect(
            pulled.error.contains("expected 2 signatures by ada, grace, found ada"),
            "\(pulled.error)")
        // To sign it she has to execute it, and sees what it gives.
        let refused = run(grace, "sign e.yaml --after spot-check")
        #expect(refused.code == 4, "\(refused.output)\(refused.error)")
        #expect(
            refused.error.contains("nothing is signed: 0 of 1 came out the same here"),
            "\(refused.error)")
        #expect(
            run(grace, "push e.yaml --to '\(emmy.path)/s'").output.contains(
                "1 result was not made"))
        // Both results stand there, and she can tell which of them is hers.
        let why = run(grace, "why e.yaml a").output
        #expect(why.contains("Z, signed by nobody") || why.contains("Z, signed by ada"), "\(why)")
        #expect(why.contains("Z here, signed by nobody you trust"), "\(why)")
    }

    /// Replaces the output of `a` in somebody's store, as its owner can: with their own secret.
    private func forge(_ project: Project) throws {
        let store = try Store.open("\(project.path)/.cache", creating: false)
        let bytes = try #require(bytesOfFile("\(project.path)/config/account.secret"))
        let account = try #require(AccountSecret(bytes: bytes))
        for result in try store.allResults() {
            let key = result.key
            guard store.keyDocument(key)?["inputs"]?.members?.isEmpty != false else { continue }
            let digest = try store.put(Array("FORGED\n".utf8))
            let path = Store.resultPath(store.path, key)
            _ = unsafe unlink(path)
            try store.publish(
                ActionResult(
                    key: key, kind: result.kind, version: result.version,
                    outputs: [.init(name: "out", digest: digest, size: 7)], log: nil, seconds: 0,
                    madeAt: result.madeAt
                ).claimed(by: account))
        }
    }

    @Test
    func `what came from elsewhere is signed once it is executed here, and no more than that`()
        throws
    {
        let (ada, grace) = (person(), person())
        #expect(run(ada, "run e.yaml -q").code == 0)
        #expect(run(ada, "push e.yaml --to ./s").code == 0)
        grace.shell("cp -r '\(ada.path)/s' s")
        #expect(run(grace, "pull e.yaml --from ./s").code == 0)
        let without = run(grace, "sign e.yaml --after spot-check")
        #expect(
            without.code == 2 && without.error.contains("bitlaw keys new NAME"), "\(without.error)")
        #expect(run(grace, "keys new grace").code == 0)
        let dry = run(grace, "sign e.yaml --after spot-check -n")
        #expect(
            dry.output
                == "would sign 2 results: 2 executed again here, 0 made here before\n",
            "\(dry.output)")
        let some = run(grace, "sign e.yaml --after spot-check --share 10%")
        #expect(
            some.output.contains(
                "signed 1 result: 1 executed again here, every output bit-identical, 0 made")
                && some.output.contains(
                    "not signed: 1 result that came from elsewhere and is not in the share"),
            "\(some.output)\(some.error)")
        #expect(grace.shell("test $(ls .cache/signatures/*/* | wc -l) = 1") == 0)
        let rest = run(grace, "sign e.yaml --after spot-check")
        #expect(
            rest.output
                == "signed 2 results: 1 executed again here, every output bit-identical, "
                + "1 made here before\n",
            "\(rest.output)\(rest.error)")
        #expect(grace.shell("test $(ls .cache/signatures/*/* | wc -l) = 2") == 0)
        #expect(run(grace, "push e.yaml --to ./s").output.contains("not made here") == false)
        #expect(run(grace, "sign e.yaml").code == 2)
    }

    @Test func `two accounts share one store, and each signs what it executed itself`() throws {
        let (ada, grace) = (person(), person())
        let shared = "\(ada.path)/shared"
        for (person, name) in [(ada, "ada"), (grace, "grace")] {
            #expect(run(person, "keys new \(name)").code == 0)
        }
        #expect(run(ada, "run e.yaml a -q --store '\(shared)'").code == 0)
        #expect(run(grace, "run e.yaml -q --store '\(shared)'").code == 0)
        let ofGrace = run(grace, "push e.yaml --store '\(shared)' --to '\(ada.path)/s'")
        #expect(
            ofGrace.output.contains("1 result was not made here, and not signed"),
            "\(ofGrace.output)")
        let ofAda = run(ada, "push e.yaml --store '\(shared)' --to '\(ada.path)/s'")
        #expect(
            ofAda.output.contains("1 result was not made here, and not signed"), "\(ofAda.output)")
        #expect(ada.shell("test $(ls s/signatures/*/* | wc -l) = 2") == 0)
        // Both make everything: one result carries the codes of both.
        #expect(run(ada, "run e.yaml --force -q --store '\(shared)'").code == 0)
        #expect(run(grace, "run e.yaml --force -q --store '\(shared)'").code == 0)
        for person in [ada, grace] {
            let pushed = run(person, "push e.yaml --store '\(shared)' --to '\(ada.path)/s'")
            #expect(!pushed.output.contains("not made here"), "\(pushed.output)")
        }
        #expect(ada.shell("test $(ls s/signatures/*/* | wc -l) = 4") == 0)
        #expect(
            ada.shell("! ls shared/actions/*/*.conflict-* s/actions/*/*.conflict-* 2>/dev/null")
                == 0)
    }

    @Test
    func `with another secret, or none, what was made is somebody else's until it is adopted`()
        throws
    {
        let ada = person()
        #expect(run(ada, "keys new ada").code == 0)
        #expect(run(ada, "run e.yaml -q").code == 0)
        ada.shell("rm config/account.secret")
        let lost = run(ada, "push e.yaml --to ./s")
        #expect(lost.output.contains("2 results were not made here"), "\(lost.output)")
        #expect(run(ada, "run e.yaml").output.hasPrefix("0 ran, 2 cached"))
        let dry = run(ada, "adopt -n")
        #expect(
            dry.output.hasPrefix(
                "would adopt 2 results and 1 record of a run; 0 results and 0 records of runs were yours"
            ),
            "\(dry.output)")
        #expect(run(ada, "push e.yaml --to ./s").output.contains("2 results were not made here"))
        let adopted = run(ada, "adopt")
        #expect(adopted.code == 0)
        #expect(
            adopted.output.hasPrefix("adopted 2 results and 1 record of a run; "),
            "\(adopted.output)")
        #expect(
            run(ada, "adopt").output.hasPrefix(
                "adopted 0 results and 0 records of runs; 2 results and 1 record of a run were yours"
            ))
        #expect(!run(ada, "push e.yaml --to ./s").output.contains("not made here"))
        #expect(ada.shell("test $(ls s/signatures/*/* | wc -l) = 2") == 0)
        #expect(run(ada, "verify").code == 0)
    }

    @Test func `adopt takes over nothing whose blobs are damaged or gone, and names it`() throws {
        let ada = person()
        #expect(run(ada, "run e.yaml -q").code == 0)
        ada.shell("rm config/account.secret; cp -a .cache whole")
        let files = try outputs(of: ada)
        #expect(files.count == 2)
        ada.shell(
            "for f in .cache/cas/*/*; do printf x | dd of=$f bs=1 seek=9 conv=notrunc; done 2>/dev/null"
        )
        ada.shell(
            "f=$(ls .cache/runs/*.json); sed -i 's/\"experiment\":\"e\"/\"experiment\":\"f\"/' $f")
        ada.shell("ln -s /etc/passwd .cache/runs/2099-01-01T00-00-00Z-000000-99-00000000.json")
        for (option, word) in [("-n", "would adopt"), ("", "adopted")] {
            let outcome = run(ada, "adopt \(option)")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.contains("of command: output out ("), "\(outcome.output)")
            #expect(outcome.output.contains("has no good copy"))
            #expect(outcome.output.contains("not adopted: record 2099-01-01T00-00-00Z-000000-99-"))
            #expect(outcome.output.contains("it is damaged, or of a newer version"))
            #expect(outcome.output.contains("\(word) 0 results and 0 records of runs; "))
        }
        ada.shell("rm -rf .cache; mv whole .cache")
        for file in files { ada.shell("rm -f '\(file)'") }
        let gone = run(ada, "adopt")
        #expect(
            gone.code == 0 && gone.output.contains("2 not adopted, 0 damaged"), "\(gone.output)")
    }

    @Test func `a code of another result or account, and a forged record, prove nothing`() throws {
        let (mallory, eve) = (person(), person())
        #expect(run(eve, "keys new eve").code == 0)
        #expect(run(eve, "run e.yaml a -q").code == 0)
        #expect(run(mallory, "run e.yaml -q").code == 0)
        // Mallory knows a result of Eve's, with its code, and a record of hers.
        let hers = try Store.open("\(eve.path)/.cache", creating: false)
        let codes = try hers.allResults().flatMap { $0.made }
        #expect(codes.count == 1)
        let his = try Store.open("\(mallory.path)/.cache", creating: false)
        let known = Set(try hers.keysOfResults())
        for result in try his.allResults() where !known.contains(result.key) {
            try writeWholeFile(
                result.marked(codes).json.canonical(),
                to: Store.resultPath(his.path, result.key), .none)
        }
        mallory.shell(
            """
            cp '\(eve.path)'/.cache/runs/*.json old
            key=$(grep -o '"key":"[0-9a-f]*"' old | head -1 | cut -d'"' -f4)
            for other in .cache/actions/*/*.json; do
              name=$(echo $other | sed 's|.cache/actions/||; s|/||; s|.json||')
              sed "s/$key/$name/" old | head -n -1 > body
              code=$(tail -1 old | grep -o '"made":"[0-9a-f]*"')
              { cat body; echo "\\"sha256\\":\\"$(sha256sum < body | head -c64)\\",$code}"; } \
                > .cache/runs/2027-01-01T00-00-00Z-000000-9-$(echo $name | head -c8).json
            done
            """)
        eve.shell("rm -rf .cache; cp -a '\(mallory.path)/.cache' .cache")
        let pushed = run(eve, "push e.yaml --to ./s")
        #expect(pushed.output.contains("2 results were not made here"), "\(pushed.output)")
        for file in try outputs(of: eve) { eve.shell("rm -f '\(file)'") }
        let repaired = run(eve, "verify --repair")
        #expect(
            repaired.code == 3
                && repaired.output.contains("nothing proves that you made its result"),
            "\(repaired.output)")
    }

    @Test func `a run without a secret goes on, says so once, and keeps no secret anywhere`() throws
    {
        let ada = person()
        // Without a folder for a word of approval, our own kinds alone run.
        ada.write(
            "e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: spiral.manifold}\n"
                + "  b: {kind: spiral.manifold, params: {turns: 3}}\n")
        let outcome = ada.bitlaw(
            "run e.yaml",
            environment:
                "env -u HOME -u XDG_CONFIG_HOME -u BITLAW_CONFIG -u BITLAW_ACCOUNT_SECRET")
        #expect(outcome.code == 0 && outcome.output.hasPrefix("2 ran"), "\(outcome.error)")
        #expect(
            outcome.error.components(
                of: "no secret of your account can be read or made (HOME is not set)")
                == 1, "\(outcome.error)")
        #expect(ada.shell("! grep -l '\"made\"' .cache/actions/*/* .cache/runs/*") == 0)
    }

    @Test func `a secret that others may read ends the command, and says what to do`() throws {
        let ada = person()
        ada.shell("head -c 32 /dev/urandom > secret; chmod 644 secret")
        let outcome = ada.bitlaw(
            "run e.yaml", environment: "BITLAW_ACCOUNT_SECRET='\(ada.path)/secret'")
        #expect(outcome.code == 3 && outcome.error.contains("found mode 644\n  fix: chmod 600 '"))
        #expect(
            ada.shell(
                "chmod 600 secret; mkdir config; echo 'account-secret: ../secret' > config/config.yaml"
            ) == 0)
        #expect(run(ada, "run e.yaml -q").code == 0)
        #expect(ada.shell("test ! -e config/account.secret") == 0)
        ada.write("bitlaw.yaml", "account-secret: secret\n")
        let refused = ada.bitlaw("plan e.yaml")
        #expect(refused.code == 2 && refused.error.contains("account-secret"), "\(refused.error)")
    }

    @Test(arguments: ["000", "027", "077"])
    func `the secret is for its owner alone, whatever the umask`(mask: String) throws {
        let ada = person()
        ada.shell(
            "umask \(mask); export BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG=\"$PWD/config\"; "
                + "'\(Project.command)' trust --yes; '\(Project.command)' run e.yaml -q")
        #expect(ada.shell("test \"$(stat -c %a config/account.secret)\" = 600") == 0)
    }
}

extension String {
    /// How often another text stands in this one.
    fileprivate func components(of other: String) -> Int { ranges(of: other).count }
}
