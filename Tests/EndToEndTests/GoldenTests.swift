import BitlawProgram
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System
import TestSupport
import Testing

/// Pinned bits: tiny actions of every kind, the key of each and the digests of its outputs.
///
/// `Tests/Golden` has an experiment a subject, `NAME.yaml`, and what it is to give, `NAME.json`.
/// `BITLAW_GOLDEN=record` (`make golden`) writes what is new; it refuses other bits for an old key.
@Suite struct GoldenTests {
    /// What `Tests/Golden/NAME.json` holds for one action.
    private struct Pinned: Equatable {
        var kind: String
        var version: Int
        var key: String
        var outputs: [String: JSON]
    }

    private static let folder = "\(Repository.root)/Tests/Golden"

    private static let isRecording = variable("BITLAW_GOLDEN") == "record"

    /// The subjects: the experiment files by name, without their ending.
    private static let subjects: [String] = {
        let names = (try? namesInFolder(folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    private static func text(_ name: String) -> String {
        (try? readWholeFile("\(folder)/\(name)")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func pinned(_ subject: String) throws -> (
        profile: String, actions: [String: Pinned]
    ) {
        let text = text("\(subject).json")
        guard !text.isEmpty else { return ("", [:]) }
        let json = try JSON(parsing: text)
        var actions: [String: Pinned] = [:]
        for (name, entry) in json["actions"]?.members ?? [:] {
            actions[name] = Pinned(
                kind: entry["kind"]?.text ?? "", version: entry["version"]?.integer ?? 0,
                key: entry["key"]?.text ?? "", outputs: entry["outputs"]?.members ?? [:])
        }
        return (json["profile"]?.text ?? "", actions)
    }

    /// Runs the experiment in a project of its own.
    private static func run(
        _ subject: String, _ project: Project, jobs: Int = 2
    ) throws -> [String: Pinned] {
        project.write("pipelines/golden.yaml", text("\(subject).yaml"))
        project.write("data.txt", "hello\n")
        project.write("golden.page.md", text("pages.page.md"))
        project.write("golden.claims.yaml", text("pages.claims.txt"))
        if subject == "engine" {
            // Its download is satisfied from the store by what this stage makes.
            let outcome = project.bitlaw("run pipelines/golden.yaml hello -q")
            #expect(outcome.code == 0, "\(outcome.error)")
        }
        // What is pinned is the default's bits, whatever the person at the tests has chosen.
        let all = project.bitlaw(
            "run pipelines/golden.yaml -q -j\(jobs)", environment: "BITLAW_NUMERICS=portable")
        #expect(all.code == 0, "\(all.error)")
        let store = try Store.open("\(project.path)/.cache", creating: false)
        let name = try #require(try store.runNames().first)
        let record = try #require(try store.run(name))
        var found: [String: Pinned] = [:]
        for action in record["actions"]?.elements ?? [] {
            let key = try #require(action["key"]?.text)
            guard let result = try store.result(for: Digest(hex: key)) else {
                // Taken from the store by its digest: a download leaves no result.
                #expect(action["name"]?.text == "source:data.txt")
                continue
            }
            found[action["name"]?.text ?? ""] = Pinned(
                kind: result.result.kind, version: result.result.version, key: key,
                outputs: action["outputs"]?.members ?? [:])
        }
        return found
    }

    private static func write(
        _ subject: String, _ actions: [String: Pinned], profile: String
    ) {
        var lines: [String] = []
        for (name, pinned) in actions.sorted(by: { $0.key < $1.key }) {
            let entry: JSON = [
                "kind": .string(pinned.kind), "version": .number(Double(pinned.version)),
                "key": .string(pinned.key), "outputs": .object(pinned.outputs),
            ]
            lines.append("\(JSON.string(name).canonicalText):\(entry.canonicalText)")
        }
        let project = Project()
        project.write(
            "digests.json",
            "{\"profile\":\(JSON.string(profile).canonicalText),\"actions\":{\n"
                + lines.joined(separator: ",\n") + "\n}}\n")
        project.shell("cp digests.json '\(folder)/\(subject).json'")
    }

    @Test(arguments: subjects)
    func `the same keys give the same bits as when they were recorded`(subject: String) throws {
        let (profile, pinned) = try Self.pinned(subject)
        let found = try Self.run(subject, Project())
        let current = try shippedKinds().profile()
        let isRecording = Self.isRecording
        var isRefused = false
        var otherProfile = 0
        for (name, now) in found.sorted(by: { $0.key < $1.key }) {
            guard let then = pinned[name] else {
                #expect(isRecording, "\(name): no golden bits for this action. fix: make golden")
                continue
            }
            if now.key == then.key {
                isRefused = isRefused || now.outputs != then.outputs
                #expect(
                    now.outputs == then.outputs,
                    """
                    \(name): \(now.kind) version \(now.version) gave other bits under the same key.
                      fix: restore the bits; or, if they move on purpose, raise the version of \
                    \(now.kind) to \(now.version + 1), run `make golden`, and say so in CHANGELOG.md
                    """)
            } else if profile != current {
                otherProfile += 1
            } else if !isRecording {
                Issue.record(
                    """
                    \(name): the key changed, so what people have stored is not found any more.
                      fix: if that is meant (a version raised, a parameter added), run `make golden` \
                    and write *keys change* in CHANGELOG.md
                    """)
            }
        }
        for name in pinned.keys.sorted() where found[name] == nil {
            #expect(isRecording, "\(name): recorded, but not in \(subject).yaml any more")
        }
        if otherProfile > 0 && !isRecording {
            skip(
                "\(otherProfile) golden actions were recorded under the numerics profile "
                    + "\(profile); this machine has \(current)")
        }
        if isRecording && !isRefused { Self.write(subject, found, profile: current) }
    }

    @Test(.disabled(if: isRecording, "golden bits are being recorded"))
    func `every kind has golden bits`() throws {
        let pinned = try Self.subjects.flatMap { try Self.pinned($0).actions.values }
        let covered = Set(pinned.map { "\($0.kind) \($0.version)" })
        for (name, stage) in shippedKinds().stages {
            // A download has no result of its own: its bytes are what the file says they are.
            // A measurement has other bits each time.
            if stage.kind.isDownload || stage.kind.isMeasurement { continue }
            #expect(
                covered.contains("\(name) \(stage.kind.version)"),
                "\(name) version \(stage.kind.version): add an action to Tests/Golden; make golden")
        }
    }

    @Test(arguments: subjects)
    func `one worker, two workers and another folder give the same bits`(subject: String) throws {
        let one = try Self.run(subject, Project(), jobs: 1)
        #expect(try Self.run(subject, Project(), jobs: 3) == one)
    }
}
