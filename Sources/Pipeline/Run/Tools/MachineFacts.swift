import Canon
import Glibc
import System

/// What programs of others depend on and no key has: processor, kernel, libraries of the system, driver.
enum MachineFacts {
    /// This machine's, found out once a process.
    static let here = of("")

    /// Those of the machine whose files stand below a folder; processor, kernel and C library are this
    /// machine's.
    static func of(_ root: String) -> [String: String] {
        var facts = ["cpu": MachineFingerprint.family, "cpu.model": MachineFingerprint.here]
        var name = utsname()
        if unsafe uname(&name) == 0 {
            facts["kernel"] = "\(text(of: name.sysname)) \(text(of: name.release))"
        }
        var libc = [CChar](repeating: 0, count: 64)
        if unsafe confstr(Int32(_CS_GNU_LIBC_VERSION), &libc, libc.count) > 0 {
            let bytes = libc.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            facts["libc"] = String(decoding: bytes, as: UTF8.self)
        }
        if let driver = driver("\(root)/proc/driver/nvidia/version") { facts["driver"] = driver }
        if let cuda = cuda("\(root)/usr/local/cuda/version.json") { facts["cuda"] = cuda }
        if let packages = root.isEmpty ? SystemPackages.here : SystemPackages(of: root) {
            facts["packages"] = "\(packages.text), \(packages.digest.hex.prefix(16))"
        }
        return facts
    }

    /// The version of NVIDIA's kernel module, in the line `NVRM version: NVIDIA UNIX x86_64 Kernel Module
    /// 535.104.05 …`.
    private static func driver(_ path: String) -> String? {
        guard let bytes = try? readWholeFile(path, limit: 1 << 16) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first
        let version = line?.split(separator: " ").first { word in
            word.contains(".") && word.allSatisfy { $0.isNumber || $0 == "." }
        }
        return version.map { "NVIDIA \($0)" }
    }

    /// The version of CUDA, as its installation writes it down.
    private static func cuda(_ path: String) -> String? {
        guard let bytes = try? readWholeFile(path, limit: 1 << 20) else { return nil }
        let json = try? JSON(parsing: bytes)
        return json?["cuda"]?["version"]?.text.map { "CUDA \($0)" }
    }

    /// A fixed array of characters, up to its zero.
    private static func text<Field>(of field: Field) -> String {
        unsafe withUnsafeBytes(of: field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
