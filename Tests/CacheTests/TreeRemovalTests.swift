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
