import Experiment
// `environ` is a variable of C: it is read once, before anything could change it.
@unsafe @preconcurrency import Glibc
import LocalStore
import System

extension EnvironmentVariables {
    /// The variables that this program was started with: the one place where it reads them.
    static let person: EnvironmentVariables = {
        var words: [String] = []
        var place = unsafe environ
        while let word = unsafe place.pointee {
            unsafe words.append(String(cString: word))
            unsafe place = place.advanced(by: 1)
        }
        return EnvironmentVariables(words: words)
    }()
}

/// Every kind that this program knows, with the arithmetic that the person chose.
let allKinds = shippedKinds(for: .person).adding(kinds: AddedKinds.all)

extension KeyStore {
    /// The keys of the person who runs this program.
    init() throws { try self.init(of: .person) }
}
