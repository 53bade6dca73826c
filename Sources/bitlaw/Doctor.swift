import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// Checks what results and speed depend on.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the toolchain, OpenBLAS, the CPU, the store, the disk and the remotes.",
        discussion: """
            EXAMPLE
              bitlaw doctor
              bitlaw doctor --write       # also puts two bytes into every remote
              bitlaw doctor --numeric     # a digest of a fixed battery, the same on every machine
            """)

    @OptionGroup var common: StoreOptions

    @Flag(help: "Digest a fixed battery of computations, with every instruction set of this CPU.")
    var numeric = false

    @Flag(help: "Also try whether the remotes can be written.")
    var write = false

    /// A line of the answer.
    struct Check {
        let name: String
        let state: String
        let text: String
    }

    func run() throws {
        try common.enter()
        if numeric { return try printFingerprints() }
        var checks = [Check(name: "swift", state: "ok", text: "compiled with \(compiler)")]
        do {
            checks.append(Check(name: "numerics", state: "ok", text: try allKinds.profile()))
        } catch {
            checks.append(Check(name: "numerics", state: "fail", text: "\(error)"))
        }
        do {
            let text = "\(try openBLASProfile()), read back; for BITLAW_NUMERICS=blas alone"
            checks.append(Check(name: "openblas", state: "ok", text: text))
        } catch {
            let text = "\(error)\n  needed for BITLAW_NUMERICS=blas alone"
            checks.append(Check(name: "openblas", state: "warn", text: text))
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
        checks += try RemoteDoctor.check(project: ProjectFolder.of("./x"), writing: write)
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

    /// One line a part and instruction set; the first line is what machines compare.
    private func printFingerprints() throws {
        let found = try NumericFingerprint.all(allKinds)
        let whole = found[0]
        let isSame = found.allSatisfy { $0.parts == whole.parts }
        if common.json {
            Output.line(
                JSON.object([
                    "profile": .string(whole.profile), "variant": .string(whole.variant),
                    "fingerprint": .string(whole.digest),
                    "variants": .object(
                        Dictionary(
                            found.map { ($0.variant, .object($0.parts.mapValues { .string($0) })) }
                        ) { first, _ in first }),
                ]).canonicalText)
        } else {
            Output.line("fingerprint\t\(whole.digest)\t\(whole.profile)\t\(whole.variant)")
            for one in found {
                for (part, digest) in one.parts.sorted(by: { $0.key < $1.key }) {
                    Output.line("\(one.variant)\t\(part)\t\(digest)")
                }
            }
        }
        if !isSame {
            Output.line("the instruction sets of this CPU give different bits: please report this")
            throw ExitCode(Code.difference)
        }
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
        let variants = NumericFingerprint.variants.joined(separator: ", ")
        return Check(
            name: "cpu", state: "ok",
            text: "\(known.joined(separator: " ")); kernels: \(variants), the first in use")
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
