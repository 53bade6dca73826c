import Glibc

/// How many times as many random trials the tests make as they do by themselves: `BITLAW_TRIALS`.
private let trialFactor: Int = {
    guard let text = variable("BITLAW_TRIALS") else { return 1 }
    guard let factor = Int(text), (1...1_000_000).contains(factor) else {
        fatalError("BITLAW_TRIALS: expected a whole number from 1 to 1000000, found \"\(text)\"")
    }
    return factor
}()

/// How many random trials a test makes, where `count` are enough for every day.
///
/// Every loop over random inputs, damage or kills takes its count from here, unless the count belongs
/// to a published number or to a bound that was set for it.
package func trials(_ count: Int) -> Int { count * trialFactor }

/// The value of a variable of the environment; `nil` where it is not set, or empty.
package func variable(_ name: String) -> String? {
    let value = unsafe getenv(name).map { unsafe String(cString: $0) }
    return value?.isEmpty == true ? nil : value
}
