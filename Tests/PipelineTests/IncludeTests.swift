import Canon
import Experiment
import Glibc
import System
import TestSupport
import Testing

/// Files that include others, and values that are set from outside.
@Suite struct IncludeTests {
    private func project(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try makeFolder("\(folder.path)/parts")
        for (name, text) in files {
            try writeWholeFile(Array(text.utf8), to: "\(folder.path)/\(name)", .none)
        }
        return folder
    }

    private func loaded(_ files: [String: String], settings: [String] = []) throws -> ActionGraph {
        let folder = try project(files)
        return try ExperimentLoader.load(
            bytes: Array((files["x.yaml"] ?? "").utf8), path: "\(folder.path)/x.yaml",
            project: folder.path,
            settings: settings, registry: testKinds)
    }

    private func refusal(_ files: [String: String], settings: [String] = []) -> String {
        do {
            _ = try loaded(files, settings: settings)
            return ""
        } catch {
            // The folder has another name in every run.
            return "\(error)".replacing(#/\/[^ ]*\/(?=x\.yaml)/#, with: "")
        }
    }

    private let main = "experiment: x\nseed: 1\ninclude: [parts/axes.yaml, parts/stages.yaml]\n"
    private let axes = "constants: {k: 3}\naxes: {n: [1, \"${k}\"]}\n"
    private let stages =
        "stages: {a: {kind: test.numbers, over: [n], params: {count: \"${n + k}\"}}}\n"

    @Test func `constants, axes and stages of included files stand before the file's own`() throws {
        let graph = try loaded([
            "x.yaml": main
                + "constants: {m: \"${k + 1}\"}\nstages: {b: {kind: test.numbers, params: {count: \"${m}\"}}}\n",
            "parts/axes.yaml": axes, "parts/stages.yaml": "include: axes.yaml\n" + stages,
        ])
        #expect(graph.actions.map { $0.name } == ["a[n=1]", "a[n=3]", "b"])
        #expect(graph.actions.compactMap { $0.parameters["count"]?.integer } == [4, 6, 4])
        #expect(graph.source.includes.map { $0.path } == ["parts/axes.yaml", "parts/stages.yaml"])
        #expect(graph.source.includes[0].digest == Digest(of: Array(axes.utf8).span))
    }

    @Test func `an experiment of several files has a digest of all of them`() throws {
        let files = ["x.yaml": main, "parts/axes.yaml": axes, "parts/stages.yaml": stages]
        let one = try loaded(files)
        var changed = files
        changed["parts/axes.yaml"] = axes + "# another byte\n"
        #expect(try loaded(changed).fileDigest != one.fileDigest)
        #expect(try loaded(files).fileDigest == one.fileDigest)
        #expect(try loaded(files, settings: ["seed=1"]).fileDigest != one.fileDigest)
        let alone = try load("experiment: x\nseed: 1\nstages: {a: {kind: test.numbers}}\n")
        #expect(alone.fileDigest == alone.source.file)
    }

    @Test func `a circle of files is named step by step`() {
        let found = refusal([
            "x.yaml": main, "parts/axes.yaml": "include: stages.yaml\n",
            "parts/stages.yaml": "include: axes.yaml\n",
        ])
        #expect(found.contains("parts/stages.yaml:1:10: error: a circle of files"), "\(found)")
        #expect(
            found.contains("parts/axes.yaml includes parts/stages.yaml includes parts/axes.yaml"),
            "\(found)")
        #expect(refusal(["x.yaml": "include: x.yaml\n"]).contains("x.yaml includes x.yaml"))
    }

