import Synchronization

/// A name that no other process or attempt has: 24 hexadecimal digits, 16 of them drawn once by this
/// process from the kernel, 8 counted on.
package func randomName() -> String {
    let count = nameCount.wrappingAdd(1, ordering: .relaxed).newValue
    func digits(_ value: UInt64, _ width: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return digits(namePrefix, 16) + digits(count, 8)
}

private let namePrefix = UInt64.random(in: 0 ... .max)
private let nameCount = Atomic<UInt64>(0)
