import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// Checks what results and speed depend on.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the toolchain, OpenBLAS, the CPU, the store and the disk.",
        discussion: """
            EXAMPLE
              bitlaw doctor
            """)

    @OptionGroup var common: StoreOptions

    private struct Check {
        let name: String
        let state: String
        let text: String
    }

    func run() throws {
        try common.enter()
        var checks = [Check(name: "swift", state: "ok", text: "compiled with \(compiler)")]
        do {
            checks.append(Check(name: "numerics", state: "ok", text: try allKinds.profile()))
        } catch {
            checks.append(Check(name: "numerics", state: "fail", text: "\(error)"))
        }
        checks.append(processor())
        do {
            let store = try common.open(project: ProjectFolder.of("./x"), creating: false)
            let report = try store.verify(sample: 100)
            checks.append(
                Check(
                    name: "store", state: report.damage.isEmpty ? "ok" : "warn",
                    text: "\(store.path): \(report.blobs) blobs looked at, "
                        + "\(report.damage.count) damaged" + (store.isReadOnly ? ", read-only" : "")
                ))
            checks.append(disk(store.path))
        } catch let error as StoreError where error.code == .missing {
            checks.append(
                Check(name: "store", state: "ok", text: "none yet; the first run makes it"))
            checks.append(disk("."))
        } catch {
            checks.append(Check(name: "store", state: "fail", text: "\(error)"))
        }
        if common.json {
            Output.line(
                JSON.array(
                    checks.map {
                        [
                            "check": .string($0.name), "state": .string($0.state),
                            "text": .string($0.text),
                        ]
                    }
                ).canonicalText)
        } else {
            for check in checks { Output.line("\(check.state)\t\(check.name)\t\(check.text)") }
        }
        if checks.contains(where: { $0.state == "fail" }) { throw ExitCode(Code.store) }
    }

    private var compiler: String {
        #if compiler(>=6.3)
        "Swift 6.3 or newer"
        #else
        "Swift 6.2"
        #endif
    }

    private func processor() -> Check {
        let text = (try? readWholeFile("/proc/cpuinfo")).flatMap { $0 } ?? []
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let flags =
            lines.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }?
            .split(separator: " ").map(String.init) ?? []
        let known = ["fma", "avx2", "avx512f", "asimd", "sha_ni"].filter(flags.contains)
        let canPin = flags.contains("avx2") && flags.contains("fma")
        return Check(
            name: "cpu", state: canPin ? "ok" : "warn",
            text: known.joined(separator: " ")
                + (canPin ? "" : "; the pinned OpenBLAS family needs AVX2 and FMA"))
    }

    private func disk(_ path: String) -> Check {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else {
            return Check(name: "disk", state: "warn", text: "\(path): cannot tell the free space")
        }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        return Check(
            name: "disk", state: free < 1_000_000_000 ? "warn" : "ok",
            text: "\(free / 1_000_000) MB free")
    }
}
