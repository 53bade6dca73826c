import Canon
import Glibc
import Run
import System
import TestSupport
import Testing

/// What a tool that a stage names adds to the key: its content, wherever it stands.
@Suite struct ToolIdentityTests {
    private let folder = TemporaryFolder()

    /// Makes a virtual environment as pip makes one, with one package of two files.
    private func makeEnvironment(
        _ place: String, version: String = "3.11.7", installer: String = "pip"
    ) {
        let packages = "\(place)/lib/python3.11/site-packages"
        folder.run(
            """
            mkdir -p \(place)/bin \(packages)/thing/__pycache__ \(packages)/thing-1.2.dist-info
            ln -s lib \(place)/lib64
            printf 'home = /usr/bin\\nversion = \(version)\\ncommand = python3 -m venv %s\\n' "$PWD" \
              > \(place)/pyvenv.cfg
            printf '#!%s/bin/python\\nprint(1)\\n' "$PWD/\(place)" > \(place)/bin/thing
            chmod +x \(place)/bin/thing
            ln -s /usr/bin/python3 \(place)/bin/python3
            echo 'one = 1' > \(packages)/thing/__init__.py
            echo 'two = 2' > \(packages)/thing/two.py
            date +%N > \(packages)/thing/__pycache__/two.cpython-311.pyc
            printf 'Name: thing\\nVersion: 1.2\\n' > \(packages)/thing-1.2.dist-info/METADATA
            echo \(installer) > \(packages)/thing-1.2.dist-info/INSTALLER
            echo "$PWD/\(place)" > \(packages)/thing-1.2.dist-info/RECORD
            """)
    }

    private func identity(_ place: String, project: String? = nil) throws -> ToolIdentity {
        let root = project.map { "\(folder.path)/\($0)" } ?? folder.path
        let source = ToolSource(
            project: root, person: EnvironmentVariables(words: ["HOME=\(folder.path)/home"])
        ) { try Digest(ofFileAt: $0) }
        return try ToolIdentity(of: place, in: source)
    }

