import Glibc

/// The repository that the tests were built from.
package enum Repository {
    /// Its folder.
    package static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The path of a program of `Tests/Support`.
    package static func support(_ name: String) -> String { "\(root)/Tests/Support/\(name)" }

    /// The text of one of its files; `nil` where it has no such file.
    package static func text(_ name: String) -> String? {
        bytesOfFile("\(root)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// The path of published data or reference numbers, which stay outside of the repository: in
    /// `shared/` beside it, or beside the folder that holds it.
    ///
    /// - Returns: `nil`, and says what was therefore not tried, where they are not there.
    package static func shared(_ name: String, else loss: String) -> String? {
        let parts = root.split(separator: "/").map(String.init)
        for depth in [1, 2] where parts.count >= depth {
            let path = "/" + (parts.dropLast(depth) + ["shared", name]).joined(separator: "/")
            if unsafe access(path, R_OK) == 0 { return path }
        }
        skip("../shared/\(name) is not here; \(loss)")
        return nil
    }
}
