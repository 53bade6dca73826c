import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// What a machine is, as far as bits and speed may depend on it: no host, no user, no path.
enum Environment {
    /// Kept in run records and audits: program, arithmetic, instruction set, system, C library.
    static let record: @Sendable () -> JSON = { whole }

    /// Found out once, when it is asked for: the program has tens of megabytes to hash.
    private static let whole: JSON = {
        var members: [String: JSON] = ["bitlaw": .string(Bitlaw.configuration.version)]
        // Two machines with one program differ elsewhere.
        if let program = try? Digest(ofFileAt: "/proc/self/exe") {
            members["program"] = .string(program.hex)
        }
        if let profile = try? allKinds.profile() { members["profile"] = .string(profile) }
        if let variant = NumericFingerprint.variants.first { members["kernels"] = .string(variant) }
        var libc = [CChar](repeating: 0, count: 64)
        if unsafe confstr(Int32(_CS_GNU_LIBC_VERSION), &libc, libc.count) > 0 {
            let bytes = libc.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            members["libc"] = .string(String(decoding: bytes, as: UTF8.self))
        }
        var name = utsname()
        if unsafe uname(&name) == 0 {
            members["system"] = .string(
                "\(text(of: name.sysname)) \(text(of: name.release)) \(text(of: name.machine))")
        }
        if let model = processor() { members["cpu"] = .string(model) }
        return .object(members)
    }()

    private static func processor() -> String? {
        guard let bytes = try? readWholeFile("/proc/cpuinfo") else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("model name") || $0.hasPrefix("CPU part") }
        return line.flatMap { $0.split(separator: ":", maxSplits: 1).last }
            .map { String($0.drop { $0 == " " }) }
    }

    /// A fixed array of characters, up to its zero.
    private static func text<Field>(of field: Field) -> String {
        unsafe withUnsafeBytes(of: field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
