import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing
import Trust

/// Audits, locks and comparisons, as a person runs them.
@Suite struct AuditTests {
    /// Two stages whose first prints a number of a file that the key does not know.
    private func project(_ text: String = "{\"value\": 0.5}") -> Project {
        let project = Project()
        project.write("truth", text)
        project.write(
            "pipelines/a.yaml",
            """
            experiment: a
            seed: 1
            axes: {i: {count: 3}}
            stages:
              base: {kind: command, params: {run: [cat, "\(project.path)/truth"]}}
              each:
                kind: command
                over: [i]
                inputs: {inputs: base}
                params: {run: [sh, -c, "cat ${inputs.inputs}; echo ${i}"]}
              all: {kind: command, inputs: {inputs: each}, params: {run: [cat, "${inputs.inputs}"]}}
            """)
        _ = project.bitlaw("run pipelines/a.yaml")
        return project
    }

    @Test func `a difference is listed with its value, and followed to where it entered`() throws {
        let project = project()
        let good = project.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(
            good.output == Project.notConfined
                + "5 actions made again: every output bit-identical\n")
        #expect(good.code == 0)
        project.write("truth", "{\"value\": 0.75}")
        let bad = project.bitlaw(
            "audit --unconfined pipelines/a.yaml --report r.json --junit r.xml")
        #expect(bad.code == 4)
        #expect(
            bad.output.contains(
                "  JSON: 1 of 1 value differs; first value: 0.5 → 0.75; largest distance "
                    + "2251799813685248 ulp, relative 0.3333\n"
                    + "  the difference enters here: every input is as recorded"))
        #expect(bad.output.contains("  the difference comes from base\n"))
        #expect(
            bad.output.contains("the environment is the one in which these results were made\n"))
        #expect(bad.output.contains("differences enter at: base\n"))
        #expect(bad.output.hasSuffix("5 outputs differ in 5 actions\n"))
        let report = try JSON(parsing: project.read("r.json"))
        #expect(report["counts"]?["different"] == 5)
        #expect(report["actions"]?.elements?[1]["entered"] == ["base"])
        #expect(project.read("r.xml").contains("tests=\"5\" failures=\"5\" errors=\"0\""))
        #expect(
            project.shell(
                "python3 -c 'import xml.etree.ElementTree as e; e.parse(\"r.xml\")'") == 0)
    }

    @Test func `with its recorded inputs each action stands alone`() {
        let project = project()
        project.write("truth", "2")
        let all = project.bitlaw("audit --unconfined pipelines/a.yaml --each-alone")
        #expect(all.code == 4)
        #expect(all.output.hasSuffix("1 output differs in 5 actions\n"))
        let one = project.bitlaw("audit --unconfined pipelines/a.yaml 'each[i=1]' --each-alone")
        #expect(
            one.output == Project.notConfined + "1 action made again: every output bit-identical\n")
        let chain = project.bitlaw("audit --unconfined pipelines/a.yaml 'each[i=1]'")
        #expect(chain.output.hasSuffix("2 outputs differ in 2 actions\n"))
    }

    @Test func `a tolerance is a third verdict, and never the default`() {
        let project = project("{\"value\": 1}")
        project.write("truth", "{\"value\": 1.0000001}")
        #expect(project.bitlaw("audit --unconfined pipelines/a.yaml base").code == 4)
        let within = project.bitlaw("audit --unconfined pipelines/a.yaml base --tolerance 1e-6")
        #expect(within.code == 0)
        #expect(within.output.hasPrefix("within tolerance: base/out (command/3)\n"))
        #expect(
            within.output.hasSuffix(
                "0 outputs differ in 1 action, 1 more is within the tolerance\n"))
        #expect(
            project.bitlaw("audit --unconfined pipelines/a.yaml base --tolerance 1e-9").code == 4)
    }

    @Test func `what cannot be made or compared is exit code 1`() {
        let project = project()
        project.shell("rm truth")
        let failed = project.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(failed.code == 1)
        #expect(failed.output.contains("base (command/3): cat ended with exit code 1\n"))
        #expect(failed.output.contains("all (command/3): not made: base failed\n"))
        project.shell("sed -i 's/echo ..i./& ${seed}/' pipelines/a.yaml")
        let missing = project.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(missing.code == 1)
        // `base` is as it was; what reads it is given a seed now.
        #expect(missing.output.contains("4 actions have no result to audit\n"))
    }

    @Test func `what differs between the machines is told, the arithmetic before all`() throws {
        let project = project()
        let record = try JSON(
            parsing: project.read(".cache/runs/" + (runs(project).first ?? "") + ".json"))
        let own = try #require(record["environment"]?["numerics"]?.text)
        #expect(project.bitlaw("doctor --numeric").output.hasPrefix("fingerprint\t\(own)\t"))
        project.write("truth", "1")
        project.shell(
            "chmod -R u+w .cache; sed -i 's/\"libc\":\"[^\"]*/\"libc\":\"glibc 1/' .cache/runs/*")
        let same = project.bitlaw("audit --unconfined pipelines/a.yaml base").output
        #expect(
            same.contains("the environments differ (recorded → here):\n  libc: glibc 1 → "),
            "\(same)")
        #expect(
            same.contains(
                "the arithmetic is the same: the numeric battery gives the same bits there and here\n"
            ))
        project.shell("sed -i 's/\"numerics\":\"..../\"numerics\":\"zzzz/' .cache/runs/*")
        let other = project.bitlaw("audit --unconfined pipelines/a.yaml base --report r.json")
        #expect(other.code == 4)
        #expect(
            other.output.contains(
                "the arithmetic differs: the numeric battery gives other bits here"))
        #expect(try JSON(parsing: project.read("r.json"))["sameArithmetic"] == false)
    }

    @Test func `a sample has every kind, and the same seed draws the same`() {
        let project = Project()
        project.write("pipelines/many.yaml", manyCells)
        _ = project.bitlaw("run pipelines/many.yaml")
        let first = project.bitlaw(
            "audit --unconfined pipelines/many.yaml --sample 20% --each-alone --json")
        let again = project.bitlaw(
            "audit --unconfined pipelines/many.yaml --sample 20% --each-alone --json")
        let other = project.bitlaw(
            "audit --unconfined pipelines/many.yaml --sample 20% --each-alone --seed 1 --json")
        func names(_ outcome: Project.Outcome) -> [String] {
            ((try? JSON(parsing: outcome.output))?["actions"]?.elements ?? []).compactMap {
                $0["action"]?.text
            }
        }
        #expect(names(first).count == 5)
        let chain = project.bitlaw("audit --unconfined pipelines/many.yaml --sample 1 --seed 3")
        #expect(
            chain.output.hasPrefix(
                Project.notConfined + "a sample of 1 of 25 actions, seed 3; with what they need, "),
            "\(chain.output)")
        #expect(names(first) == names(again))
        #expect(names(first) != names(other))
        #expect(project.bitlaw("audit --unconfined pipelines/many.yaml --sample 0%").code == 2)
    }

    @Test func `a result that was changed in the store is contradicted by the run that made it`()
        throws
    {
        let project = project()
        let store = try Store.open("\(project.path)/.cache")
        let text = project.bitlaw("show pipelines/a.yaml base").output
        let line = text.split(separator: "\n").first { $0.hasPrefix("  key") }
        let key = try Digest(hex: String(line?.split(separator: " ").last ?? ""))
        let made = try #require(try store.result(for: key)?.result)
        project.write("forged", "{\"value\": 0.25}")
        let (digest, size) = try store.put(fileAt: "\(project.path)/forged")
        try store.forget(key, reason: "this test")
        try store.publish(
            ActionResult(
                key: key, kind: made.kind, version: made.version,
                outputs: [ActionResult.Output(name: "out", digest: digest, size: size)],
                log: nil, seconds: 0, madeAt: made.madeAt))
        let audit = project.bitlaw("audit --unconfined pipelines/a.yaml")
        #expect(audit.code == 4)
        #expect(audit.output.contains("first value: 0.25 → 0.5;"))
        let run = try #require(store.runNames().first)
        #expect(
            audit.output.contains(
                "  run \(run) recorded the bits that were found, not those that are expected\n"))
        // What follows from it has other keys, and no results; a record still names what there was.
        #expect(
            audit.output.contains(
                "4 actions have no result to audit\n  fix: bitlaw run pipelines/a.yaml; or compare "
                    + "with what a run recorded, --against \(run)\n"))
        let record = project.bitlaw("audit --unconfined pipelines/a.yaml --against \(run)")
        #expect(
            record.output == Project.notConfined
                + "5 actions made again: every output bit-identical\n")
    }

    @Test func `an audit leaves a read-only store as it was`() {
        let project = project()
        project.shell("find .cache | sort > before; chmod -R a-w .cache")
        let outcome = project.bitlaw("audit --unconfined pipelines/a.yaml")
        if geteuid() == 0 {
            skip("root may write everywhere, so no unwritable folder was tried")
        }
        #expect(outcome.code == 0)
        #expect(project.shell("find .cache | sort | cmp -s - before") == 0)
    }

    @Test func `a lock file has one fact a line, and a locked run says what differs`() {
        let project = project()
        let lock = project.bitlaw("lock pipelines/a.yaml")
        #expect(lock.output == "pipelines/a.yaml.lock: 5 actions, 5 outputs\n")
        let lines = project.read("pipelines/a.yaml.lock").split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines[0] == "bitlaw lock 1")
        #expect(lines[2].hasPrefix("action "))
        #expect(lines[2].hasSuffix(" - command/3 base"))
        #expect(project.bitlaw("run pipelines/a.yaml --locked").code == 0)
        #expect(project.bitlaw("diff pipelines/a.yaml.lock pipelines/a.yaml").code == 0)
        #expect(
            project.bitlaw("audit --unconfined pipelines/a.yaml --against pipelines/a.yaml.lock")
                .code == 0)

        project.shell("sed -i 's/echo ${i}/echo +${i}/' pipelines/a.yaml")
        let changed = project.bitlaw("run pipelines/a.yaml --locked")
        #expect(changed.code == 4)
        #expect(changed.output.contains("not as locked: each[i=1]: another key\n"))
        #expect(
            changed.output.contains(
                "parameter run: [\"sh\",\"-c\",\"cat ${inputs.inputs}; echo 1\"] → [\"sh\",\"-c\",\"cat ${inputs.inputs}; echo +1\"]"
            ))
        let difference = project.bitlaw("diff previous newest --origins")
        #expect(difference.code == 4)
        #expect(
            difference.output.hasSuffix(
                "4 actions differ; a difference begins in 3 of them, 1 differs only through its inputs "
                    + "(5 in run "
                    + runs(project)[1] + ", 5 in run " + runs(project)[0] + ")\n"))
        #expect(project.bitlaw("run pipelines/b.yaml --locked").code == 2)
    }

    private func runs(_ project: Project) -> [String] {
        (try? Store.open("\(project.path)/.cache").runNames()) ?? []
    }

    @Test func `two stores are compared by key and then by name`() {
        let (mine, yours) = (project("1"), project("1"))
        // The same experiment, but for the path of the file that it reads.
        let same = mine.bitlaw("diff .cache .cache")
        #expect(same.output == "the same: 5 actions\n")
        let other = mine.bitlaw("diff .cache '\(yours.path)/.cache' --json")
        #expect(other.code == 4)
        #expect(other.output.contains("\"action\":\"a: base\""))
        #expect(other.output.contains("\"field\":\"parameter run\""))
        // Only `base` has another key: what it gives has the same bits.
        #expect(!other.output.contains("\"action\":\"a: all\""))
    }

    @Test func `a damaged lock file is refused with its line`() {
        let project = project()
        _ = project.bitlaw("lock pipelines/a.yaml")
        project.shell("sed -i '4s/output ./output x/' pipelines/a.yaml.lock")
        let outcome = project.bitlaw("run pipelines/a.yaml --locked")
        #expect(outcome.code == 3)
        #expect(
            outcome.error.hasPrefix(
                "error: pipelines/a.yaml.lock:4: expected output, digest, name, and the action above"
            ))
    }

    @Test func `signed audits are merged, and only given keys count`() throws {
        let project = project()
        for name in ["ann", "bob", "eve"] {
            try SigningKey().write(to: "\(project.path)/\(name).key")
        }
        for name in ["ann", "bob"] {
            let audit = project.bitlaw(
                "audit --unconfined pipelines/a.yaml --sign \(name).key --attestation \(name).json")
            #expect(audit.code == 0)
        }
        let good = project.bitlaw(
            "audit --merge ann.json bob.json ann.json --key ann.key.pub --key bob.key.pub --at-least 2"
        )
        #expect(good.code == 0)
        #expect(good.output.contains("each[i=1]: 2 of 2 signers agree\n"))
        #expect(
            good.output.hasSuffix(
                "5 of 5 actions: 2 signers, at least 2 agree and none differ\n"))
        project.write("truth", "{\"value\": 1}")
        let eve = project.bitlaw(
            "audit --unconfined pipelines/a.yaml --sign eve.key --attestation eve.json")
        #expect(eve.code == 4)
        let without = project.bitlaw(
            "audit --merge ann.json eve.json --key ann.key.pub --key bob.key.pub")
        #expect(without.code == 0)
        #expect(
            without.output.contains("not counted: eve.json is signed by none of the given keys"))
        let with = project.bitlaw(
            "audit --merge ann.json bob.json eve.json --key ann.key.pub --key bob.key.pub "
                + "--key eve.key.pub")
        #expect(with.code == 4)
        #expect(with.output.contains("base: 2 of 3 signers agree\n  out "))
        // What was signed cannot be changed: one digit of the payload, and nobody signed it.
        project.shell("sed -i '/payload\"/s/A/B/10' ann.json")
        let forged = project.bitlaw("audit --merge ann.json --key ann.key.pub")
        #expect(forged.code != 0)
        // Neither this machine's name nor the user's may be in what is handed on.
        var name = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&name, 255)
        let payload = Base64.decode(
            (try JSON(parsing: project.read("bob.json")))["payload"]?.text ?? "")
        let text = String(decoding: payload ?? [], as: UTF8.self)
        #expect(text.contains("urn:bitlaw:audit:v1"))
        let host = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(host.isEmpty || host == "localhost" || !text.contains(host))
        #expect(!text.contains(project.path))
    }
}
