import Glibc
import System

/// The disk of this machine.
package struct RealDisk: TracedDisk {
    /// Looks at what is there.
    package init() {}

    /// Whether something stands at a path, be it a link to nothing.
    package func stands(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// The size of a file; 0 where there is none.
    package func size(_ path: String) -> Int { sizeOfFile(path) ?? 0 }
}
