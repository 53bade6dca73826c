import Canon
import LocalStore
import System
import TestSupport
import Testing

/// Files that people add by hand, in groups.
@Suite struct AddedFilesTests {
    private let folder = TemporaryFolder()

    private func pins() throws -> [String] {
        try namesInFolder("\(folder.path)/store/pins").sorted()
    }

    @Test(arguments: [1, 2, 7, 1500])
    func `each file is stored, pinned and told once, in the order of adding`(count: Int) throws {
        let store = try Store.open("\(folder.path)/store")
        var told: [AddedFiles.Added] = []
        let taken = try AddedFiles(store, expecting: count) { told.append($0) }
        var expected: [(digest: Digest, size: Int)] = []
        for place in 0..<count {
            // The last is large, some are equal, one is empty.
            let bytes =
                place == count - 1
                ? [UInt8](repeating: 7, count: 300_000)
                : Array("\(place / 2)".utf8.dropFirst(place / 700))
            folder.write("f\(place)", bytes)
            try taken.add(fileAt: "\(folder.path)/f\(place)")
            expected.append((Digest(of: bytes.span), bytes.count))
        }
        try taken.finish()
        try taken.finish()
        #expect(told.map { $0.place } == Array(0..<count))
        #expect(told.map { $0.digest } == expected.map { $0.digest })
        #expect(told.map { $0.size } == expected.map { $0.size })
        for added in expected { #expect(try store.bytes(of: added.digest)?.count == added.size) }
        #expect(try pins() == Set(expected.map { "added-\($0.digest.hex)" }).sorted())
        #expect(try namesInFolder("\(folder.path)/store/tmp").isEmpty)
        let digests = Set(expected.map { $0.digest })
        #expect(Set(try store.addedBlobs()) == digests)
    }

    @Test func `nothing is told before its blob and its pin are there`() throws {
        let store = try Store.open("\(folder.path)/store")
        var isWhole = true
        let taken = try AddedFiles(store, expecting: 20) { added in
            let pin = "\(folder.path)/store/pins/added-\(added.digest.hex)"
            isWhole = isWhole && store.contains(added.digest) && sizeOfFile(pin) != nil
        }
        for place in 0..<20 {
            folder.write("f\(place)", [UInt8(place)])
            try taken.add(fileAt: "\(folder.path)/f\(place)")
            #expect(try store.addedBlobs().isEmpty)
        }
        try taken.finish()
        #expect(isWhole)
        #expect(try store.addedBlobs().count == 20)
    }
}
