import Testing

/// Bundles under a policy of trust: whose signatures they carry, and what a store takes from them.
@Suite struct BundleTrustTests {
    /// A person: a project of their own with the same experiment, and a configuration of their own.
    private func person(_ configuration: String = "") -> Project {
        let project = Project()
        project.write("config/config.yaml", "programs: allowed\n")
        project.write("pipelines/many.yaml", manyCells.replacing("count: 12", with: "count: 2"))
        if !configuration.isEmpty { project.write("bitlaw.yaml", configuration) }
        return project
    }

    private func run(_ project: Project, _ arguments: String) -> Project.Outcome {
        project.bitlaw(
            arguments, environment: "BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG='\(project.path)/config'")
    }

    /// A person with a key who made every result; the key's 64 digits.
    private func maker(_ name: String) -> (project: Project, key: String) {
        let project = person()
        let key = String(run(project, "keys new \(name)").output.prefix(64))
        #expect(run(project, "run pipelines/many.yaml -q -j2").code == 0)
        return (project, key)
    }

    private let bundle = "bundle pipelines/many.yaml --to b"

    @Test func `a store that asks for a signature takes it from a bundle, and nothing without it`()
    {
        let (ada, key) = maker("ada")
        #expect(run(ada, bundle).code == 0)
        #expect(run(ada, "bundle pipelines/many.yaml --unsigned --to bare").code == 0)
        let grace = person("keys: {ada: \(key)}\ntrust: {signed-by: [ada]}\n")
        let bare = run(grace, "bundle import '\(ada.path)/bare'")
        #expect(bare.code == 4)
        #expect(
            bare.output.contains(
                "sum: not taken, expected a signature by ada, found none of them\n"))
        #expect(bare.output.hasSuffix("0 results taken, 0 were there, 0 blobs\n"))
        #expect(grace.shell("find .cache -name '*.zst' | grep -q .") != 0)
        let checked = run(grace, "bundle verify '\(ada.path)/bare'")
        #expect(checked.code == 4)
        #expect(
            checked.output.contains(
                "0 of 5 results have what the store asks for, a signature by ada\n"))

        let good = run(grace, "bundle verify '\(ada.path)/b'")
        #expect(good.code == 0, "\(good.output)\(good.error)")
        #expect(good.output.contains("signed by ada: 5 of 5 results\n"))
        #expect(good.output.contains("5 of 5 results have what the store asks for"))
        let taken = run(grace, "bundle import '\(ada.path)/b'")
        #expect(taken.code == 0, "\(taken.output)\(taken.error)")
        #expect(taken.output.hasSuffix("5 results taken, 0 were there, 10 blobs\n"))
        #expect(run(grace, "run pipelines/many.yaml").output.hasPrefix("0 ran, 5 cached in "))

        // The key is lost: what it signed is found, not used, and not taken again.
        #expect(run(grace, "keys revoke \(key)").output.contains("5 results in"))
        #expect(run(grace, "run pipelines/many.yaml -n").code != 3)
        let after = run(grace, "bundle import '\(ada.path)/b'")
        #expect(after.code == 4)
        #expect(
            after.output.contains(
                "sum: not taken, expected a signature by nobody who is left (revoked: ada), found "
                    + "none of them (and 1 that does not count)\n"))
        let refused = run(grace, "bundle verify '\(ada.path)/b' --key \(key)")
        #expect(refused.code == 3)
        #expect(refused.error.contains("this key was revoked, as "))
        // Where any result is taken, a revoked key is at least told.
        let eve = person()
        #expect(run(eve, "keys revoke \(key)").code == 0)
        #expect(
            run(eve, "bundle import '\(ada.path)/b'").output.contains(
                "5 results are signed by \(key.prefix(16)) (revoked)\n"))
    }

    @Test func `k of n: signatures travel on in a bundle, and are joined with those of the store`()
    {
        let (ada, first) = maker("ada")
        let (bob, second) = maker("bob")
        #expect(run(ada, bundle).code == 0)
        // Bob has made the same bits; Ada's signatures come to his results, and go on with his own.
        #expect(
            run(bob, "bundle import '\(ada.path)/b'").output
                == "0 results taken, 5 were there, 0 blobs\n")
        #expect(run(bob, bundle).code == 0)
        let keys =
            "keys: {ada: \(first), bob: \(second), emmy: \(String(repeating: "7", count: 64))}\n"
        let grace = person(keys + "trust: {signatures: 2, of: [ada, bob, emmy]}\n")
        let alone = run(grace, "bundle import '\(ada.path)/b'")
        #expect(alone.code == 4)
        #expect(
            alone.output.contains(
                "sum: not taken, expected 2 signatures by ada, bob, emmy, found ada\n"))
        #expect(run(grace, "bundle import '\(bob.path)/b'").code == 0)
        #expect(run(grace, "run pipelines/many.yaml").output.hasPrefix("0 ran, 5 cached in "))
        // By hand the same count: as names, digits or files, each key once.
        let by = "--key \(first) --key ada --key '\(bob.path)/config/keys/bob.pem.pub'"
        #expect(run(ada, "bundle verify '\(bob.path)/b' \(by) --at-least 2").code == 0)
        #expect(run(ada, "bundle verify '\(bob.path)/b' \(by) --at-least 3").code == 4)
        let python = ada.shell(
            """
            mkdir x && zstd -dcq '\(bob.path)/b' | tar -xf - -C x
            python3 x/verify.py config/keys/ada.pem.pub '\(bob.path)/config/keys/bob.pem.pub' > alone
            """)
        #expect(python == 0)
        #expect(ada.read("alone").contains("signers of each action: 5 actions have 2\n"))
    }

    /// Bundles whose manifest is right, so that signatures alone can find the change.
    @Test func `a false or misplaced signature is found, by us and by Python`() {
        let (ada, _) = maker("ada")
        #expect(run(ada, bundle).code == 0)
        ada.shell("mkdir x && zstd -dcq b | tar -xf - -C x")
        let changes = [
            "does not verify":
                "sed -i 's/\"sig\":\"..../\"sig\":\"AAAA/' signatures/$(ls signatures | head -1)",
            "those of another statement":
                "set -- signatures/*; cp \"$1\" \"$2\"",
            "no such result":
                "mv signatures/$(ls signatures | head -1) signatures/\(String(repeating: "5", count: 64)).json",
        ]
        for (name, change) in changes.sorted(by: { $0.key < $1.key }) {
            ada.shell(
                """
                rm -rf y bad; cp -r x y; cd y; \(change)
                find . -type f ! -name manifest.sha256 | sed 's,^./,,' | LC_ALL=C sort \
                | xargs -d '\\n' sha256sum > manifest.sha256
                tar --format=ustar -cf - $(find . -type f | sed 's,^./,,' | sort) | zstd -q -o ../bad
                """)
            let ours = run(ada, "bundle verify bad")
            #expect(ours.code == 4, "\(name): \(ours.output)\(ours.error)")
            #expect(ours.output.contains(name), "\(ours.output)")
            #expect(
                ada.shell("python3 y/verify.py config/keys/ada.pem.pub > alone") == 4,
                "\(name): \(ada.read("alone"))")
            #expect(run(ada, "bundle import bad --store new").code == 3)
        }
    }
}
