import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Spiral
import System

/// Checks what results and speed depend on.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the toolchain, OpenBLAS, the CPU, the store, the disk and the remotes.",
        discussion: """
            EXAMPLE
              bitlaw doctor
              bitlaw doctor --write       # also puts two bytes into every remote
              bitlaw doctor --numeric     # a digest that is the same on every machine
              bitlaw doctor --locks --on lab   # do the store's locks reach the hosts of an executor?
            """)

    @OptionGroup var common: StoreOptions

    @Flag(help: "Digest a fixed battery of computations, with every instruction set of this CPU.")
    var numeric = false

    @Flag(help: "Also try whether the remotes can be written.")
    var write = false

    @Flag(help: "Only try whether a lock in the store that another process holds is seen here.")
    var locks = false

    @Option(help: "With --locks: try it with a process on each host of this executor too.")
    var on: String?

    @Option(
        help: """
            Have all who use the store ask for leases beside locks, where locks do not reach all hosts: on \
            or off.
            """)
    var leases: LeaseSwitch?

    /// The trial of a lock whose other process this is.
    @Option(help: .hidden)
    var holdLock: String?

    /// Whether a store has leases.
    enum LeaseSwitch: String, ExpressibleByArgument { case on, off }

    func validate() throws {
        if on != nil && !locks { throw ValidationError("--on: expected --locks beside it") }
    }

    func run() throws {
        try common.enter()
        if locks || leases != nil || holdLock != nil { return try runOnLocks() }
        if numeric { return try printFingerprints() }
        let project = try Consent.project(of: "./x")
        let checks =
            [DoctorCheck(name: "swift", state: "ok", text: "compiled with \(compiler)")]
            + arithmetic() + [processor(), programs()] + store(project: project)
            + (try RemoteDoctor.check(project: project, writing: write))
        try show(checks)
    }

    /// Tries locks, or says whether leases are asked for beside them.
    private func runOnLocks() throws {
        let project = try Consent.project(of: "./x")
        let store = try common.open(project: project, creating: holdLock == nil)
        if let holdLock { return try LockDoctor.hold(holdLock, in: store) }
        if let leases {
            try store.setLeases(leases == .on)
            if !locks {
                let text =
                    leases == .on
                    ? "\(store.path): who opens it from now on asks for leases beside locks"
                    : "\(store.path): who opens it from now on trusts its locks alone"
                if !common.json { return Output.line(text) }
                return try show([DoctorCheck(name: "leases", state: "ok", text: text)])
            }
        }
        let opened = try common.open(project: project)
        let executor = try on.map { try ClusterFront.executor($0, project: project) }
        try show(try LockDoctor(store: opened).checks(executor))
    }

    private func show(_ checks: [DoctorCheck]) throws {
        if common.json {
            Output.documents(
                checks.map {
                    [
                        "check": .string($0.name), "state": .string($0.state),
                        "text": .string($0.text),
                    ]
                }, .doctor)
        } else {
            for check in checks {
                let lines = check.text.split(separator: "\n")
                Output.line("\(check.state)\t\(check.name)\t\(lines.first ?? "")")
                for line in lines.dropFirst() { Output.line("\t\t\(line.drop { $0 == " " })") }
            }
        }
        if checks.contains(where: { $0.state == "fail" }) { throw ExitCode(Code.store) }
    }

    /// One line a part and instruction set; the first line is what machines compare.
    private func printFingerprints() throws {
        let found = try NumericFingerprint.all(allKinds)
        let whole = found[0]
        let isSame = found.allSatisfy { $0.parts == whole.parts }
        if common.json {
            Output.document(
                [
                    "profile": .string(whole.profile), "variant": .string(whole.variant),
                    "fingerprint": .string(whole.digest), "same": .bool(isSame),
                    "variants": .object(
                        Dictionary(
                            found.map { ($0.variant, .object($0.parts.mapValues { .string($0) })) }
                        ) { first, _ in first }),
                ], .doctorNumeric)
        } else {
            Output.line("fingerprint\t\(whole.digest)\t\(whole.profile)\t\(whole.variant)")
            for one in found {
                for (part, digest) in one.parts.sorted(by: { $0.key < $1.key }) {
                    Output.line("\(one.variant)\t\(part)\t\(digest)")
                }
            }
        }
        if !isSame {
            Output.error(
                "the instruction sets of this CPU give different bits: please report this\n")
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

    private func arithmetic() -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        do {
            checks.append(DoctorCheck(name: "numerics", state: "ok", text: try allKinds.profile()))
        } catch {
            checks.append(DoctorCheck(name: "numerics", state: "fail", text: "\(error)"))
        }
        do {
            let text = "\(try openBLASProfile()), read back; for BITLAW_NUMERICS=blas alone"
            checks.append(DoctorCheck(name: "openblas", state: "ok", text: text))
        } catch {
            let text = "\(error)\n  needed for BITLAW_NUMERICS=blas alone"
            checks.append(DoctorCheck(name: "openblas", state: "warn", text: text))
        }
        return checks
    }

    /// The store and its disk.
    private func store(project: String) -> [DoctorCheck] {
        do {
            let store = try common.open(project: project, creating: false)
            let report = try store.verify(sample: 100)
            let text =
                "\(store.path): \(counted(report.blobs, "blob")) looked at, "
                + "\(report.damage.count) damaged" + (store.isReadOnly ? ", read-only" : "")
            let state = report.damage.isEmpty ? "ok" : "warn"
            return [DoctorCheck(name: "store", state: state, text: text), disk(store.path)]
        } catch let error as OperationalError where error.code == .missing {
            let text = "none yet; the first run makes it"
            return [DoctorCheck(name: "store", state: "ok", text: text), disk(".")]
        } catch {
            return [DoctorCheck(name: "store", state: "fail", text: "\(error)")]
        }
    }

    private func processor() -> DoctorCheck {
        let text = (try? readWholeFile("/proc/cpuinfo")).flatMap { $0 } ?? []
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let flags =
            lines.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }?
            .split(separator: " ").map(String.init) ?? []
        let known = ["fma", "avx2", "avx512f", "asimd", "sha_ni"].filter(flags.contains)
        let variants = NumericFingerprint.variants.joined(separator: ", ")
        return DoctorCheck(
            name: "cpu", state: "ok",
            text: "\(known.joined(separator: " ")); kernels: \(variants), the first in use")
    }

    /// Whether programs of experiments can be confined here.
    private func programs() -> DoctorCheck {
        switch Confinement.here {
        case .works(let path):
            DoctorCheck(name: "programs", state: "ok", text: "confined by \(path)")
        case .fails(let reason, let remedy):
            DoctorCheck(
                name: "programs", state: "warn",
                text: "cannot be confined: \(reason)\n  fix: \(remedy)")
        }
    }

    private func disk(_ path: String) -> DoctorCheck {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else {
            return DoctorCheck(
                name: "disk", state: "warn", text: "\(path): cannot tell the free space")
        }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        return DoctorCheck(
            name: "disk", state: free < 1_000_000_000 ? "warn" : "ok",
            text: "\(ByteCount.text(free)) free")
    }
}
