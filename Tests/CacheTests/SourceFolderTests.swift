import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing

/// Folders of a project that count as trees.
@Suite struct SourceFolderTests {
    private let folder = TemporaryFolder()

    private func store() throws -> Store { try Store.open("\(folder.path)/store") }

    private func source(_ without: [String] = [], roots: [String] = []) -> SourceFolder {
        SourceFolder(
            "\(folder.path)/project/data", filter: PathFilter(without),
            reach: ProjectReach(project: "\(folder.path)/project", roots: roots))
    }

    private func make(_ script: String) {
        folder.run("mkdir -p project/data && cd project/data && \(script)")
    }

    private func digest(_ without: [String] = [], roots: [String] = []) throws -> Digest {
        try store().tree(of: source(without, roots: roots), believingIndex: true).tree.digest
    }

    private func mistake(_ without: [String] = []) -> String {
        do {
            return "no mistake: \(try digest(without))"
        } catch { return "\(error)" }
    }

    @Test func `a folder is the tree that the same folder is as an output`() throws {
        make("mkdir -p deep/er empty; printf one > deep/er/one; : > go; chmod +x go; ln -s go link")
        let store = try store()
        let (tree, isWhole) = try store.tree(of: source(), believingIndex: true)
        #expect(isWhole)
        #expect(try tree == store.put(treeAt: source().path).tree)
    }

    @Test func `a byte, a name, an executable bit, a link and an empty folder count`() throws {
        make("printf one > a; : > go; ln -s a link")
        var seen: Set<Digest> = [try digest()]
        for change in [
            "printf two > a", "mv a b", "chmod +x go", "ln -sfn go link", "mkdir empty", "rm link",
        ] {
            make(change)
            #expect(seen.insert(try digest()).inserted, "\(change)")
        }
    }

    @Test func `what is left out does not count, whatever becomes of it`() throws {
        make("printf one > a")
        let before = try digest(["*.log", "/tmp/"])
        make(
            "mkdir -p .git sub tmp __pycache__; rmdir sub; echo x > .git/config; echo x > x.log; "
                + "echo x > tmp/x; echo x > __pycache__/x.pyc; mkfifo pipe.log; ln -s / root.log")
        #expect(try digest(["*.log", "/tmp/"]) == before)
        #expect(
            try store().tree(of: source(["*.log", "/tmp/"]), believingIndex: true).isWhole == false)
        make("rm pipe.log root.log")
        #expect(try store().tree(of: source(["*.txt"]), believingIndex: true).isWhole == false)
    }

    @Test func `a link that leads out counts as what stands there, within reach alone`() throws {
        folder.run(
            "mkdir -p outside/sub project/other; echo one > outside/sub/x; echo two > project/other/y"
        )
        make("ln -s ../other/y file; ln -s '\(folder.path)/outside/sub' far; ln -s far/x through")
        #expect(mistake().contains("expected a folder of the project, found a link to"))
        let outside = ProjectFolder.real("\(folder.path)/outside/sub")
        let (tree, isWhole) = try store().tree(of: source(roots: [outside]), believingIndex: true)
        #expect(!isWhole)
        let one = Digest(of: Array("one\n".utf8).span)
        let two = Digest(of: Array("two\n".utf8).span)
        #expect(
            tree.entries == [
                TreeEntry("far", .folder),
                TreeEntry("far/x", .file(one, size: 4, isExecutable: false)),
                TreeEntry("file", .file(two, size: 4, isExecutable: false)),
                TreeEntry("through", .link("far/x")),
            ])
    }

    @Test func `what no tree has is told by name, and never waited for`() throws {
        for (script, found) in [
            ("mkfifo pipe", "`pipe` in the folder: expected files"),
            ("ln -s nowhere/../x gone", "a link to nowhere/../x, where nothing can be read"),
            ("ln -s .. up", "a folder that it is in"),
            ("ln -s /dev/zero zero", "which is a device"),
            ("printf x > \"$(printf 'a\\377')\"", "a name that is not UTF-8"),
        ] {
            folder.run("rm -rf project")
            make("printf one > a; \(script)")
            #expect(mistake().contains(found), "\(script): \(mistake())")
        }
    }

    @Test func `a folder of 3,000 folders in each other is refused by the length of its path`()
        throws
    {
        make("for i in $(seq 30); do mkdir d; cd -P d || exit; done; printf x > f")
        #expect(try store().tree(of: source(), believingIndex: true).tree.entries.count == 31)
        make(
            "p=$(printf 'e/%.0s' $(seq 1000)); for i in 1 2 3; do mkdir -p $p && cd -P $p || exit; done"
        )
        #expect(mistake().contains("a path of"), "\(mistake())")
        #expect(try store().tree(of: source(["e"]), believingIndex: true).tree.entries.count == 31)
    }

    @Test func `what did not change is not read again, and an audit reads all of it`() throws {
        make("printf one > a; printf two > b; touch -d '1 hour ago' a b")
        let before = try digest()
        // The index says so now: who asks it does not read the file.
        let one = Digest(of: Array("one".utf8).span).hex
        let other = String(repeating: "ab", count: 32)
        #expect(
            folder.run("grep -q \(one) store/index && sed -i s/\(one)/\(other)/ store/index") == 0)
        let (tree, _) = try store().tree(of: source(), believingIndex: true)
        #expect(
            tree.entries.first
                == TreeEntry("a", .file(try Digest(hex: other), size: 3, isExecutable: false)))
        #expect(try store().tree(of: source(), believingIndex: false).tree.digest == before)
    }

    @Test func `a copy has what is not left out, once, and nothing of another digest`() throws {
        make("mkdir sub; printf one > sub/a; : > go; chmod +x go; ln -s sub/a link; : > x.log")
        let store = try store()
        folder.run("mkdir copies")
        let copies = SharedCopies(path: "\(folder.path)/copies", store: store)
        let path = try #require(try copies.folder(source(["*.log"]), try digest(["*.log"])))
        #expect(try store.put(treeAt: path).digest == digest(["*.log"]))
        #expect(
            folder.run("test $(stat -c %a \"\(path)/go\") = 555 && test ! -e '\(path)/x.log'") == 0)
        // Made once: what is in the project now is not looked at.
        let known = try digest(["*.log"])
        make("printf two > sub/a")
        #expect(try copies.folder(source(["*.log"]), known) == path)
        #expect(try copies.folder(source(["*.log"]), Digest(of: [UInt8]().span)) == nil)
        #expect(folder.run("test $(ls -d copies/folder-* | wc -l) = 1") == 0)
    }
}
