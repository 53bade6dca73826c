import Glibc
import Synchronization
import System

/// The file of one lease: its holder writes into it from time to time, and nobody else does.
final class LeaseFile: Sendable {
    /// Its place.
    let path: String
    private let file: FileHandle
    private let owner: String
    private let state = Mutex<(beats: Int, isLost: Bool)>((0, false))

    private init(path: String, file: consuming FileHandle) {
        self.path = path
        self.file = file
        var name = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&name, name.count - 1)
        let host = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        owner = "\(randomName()) \(host) \(getpid())"
    }

    /// Makes the file of a lease; `nil` where somebody has made it.
    ///
    /// - Throws: ``OperationalError``.
    static func make(_ path: String) throws -> LeaseFile? {
        guard let file = try FileHandle.make(path) else { return nil }
        let lease = LeaseFile(path: path, file: file)
        _ = lease.renew()
        return lease
    }

    /// Whether somebody took it over.
    var isLost: Bool { state.withLock { $0.isLost } }

    /// Writes what was not there before, so that readers see its holder live; whether it is held still.
    func renew() -> Bool {
        let beats = state.withLock { state in
            state.beats += 1
            return state.beats
        }
        if LeaseFile.exists(LeaseFile.next(after: path)) || !isNamed() {
            state.withLock { $0.isLost = true }
            return false
        }
        // The length grows with the count: a reader never sees old bytes behind new ones.
        let line = Array("\(owner) \(beats)\n".utf8)
        let count = unsafe line.withUnsafeBytes { bytes in
            unsafe pwrite(file.descriptor, bytes.baseAddress, bytes.count, 0)
        }
        // On NFS others see it once it is with the server.
        _ = fsync(file.descriptor)
        return count == line.count
    }

    /// Whether its path means this file still.
    private func isNamed() -> Bool {
        var ours = stat()
        var named = stat()
        return unsafe fstat(file.descriptor, &ours) == 0 && lstat(path, &named) == 0
            && ours.st_ino == named.st_ino && ours.st_dev == named.st_dev
    }

    /// Gives it back, with those that it took over, the newest first; one that was lost stays as it is.
    func release() {
        if LeaseFile.exists(LeaseFile.next(after: path)) || !isNamed() { return }
        var place: String? = path
        while let found = place {
            _ = unsafe unlink(found)
            place = LeaseFile.previous(before: found)
        }
    }

    // MARK: Generations

    /// Whether something stands at a path.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    private static func parts(_ path: String) -> (stem: Substring, number: Int)? {
        guard let dot = path.lastIndex(of: "."), let number = Int(path[path.index(after: dot)...])
        else { return nil }
        return (path[..<dot], number)
    }

    /// The file by which a lease is taken over.
    static func next(after path: String) -> String {
        parts(path).map { "\($0.stem).\($0.number + 1)" } ?? path + ".1"
    }

    private static func previous(before path: String) -> String? {
        parts(path).flatMap { $0.number > 1 ? "\($0.stem).\($0.number - 1)" : nil }
    }
}
