import Canon
import LocalStore
import System
import TestSupport
import Testing

@Suite struct TreeRemovalTests {
    private let folder = TemporaryFolder()

    @Test(arguments: [0, 1, 3000])
    func `a tree is removed whatever its depth, also where its path is longer than any path`(
        depth: Int
    ) throws {
        folder.run(
            """
            mkdir tree && cd tree && python3 -c "
            import os
            for i in range(\(depth)):
                open('file', 'w').close()
                os.mkdir('a' * 50); os.mkdir('b'); os.chdir('a' * 50)
            "
            """)
        try removeTree("\(folder.path)/tree")
        #expect(folder.run("test ! -e tree") == 0)
        try removeTree("\(folder.path)/tree")
    }

    @Test func `names that are no texts are removed, and closed folders`() throws {
        folder.run(
            "mkdir -p tree/in; touch tree/in/$(printf 'a\\377b'); mkdir tree/$(printf '\\200')")
        folder.run("chmod 0 tree/in; chmod 555 tree")
        try makeEmptyFolder("\(folder.path)/tree")
        #expect(folder.run("test -d tree && test -z \"$(ls -A tree)\"") == 0)
    }

    @Test func `no link is followed, at the top, inside or as the tree itself`() throws {
        folder.run(
            "mkdir -p mine/deep tree/in; touch mine/deep/text; ln -s ../../mine tree/in/link")
        folder.run("ln -s ../mine tree/link; ln -s mine alias")
        try removeTree("\(folder.path)/tree")
        try removeTree("\(folder.path)/alias")
        folder.run("ln -s mine alias")
        try makeEmptyFolder("\(folder.path)/alias")
        #expect(folder.run("test -f mine/deep/text && test -d alias && test ! -L alias") == 0)
    }

    @Test func `nothing is emptied behind a link that stands in the place of the folder above`()
        throws
    {
        folder.run("mkdir -p mine/work; touch mine/work/text; ln -s mine attempt")
        #expect(throws: OperationalError.self) {
            try makeEmptyFolder("work", in: "\(folder.path)/attempt")
        }
        #expect(folder.run("test -f mine/work/text") == 0)
        try restoreFolder("\(folder.path)/attempt")
        #expect(folder.run("test ! -L attempt && test -d attempt && test -f mine/work/text") == 0)
        for standing in [
            "true", "echo > attempt/work", "ln -s ../mine attempt/work", "chmod 0 attempt",
        ] {
            folder.run(standing)
            try restoreFolder("\(folder.path)/attempt")
            try makeEmptyFolder("work", in: "\(folder.path)/attempt")
            let isEmpty =
                "test ! -L attempt/work && test -d attempt/work && test -z \"$(ls -A attempt/work)\""
            #expect(folder.run("\(isEmpty) && rmdir attempt/work") == 0, "\(standing)")
        }
        #expect(folder.run("test -f mine/work/text") == 0)
    }

    @Test
    func `an attempt's folder is cleared for the next, and what a link there leads to is not`()
        throws
    {
        let store = try Store.open("\(folder.path)/s")
        let attempt = try store.makeAttemptFolder()
        folder.run("mkdir -p mine/work; touch mine/text mine/work/text; echo x > mine/.action")
        let path = "'\(attempt.path)'"
        folder.run(
            "mkdir \(path)/work \(path)/in; touch \(path)/work/x \(path)/.log-0 \(path)/laid")
        attempt.clear()
        #expect(folder.run("test \"$(ls -A \(path) | tr '\\n' ' ')\" = '.log-0 work '") == 0)
        folder.run("rm -r \(path); ln -s ../../mine \(path)")
        attempt.clear()
        #expect(
            folder.run("test -f mine/text && test -f mine/work/text && test -s mine/.action") == 0)
        attempt.begin(Digest(of: [1 as UInt8].span))
        attempt.clear()
        #expect(folder.run("test -d \(path) && test ! -L \(path) && test -f mine/work/text") == 0)
        attempt.remove()
        #expect(folder.run("test ! -e \(path) && test -f mine/text") == 0)
    }

    @Test func `another file system that is mounted in a tree is not touched`() throws {
        folder.run("mkdir -p tree/in/disk")
        guard folder.run("mount -t tmpfs none tree/in/disk 2>/dev/null") == 0 else {
            skip("no right to mount, so no file system could be put into a tree")
            return
        }
        defer { folder.run("umount tree/in/disk") }
        folder.run("touch tree/in/disk/text")
        let error = #expect(throws: OperationalError.self) {
            try removeTree("\(folder.path)/tree")
        }
        #expect(error?.message.hasSuffix("another file system is mounted there") == true)
        #expect(folder.run("test -f tree/in/disk/text") == 0)
    }
}
