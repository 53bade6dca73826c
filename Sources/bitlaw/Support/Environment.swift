import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import System

/// What a machine is, as far as bits and speed may depend on it: no host, no user, no path.
enum Environment {
    /// For run records: what is costly to find is remembered by the store's index.
    static func record(rememberedBy store: Store) -> @Sendable () -> JSON {
        {
            let program = try? store.digest(ofExternalFile: "/proc/self/exe").digest
            return make(program: program, numerics: numerics(program, store))
        }
    }

    /// For audits, which believe nothing that stands in a store: found out anew, once a process.
    static let foundAnew: @Sendable () -> JSON = { anew }

    private static let anew: JSON = make(
        program: try? Digest(ofFileAt: "/proc/self/exe"),
        numerics: try? NumericFingerprint.here(allKinds).digest)

    /// The digest of the numeric battery: what tells whether two machines' arithmetic differs.
    ///
    /// It follows from program, CPU and the choice of arithmetic, so it is computed once for each.
    private static func numerics(_ program: Digest?, _ store: Store) -> String? {
        guard let program, let profile = try? allKinds.profile(),
            let variant = NumericFingerprint.variants.first
        else { return nil }
        let place = "\(profile) \(variant) \(MachineFingerprint.here)"
        let name = "numerics \(program.hex) \(Digest(of: Array(place.utf8).span).hex)"
        if let known = try? store.remembered(name) { return known.hex }
        guard let found = try? NumericFingerprint.here(allKinds).digest else { return nil }
        if let digest = try? Digest(hex: found) { try? store.remember(digest, as: name) }
        return found
    }

    private static func make(program: Digest?, numerics: String?) -> JSON {
        var members: [String: JSON] = ["bitlaw": .string(BitlawVersion.number)]
        // Two machines with one program differ elsewhere.
        if let program { members["program"] = .string(program.hex) }
        if let numerics { members["numerics"] = .string(numerics) }
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
    }

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
