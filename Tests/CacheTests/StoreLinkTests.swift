import Canon
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

/// A store that came from somebody: no link in it leads this program out of it.
@Suite struct StoreLinkTests {
    private let folder = TemporaryFolder()

    /// A store with something in it, and beside it what is its owner's alone.
    private func makeStore() throws {
        let store = try Store.open("\(folder.path)/s")
        let result = try SharingWorld.make(store)
        try store.put(RemoteTag(name: "paper", keys: [result.key]))
        let key = try #require(SharingWorld.account).stateKey(for: result.key)
        try store.keepCheckpoint([1], for: result.key, by: key)
        folder.run("mkdir -p mine/attempt-1/deep; echo precious > mine/attempt-1/deep/text")
        folder.run("touch mine/attempt-1.lock; find mine | sort > before")
    }

    private func expectUntouched() {
        #expect(
            folder.run(
                "find mine | sort | cmp - before && grep -q precious mine/attempt-1/deep/text") == 0
        )
    }

    /// What opening says, with the store or as a remote, as user or for `gc`.
    private func refusal(creating: Bool = true) -> OperationalError? {
        var errors: [OperationalError] = []
        for exclusive in [false, true] {
            do {
                let store = try Store.open(
                    "\(folder.path)/s", creating: creating, exclusive: exclusive)
                if exclusive { _ = try store.collectGarbage(GarbagePolicy(), dryRun: false) }
            } catch let error as OperationalError {
                errors.append(error)
            } catch { return nil }
        }
        return errors.count == 2 && errors[0] == errors[1] ? errors[0] : nil
    }

    @Test(arguments: Store.folders)
    func `a store with a link for a folder is refused by name, and nothing behind it is touched`(
        name: String
    ) throws {
        try makeStore()
        folder.run("rm -rf s/\(name); ln -s ../mine s/\(name)")
        let error = refusal()
        #expect(error?.code == .untrusted)
        #expect(
            error?.message
                == "\(folder.path)/s/\(name): expected a folder of the store, found a link")
        #expect(error?.remedy.hasPrefix("remove the link (rm '\(folder.path)/s/\(name)'") == true)
        expectUntouched()
        // The same where nothing says yet that it is a store.
        folder.run("rm s/format s/CACHEDIR.TAG")
        #expect(refusal() != nil)
        expectUntouched()
    }

    @Test(arguments: Store.folders)
    func `a file in place of a folder of a store is refused by name`(name: String) throws {
        try makeStore()
        folder.run("rm -rf s/\(name); echo x > s/\(name)")
        let error = refusal()
        #expect(error?.code == .notAStore)
        #expect(error?.message == "\(folder.path)/s/\(name): expected a folder, found a file")
        #expect(folder.text("s/\(name)") == "x\n")
    }

    @Test(arguments: ["cas", "actions", "signatures"])
    func `a link one level down is refused by name as well`(area: String) throws {
        try makeStore()
        folder.run("mkdir -p s/\(area); rm -rf s/\(area)/ab; ln -s ../../mine s/\(area)/ab")
        let error = refusal()
        #expect(error?.code == .untrusted)
        #expect(
            error?.message
                == "\(folder.path)/s/\(area)/ab: expected a folder of the store, found a link")
        expectUntouched()
    }

    @Test(arguments: ["format", "CACHEDIR.TAG", ".gitignore", "index"])
    func `a link in place of a fixed file of a store is refused`(name: String) throws {
        try makeStore()
        folder.run(
            "cp s/\(name) copy 2>/dev/null || touch copy; rm -f s/\(name); ln -s ../copy s/\(name)")
        #expect(refusal()?.code == .untrusted)
    }

    @Test func `links in the folders of a store go, and what they lead to stays`() throws {
        try makeStore()
        for area in ["tmp", "quarantine", "checkpoints"] {
            folder.run("mkdir -p s/\(area); ln -s ../../mine s/\(area)/attempt-2")
            folder.run("mkdir s/\(area)/d; ln -s ../../../mine s/\(area)/d/link")
        }
        folder.run("touch s/tmp/attempt-2.lock")
        let store = try Store.open("\(folder.path)/s", exclusive: true)
        let plan = try store.collectGarbage(GarbagePolicy(), dryRun: true)
        #expect(plan.states == 3 && plan.damaged == 2 && plan.drafts == 1)
        #expect(folder.run("test -d s/tmp/d && test -L s/quarantine/attempt-2") == 0)
        _ = try store.collectGarbage(GarbagePolicy(), dryRun: false)
        #expect(folder.run("test -z \"$(ls s/tmp s/quarantine s/checkpoints | grep -v :)\"") == 0)
        expectUntouched()
    }

    @Test func `the path of a store may be a link to a store or to an empty folder alone`() throws {
        folder.run("mkdir scratch other; ln -s scratch s; ln -s other t; ln -s nowhere n")
        do {
            let store = try Store.open("\(folder.path)/s")
            try store.put([1])
        }
        #expect(folder.run("test -f scratch/format && test -L s") == 0)
        _ = try Store.open("\(folder.path)/s", exclusive: true)
        // A person's folder may have names that a store has too.
        folder.run(
            "mkdir other/tmp other/runs; echo mine > other/tmp/draft-1; echo mine > other/runs/1")
        for path in ["t", "other"] {
            let error = #expect(throws: OperationalError.self) {
                try Store.open("\(folder.path)/\(path)")
            }
            #expect(
                error?.message
                    == "\(folder.path)/\(path): expected a store or an empty folder, found runs/1")
        }
        #expect(folder.run("test \"$(cat other/tmp/draft-1)\" = mine") == 0)
        let error = #expect(throws: OperationalError.self) {
            try Store.open("\(folder.path)/n")
        }
        #expect(
            error?.message
                == "\(folder.path)/n: expected a folder, found a link that leads to nothing")
    }
}
