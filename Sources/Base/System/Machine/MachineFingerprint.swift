import Canon

/// What a measurement depends on beside its key: the CPU's model and instruction sets.
///
/// No name of a host or person: machines of one model share measurements, others never do.
package enum MachineFingerprint {
    /// This machine: the model's name and a digest of its features, such as
    /// `AMD EPYC 9R14; features 1f0c…`.
    package static let here: String = {
        let text = (try? readWholeFile("/proc/cpuinfo")) ?? nil
        return of(String(decoding: text ?? [], as: UTF8.self))
    }()

    /// The fingerprint that a text in the form of `/proc/cpuinfo` gives: of its first processor.
    ///
    /// Features are sorted, so that their order does not count. On AArch64 the model is made of the numbers
    /// of implementer, part, variant and revision.
    package static func of(_ text: String) -> String {
        let fields = fields(of: text)
        let parts = ["CPU implementer", "CPU part", "CPU variant", "CPU revision"]
        let numbers = parts.compactMap { fields[$0] }.joined(separator: " ")
        let model = fields["model name"] ?? (numbers.isEmpty ? "unknown CPU" : "CPU \(numbers)")
        let features = (fields["flags"] ?? fields["Features"] ?? "").split(separator: " ").sorted()
        let digest = Digest(of: Array(features.joined(separator: " ").utf8).span).hex
        return "\(model); features \(digest.prefix(16))"
    }

    /// The family of this machine's processor, such as `AuthenticAMD family 25`.
    package static let family: String = {
        let text = (try? readWholeFile("/proc/cpuinfo")) ?? nil
        return family(of: String(decoding: text ?? [], as: UTF8.self))
    }()

    /// The family that a text in the form of `/proc/cpuinfo` tells: the vendor's and its number; on AArch64
    /// the numbers of implementer and part.
    package static func family(of text: String) -> String {
        let fields = fields(of: text)
        if let vendor = fields["vendor_id"] {
            return "\(vendor) family \(fields["cpu family"] ?? "unknown")"
        }
        let numbers = ["CPU implementer", "CPU part"].compactMap { fields[$0] }
        return numbers.isEmpty ? "unknown CPU" : "CPU \(numbers.joined(separator: " "))"
    }

    /// What a text in the form of `/proc/cpuinfo` says of its first processor.
    private static func fields(of text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
            if line.isEmpty && !fields.isEmpty { break }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            fields[trimmed(line[..<colon])] = trimmed(line[line.index(after: colon)...])
        }
        return fields
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        var text = text
        func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == 9 }
        while isBlank(text.first) { text.removeFirst() }
        while isBlank(text.last) { text.removeLast() }
        return String(Substring(text))
    }
}
