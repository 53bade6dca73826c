import System
import TestSupport
import Testing

/// What a loss of power would leave, told from the system calls of a run.
@Suite struct DurabilityTests {
    /// What one call did, in the order in which calls returned.
    private enum Step: Equatable {
        case synchronized(String)
        /// Everything of the file system.
        case synchronizedAll
        case named(String, from: String)
    }

    /// The calls of a program and all that it starts which wait for the disk or give names; paths from
    /// the store on.
    private func steps(of trace: String) -> [Step] {
        var steps: [Step] = []
        var begun: [Substring: Substring] = [:]
        for line in trace.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            var call = parts[1].drop { $0 == " " }
            if call.hasSuffix("<unfinished ...>") {
                begun[parts[0]] = call
                continue
            }
            if call.hasPrefix("<... "), let start = begun.removeValue(forKey: parts[0]) {
                guard call.hasSuffix("= 0") else { continue }
                call = start
            } else if !call.hasSuffix("= 0") {
                continue
            }
            // A path ends where a quoted text does, or the description of a descriptor.
            let paths = call.split(whereSeparator: { "\"<>".contains($0) }).compactMap { piece in
                piece.firstRange(of: "/.cache").map { String(piece[$0.upperBound...]) }
            }
            if call.hasPrefix("fsync("), let path = paths.first {
                steps.append(.synchronized(path))
            } else if call.hasPrefix("syncfs(") {
                steps.append(.synchronizedAll)
            } else if call.hasPrefix("rename"), paths.count >= 2 {
                steps.append(.named(paths[paths.count - 1], from: paths[paths.count - 2]))
            }
        }
        return steps
    }

    private func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// The steps of a run; `nil` where they cannot be watched.
    private func steps(ofRunning experiment: String, jobs: Int) -> [Step]? {
        let project = Project()
        guard
            isInstalled(
                "strace", package: "strace", else: "the order of durable writes was not watched")
        else { return nil }
        guard project.shell("strace -o /dev/null true 2>/dev/null") == 0 else {
            skip("strace may not trace here: the order of durable writes was not watched")
            return nil
        }
        project.write("pipelines/one.yaml", experiment)
        #expect(
            project.shell(
                "strace -f -y -s 4096 -o trace -e trace=fsync,syncfs,rename,renameat,renameat2 "
                    + "'\(Project.command)' run pipelines/one.yaml -q -j\(jobs)") == 0)
        return steps(of: project.read("trace"))
    }

    @Test func `a file is on the disk before it has its name, and its name before the next step`()
        throws
    {
        let file =
            "experiment: one\nseed: 1\nstages: {a: {kind: command, params: {run: [echo, hello]}}}\n"
        guard let steps = steps(ofRunning: file, jobs: 1) else { return }
        let names = steps.enumerated().compactMap { place, step -> (Int, String, String)? in
            guard case .named(let target, let draft) = step else { return nil }
            return (place, target, draft)
        }
        // The description of the key and the output, then the result; and the store's own files.
        let kept = names.map { String($0.1.split(separator: "/").first ?? "") }
        #expect(kept.count { $0 == "cas" } == 2 && kept.count { $0 == "actions" } == 1)
        for (place, target, draft) in names where !folder(of: target).isEmpty {
            #expect(steps[..<place].contains(.synchronized(draft)), "\(target): not on the disk")
            let named = steps[place...].firstIndex(of: .synchronized(folder(of: target)))
            #expect(named != nil, "\(target): its name is not on the disk")
            // A result names blobs: they are there, under their names, before it is.
            if target.hasPrefix("/cas/"),
                let result = names.first(where: { $0.1.hasPrefix("/actions/") })
            {
                #expect(named ?? .max < result.0, "\(target): after the result that names it")
            }
        }
        // A blob or result: its bytes, its name and, for the first of a shard, the shard's.
        let waits = steps.count { step in
            guard case .synchronized(let path) = step else { return false }
            return ["/cas", "/actions", "/tmp/draft-", "/tmp/blob-"].contains { path.hasPrefix($0) }
        }
        #expect(waits <= 9)
    }

    @Test func `in a group of actions all blobs have durable names before a result has one`() {
        let file = """
            experiment: many
            seed: 1
            axes: {i: {count: 60}}
            stages:
              rates:
                kind: schedule.rates
                over: [i]
                params: {curves: {c: [{until: 3, shape: linear, from: 0, to: "${i + 1}"}]}}
            """
        guard let steps = steps(ofRunning: file, jobs: 2) else { return }
        // What is on the disk: drafts, and the folders of names. Results are counted.
        var (unnamed, results) = (Set<String>(), 0)
        var (drafts, isAllWritten) = (Set<String>(), false)
        for step in steps {
            switch step {
            case .synchronizedAll:
                (unnamed, isAllWritten) = ([], true)
            case .synchronized(let path):
                unnamed.remove(path)
                drafts.insert(path)
            case .named(let target, let draft) where target.hasPrefix("/cas/"):
                #expect(isAllWritten || drafts.contains(draft), "\(target): not on the disk")
                unnamed.insert(folder(of: target))
            case .named(let target, _) where target.hasPrefix("/actions/"):
                #expect(unnamed.isEmpty, "\(target): blobs before it have no durable names")
                results += 1
            case .named: break
            }
        }
        #expect(results == 60)
    }
}
