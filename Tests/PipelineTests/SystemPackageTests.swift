import Canon
import Run
import TestSupport
import Testing

/// The list of the system's packages, by the files of different systems.
@Suite struct SystemPackageTests {
    private let folder = TemporaryFolder()

    @Test
    func `Debian's packages count by name, architecture and version, where they are installed`()
        throws
    {
        let status = """
            Package: b
            Status: install ok installed
            Architecture: amd64
            Version: 2
            Description: long
             Version: 9

            Package: a
            Status: install ok installed
            Architecture: all
            Version: 1

            """
        func digest(_ text: String) throws -> String {
            folder.run("mkdir -p var/lib/dpkg")
            folder.write("var/lib/dpkg/status", text)
            return try #require(SystemPackages(of: folder.path)).digest.hex
        }
        let own = try digest(status)
        // printf 'a:all 1\\nb:amd64 2\\n' | sha256sum
        #expect(own == "a8e0977613f51e648b10d58a68fe7c4e252f4711d7a174834a00378b0732f7fe")
        let removed = status + "\nPackage: c\nStatus: deinstall ok config-files\nVersion: 3\n"
        #expect(try digest(removed) == own)
        #expect(try digest(status.replacing("Version: 2", with: "Version: 3")) != own)
        #expect(SystemPackages(of: folder.path)?.text == "dpkg, 2 packages")
    }

    @Test func `Alpine's, Arch's and rpm's lists are read, and a system without one has none`() {
        #expect(SystemPackages(of: folder.path) == nil)
        folder.run("mkdir -p var/lib/rpm; echo x > var/lib/rpm/rpmdb.sqlite")
        #expect(SystemPackages(of: folder.path)?.text == "rpm")
        folder.run("mkdir -p var/lib/pacman/local/a-1 var/lib/pacman/local/b-2")
        #expect(SystemPackages(of: folder.path)?.text == "pacman, 2 packages")
        folder.run(
            "mkdir -p lib/apk/db; printf 'P:a\\nV:1\\n\\nP:b\\nV:2\\n' > lib/apk/db/installed")
        #expect(SystemPackages(of: folder.path)?.text == "apk, 2 packages")
    }
}