    @Test(arguments: [
        ("include: ../y.yaml", "the file `../y.yaml` lies outside the project"),
        ("include: /etc/passwd", "the file `/etc/passwd` lies outside the project"),
        ("include: parts/../../y.yaml", "lies outside the project"),
        ("include: parts/none.yaml", "the file `parts/none.yaml` cannot be read"),
        ("include: parts", "is not named as YAML"), ("include: {a: 1}", "`include` is a mapping"),
        ("include: parts/bad.yaml", "parts/bad.yaml:3:1: error: unknown key `seed`"),
        ("include: parts/broken.yaml", "parts/broken.yaml:2:1: error: not YAML"),
        ("include: parts/link.yaml", "a link leads out of the project"),
        (
            "include: parts/twice.yaml\naxes: {n: [1]}",
            "x.yaml:4:8: error: `n` stands in two files"
        ),
    ])
    func `a file that cannot be included is told with its place`(line: String, message: String)
        throws
    {
        let files = [
            "x.yaml": "experiment: x\nseed: 1\n\(line)\nstages: {a: {kind: test.numbers}}\n",
            "parts/bad.yaml": "description: >\n  text\nseed: 2\n",
            "parts/broken.yaml": "axes: {n: [1\n",
            "parts/twice.yaml": "axes: {n: [2]}\n",
        ]
        let folder = try project(files)
        #expect(unsafe symlink("/etc/hostname", "\(folder.path)/parts/link.yaml") == 0)
        var found = ""
        do {
            _ = try ExperimentLoader.load(
                bytes: Array((files["x.yaml"] ?? "").utf8), path: "\(folder.path)/x.yaml",
                project: folder.path, registry: testKinds)
        } catch { found = "\(error)" }
        #expect(found.contains(message), "\(found)")
    }

    // MARK: Settings

    private let plain = """
        experiment: x
        seed: 1
        constants: {k: 3, m: {w: 1, v: 2}}
        axes: {n: [1, 2]}
        stages: {a: {kind: test.numbers, over: [n], params: {count: "${n + k + m.w}"}}}
        """

    @Test(arguments: [
        (["constants.k=10"], [12, 13]), (["axes.n=[5, 6, 7]"], [9, 10, 11]),
        (["constants.m.w=0"], [4, 5]),
        (["axes.n={from: 1, to: 3, step: 1}", "constants.k=0"], [2, 3, 4]),
        (["stages.a.params.count=42"], [42, 42]), (["stages.a.when=n == 2"], [6]),
        (["constants.k=1", "constants.k=2"], [4, 5]), (["constants.k=${1 + 1}"], [4, 5]),
    ])
    func `a setting stands in the place of what the file says`(settings: [String], counts: [Int])
        throws
    {
        let graph = try loaded(["x.yaml": plain], settings: settings)
        #expect(graph.actions.compactMap { $0.parameters["count"]?.integer } == counts)
        #expect(graph.source.settings == settings)
    }

    @Test func `a setting is typed as the file would be`() throws {
        #expect(try loaded(["x.yaml": plain], settings: ["seed=7"]).seed == 7)
        #expect(
            try loaded(["x.yaml": plain], settings: ["stages.a.params.note=3.10"]).actions[0]
                .parameters["note"]
                == "3.10")
        #expect(
            try loaded(["x.yaml": plain], settings: ["stages.a.limits={time: 90s}"]).stages[0]
                .rules.limits
                == Limits(seconds: 90))
    }

    @Test(arguments: [
        ("seed", "--set:1:1: error: a setting without `=`"),
        ("sede=1", "--set:1:1: error: `sede` cannot be set"), ("sede=1", "did you mean `seed`?"),
        ("constants=1", "`constants` cannot be set"),
        ("constants.kk=1", "--set:1:11: error: the file has no `constants.kk`"),
        ("axes.m=[1]", "the file has no `axes.m`"),
        ("stages.b.params.count=1", "the file has no `stages.b`"),
        ("constants.k.x=1", "`constants.k` is the number 3"),
        (
            "seed=9007199254740993",
            "--set:1:6: error: `seed` is 9007199254740993, which is beyond 2⁵³"
        ),
        ("seed=", "--set:1:6: error: `seed` is nothing"), ("axes.n=[1", "--set:"),
        ("stages.a.params.cuont=1", "unknown parameter `cuont`"),
        ("constants.m.u=1", "the file has no `constants.m.u`"),
    ])
    func `a setting that cannot be is told with its place`(setting: String, message: String) {
        let found = refusal(["x.yaml": plain], settings: [setting])
        #expect(found.contains(message), "\(found)")
    }
}
