import Canon
import LocalStore
import System
import TestSupport
import Testing

/// Results with one flipped bit, one action for each byte: a run makes them again, and then all is well.
@Suite struct ResultDamageTests {
    private func experiment(_ count: Int) -> String {
        """
        experiment: damage
        seed: 1
        axes: {i: {count: \(count)}}
        stages:
          cell: {kind: command, over: [i], params: {run: [echo, "${i}"]}}
        """
    }

    /// The results of the newest run, by path and bytes, in the order of the actions.
    private func results(_ project: Project) throws -> [(path: String, bytes: [UInt8])] {
        let store = try Store.open("\(project.path)/.cache", creating: false)
        return try store.keysOfResults().map { key in
            let path = Store.resultPath(store.path, key)
            return (path, bytesOfFile(path) ?? [])
        }
    }

    private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        try writeWholeFile(bytes, to: path, .none)
    }

    @Test(arguments: [false, true])
    func `a flipped bit at any place of a result is mended by one run`(isOld: Bool) throws {
        let project = Project()
        project.write("one.yaml", experiment(1))
        #expect(project.bitlaw("run one.yaml -q").code == 0)
        // A time may have some digits more.
        let count = try results(project).map { $0.bytes.count }.max().map { $0 + 24 } ?? 0
        project.write("d.yaml", experiment(count))
        #expect(project.bitlaw("run d.yaml -q -j2").code == 0)
        for (place, result) in try results(project).enumerated() {
            var bytes = result.bytes
            if isOld {
                var members = try JSON(parsing: bytes).members ?? [:]
                (members["sha256"], members["made"]) = (nil, nil)
                bytes = JSON.object(members).canonical()
            }
            if place < bytes.count { bytes[place] ^= 1 << UInt8(place % 8) }
            try overwrite(result.path, bytes)
        }
        let mended = project.bitlaw("run d.yaml -j2")
        #expect(mended.code == 0, "\(mended.error)")
        #expect(!mended.error.contains("deterministic"))
        #expect(mended.error.contains("was damaged"))
        let second = project.bitlaw("run d.yaml -j2")
        #expect(second.output.hasPrefix("0 ran, \(count) cached"), "\(second.output)")
        #expect(second.code == 0 && second.error.isEmpty, "\(second.error)")
        #expect(project.bitlaw("lock d.yaml").code == 0)
        if !isOld { #expect(project.shell("! ls .cache/actions/*/*.conflict-*") == 0) }
    }
}