    @Test func `the same packages in two places, by two installers, give one digest`() throws {
        makeEnvironment(".venv")
        makeEnvironment("elsewhere/env", installer: "uv")
        let (one, other) = (try identity(".venv"), try identity("elsewhere/env"))
        #expect(one.digest == other.digest)
        #expect(one.description == other.description)
        #expect(
            one.description == [
                "kind": "Python environment", "python": "3.11.7", "packages": ["thing": "1.2"],
            ])
    }

    @Test(arguments: [
        ("one byte of a module", "printf 'one = 2\\n' > $P/thing/__init__.py"),
        ("a module more", "echo > $P/thing/three.py"), ("a module less", "rm $P/thing/two.py"),
        ("a module's name", "mv $P/thing/two.py $P/thing/too.py"),
        ("a package's version", "mv $P/thing-1.2.dist-info $P/thing-1.3.dist-info"),
        ("the interpreter's version", "sed -i s/3.11.7/3.11.8/ .venv/pyvenv.cfg"),
        ("a compiled program of a package", "cp /bin/true .venv/bin/ninja"),
        ("a line of a .pth file", "echo 'import thing' > $P/start.pth"),
    ])
    func `what changes in an environment changes its digest`(what: String, script: String) throws {
        makeEnvironment(".venv")
        let before = try identity(".venv").digest
        #expect(folder.run("P=.venv/lib/python3.11/site-packages; \(script)") == 0)
        #expect(try identity(".venv").digest != before, "\(what)")
    }

    @Test func `scripts, bytecode and notes of the installer change nothing`() throws {
        makeEnvironment(".venv")
        let before = try identity(".venv").digest
        folder.run(
            """
            P=.venv/lib/python3.11/site-packages; echo x >> .venv/bin/thing; echo y > .venv/bin/other
            rm -r $P/thing/__pycache__; echo z > $P/old.pyc; echo >> $P/thing-1.2.dist-info/RECORD
            echo '{"url": "https://example.org/thing.whl"}' > $P/thing-1.2.dist-info/direct_url.json
            touch $P/thing-1.2.dist-info/REQUESTED; chmod +x $P/thing/two.py
            touch -d 2020-01-01 $P/thing/two.py
            """)
        #expect(try identity(".venv").digest == before)
    }

    /// The ways in which installers write down that a package is edited where it stands.
    @Test(arguments: [
        ("a .pth file", "echo \"$S\" > $P/__editable__.mine.pth"),
        ("the .pth file of another tool", "echo \"$S\" > $P/_mine.pth"),
        (
            "a finder of setuptools",
            "echo \"MAPPING: dict = {'mine': '$S/mine'}\" > $P/__editable___mine_finder.py"
        ),
        (
            "the note of the installer",
            "echo '{\"dir_info\": {\"editable\": true}, \"url\": \"file://'\"$S\"'\"}'"
                + " > $P/thing-1.2.dist-info/direct_url.json"
        ),
        ("an old link", "printf '%s\\n../' \"$S\" > $P/mine.egg-link"),
        ("a relative line", "echo \"../../../../../$N\" > $P/rel.pth"),
    ])
    func `a package that is edited counts by its source, wherever that stands`(
        way: String, script: String
    ) throws {
        var digests: [Digest] = []
        for (place, value) in [("a", 1), ("b", 1), ("c", 2)] {
            makeEnvironment("\(place)/.venv")
            folder.run(
                """
                N=code; test '\(way)' = 'a relative line' || N=code-of-\(place); S="$PWD/$N"
                P=\(place)/.venv/lib/python3.11/site-packages
                mkdir -p "$S/mine" "$S/data" "$S/.git" "$S/env"; touch "$S/env/pyvenv.cfg"
                echo 'value = \(value)' > "$S/mine/__init__.py"
                date +%N | tee "$S/data/big.bin" "$S/.git/index" "$S/env/x.py" > /dev/null
                \(script)
                """)
            let identity = try identity(".venv", project: place)
            digests.append(identity.digest)
            let shown = identity.mounts.map { $0.source }
            #expect(shown.contains { $0.hasSuffix("/mine") }, "\(shown)")
            #expect(!shown.contains { $0.hasSuffix("/data") || $0.hasSuffix("/env") }, "\(shown)")
            #expect(identity.outside.count == 1 && identity.outside[0].hasSuffix("/mine"))
        }
        #expect(digests[0] == digests[1] && digests[0] != digests[2])
    }

    @Test func `an environment is shown where its scripts expect it and under its own name`() throws
    {
        makeEnvironment(".venv")
        let identity = try identity(".venv")
        let own = "\(folder.path)/.venv"
        #expect(identity.kind == .venv && identity.path == ["/work/.venv/bin"])
        #expect(identity.ownPath == ["\(own)/bin"] && identity.outside == [])
        #expect(
            identity.mounts == [SandboxMount(own, at: "/work/.venv"), SandboxMount(own)])
    }

    @Test func `a link out of a tool counts by what it leads to, and is told`() throws {
        folder.run(
            """
            mkdir -p p/tool far; echo 1 > far/x; ln -s "$PWD/far" p/tool/link; ln -s x p/tool/dangling
            ln -s ../tool p/tool/circle
            """)
        let before = try identity("tool", project: "p")
        #expect(before.outside == [ProjectFolder.real("\(folder.path)/far")])
        #expect(before.mounts.map { $0.source }.contains(before.outside[0]))
        folder.run("echo 2 > far/x")
        #expect(try identity("tool", project: "p").digest != before.digest)
    }

    @Test func `conda's files count by their packages, whatever place conda wrote into them`()
        throws
    {
        func make(_ place: String, text: String = "prefix=PLACE") {
            folder.run(
                """
                mkdir -p \(place)/conda-meta \(place)/bin \(place)/lib
                printf '%s' '\(text)' | sed "s|PLACE|$PWD/\(place)|" > \(place)/lib/config
                printf plain > \(place)/lib/plain
                packed=$(printf 'prefix=/placeholder' | sha256sum | cut -c1-64)
                placed=$(printf "prefix=$PWD/\(place)" | sha256sum | cut -c1-64)
                plain=$(printf plain | sha256sum | cut -c1-64)
                cat > \(place)/conda-meta/thing-1-0.json <<END
                {"name": "thing", "version": "1", "build": "0", "channel": "https://a.org/main/linux-64",
                 "paths_data": {"paths": [
                   {"_path": "lib/config", "sha256": "$packed", "sha256_in_prefix": "$placed"},
                   {"_path": "lib/plain", "sha256": "$plain"}]}}
                END
                echo "$PWD" > \(place)/conda-meta/history
                """)
        }
        make("one")
        make("other")
        let first = try identity("one")
        #expect(try first.kind == .conda && first.digest == identity("other").digest)
        #expect(first.description["packages"] == ["thing": "1 0"])
        folder.run("printf plaim > other/lib/plain")
        #expect(try identity("other").digest != first.digest)
        make("third", text: "prefix=PLACE ")
        #expect(try identity("third").digest != first.digest)
        folder.run("sed -i 's/\"build\": \"0\"/\"build\": \"1\"/' one/conda-meta/thing-1-0.json")
        #expect(try identity("one").digest != first.digest)
    }

    @Test func `a list of packages is its bytes, and is not shown`() throws {
        folder.run("mkdir a b; echo x==1 > a/requirements.txt; echo x==1 > b/requirements-dev.txt")
        let one = try identity("a/requirements.txt")
        #expect(one.kind == .lock && one.mounts == [] && one.path == [])
        #expect(try one.digest == identity("b/requirements-dev.txt").digest)
        folder.run("printf 'x==1\\r\\n' > b/requirements-dev.txt")
        #expect(try one.digest != identity("b/requirements-dev.txt").digest)
        // Another kind of file with the same bytes is another tool.
        folder.run("echo x==1 > a/data.bin")
        #expect(try one.digest != identity("a/data.bin").digest)
    }

    @Test func `a folder is its names, contents and executable bits; a program brings its folder`()
        throws
    {
        folder.run("mkdir -p home/t/bin; echo 1 > home/t/bin/run; chmod +x home/t/bin/run")
        let before = try identity("~/t", project: "home/project")
        #expect(before.kind == .folder && before.path == ["\(folder.path)/home/t/bin"])
        folder.run("chmod -x home/t/bin/run")
        #expect(try identity("~/t", project: "home/project").digest != before.digest)
        folder.run("cp /bin/true home/tool")
        let program = try identity("~/tool", project: "home/project")
        #expect(program.kind == .file && program.path == ["\(folder.path)/home"])
        #expect(program.outside == [ProjectFolder.real("\(folder.path)/home/tool")])
    }

    @Test(arguments: [
        ("nothing", "expected a tool at", "found nothing there"),
        ("lost", "found a link to gone, where nothing stands", "install it there"),
        ("../up", "expected a path below the project, an absolute one", "name the folder"),
        ("~root", "expected a path below the project, an absolute one", "name the folder"),
        ("~", "expected a path below the project, an absolute one", "name the folder"),
        ("/", "expected the folder of one tool, found the whole file system", "name the folder"),
        (".", "expected the folder of one tool, found the project", "name the folder"),
        ("pipe", "expected a file, found a pipe", "fix:"),
        ("holder", "expected a file, found a pipe", "fix:"),
        (
            "broken", "expected JSON with the name and version of a conda package",
            "install the package"
        ),
    ])
    func `what is no tool is refused by name`(place: String, expected: String, more: String) throws
    {
        folder.run(
            """
            ln -s gone lost; mkfifo pipe; mkdir -p holder broken/conda-meta; mkfifo holder/p
            echo '{' > broken/conda-meta/x.json
            """)
        let error = try #require(throws: OperationalError.self) { try identity(place) }
        #expect(error.description.contains(expected), "\(error)")
        #expect(error.description.contains(more), "\(error)")
    }

    @Test func `a name that is no text is refused, and twins in NFC and NFD are two files`() throws
    {
        folder.run(
            "mkdir t; printf 1 > \"t/$(printf 'e\\314\\201')\"; printf 2 > \"t/$(printf '\\303\\251')\""
        )
        let both = try identity("t").digest
        folder.run("rm \"t/$(printf '\\303\\251')\"")
        #expect(try identity("t").digest != both)
        folder.run("printf 1 > \"t/$(printf '\\377')\"")
        let error = try #require(throws: OperationalError.self) { try identity("t") }
        #expect(error.description.contains("expected names in UTF-8"))
    }
}
