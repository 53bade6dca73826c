import Canon
import Experiment
import Glibc
import LocalStore
import System

/// What an action reads, as its stage gets it: bytes, or paths of files and folders.
struct WorkerInputs {
    private let store: Store
    private let request: WorkerRequest
    /// The copies that all workers of the run share.
    private let shared: SharedCopies?

    init(_ store: Store, _ request: WorkerRequest) {
        self.store = store
        self.request = request
        shared = request.terms.shared.map { SharedCopies(path: $0, store: store) }
    }

    /// All inputs by their ports.
    var all: [String: [StageInput]] {
        var inputs: [String: [StageInput]] = [:]
        for (port, list) in request.inputs {
            inputs[port] = list.enumerated().map { number, input in
                if let file = input.file { return external(input, file) }
                return stored(input, at: "\(port)-\(number)")
            }
        }
        return inputs
    }

    /// A file or folder from outside the store, which may change while the run reads it.
    private func external(_ input: WorkerRequest.Input, _ file: String) -> StageInput {
        let digest = input.digest
        return StageInput(
            producer: input.producer, output: input.output, coordinates: input.coordinates,
            digest: digest, name: input.name, isTree: input.isTree,
            isExecutable: input.isExecutable,
            read: {
                let bytes = try readRequiredFile(file, limit: largestWholeFile)
                guard Digest(of: bytes.span) == digest else {
                    throw ActionFailure(description: "\(file): changed while the run read it")
                }
                return bytes
            },
            place: {
                guard let folder = input.copied else { return file }
                let copies = try shared ?? SharedCopies(path: attemptCopies(), store: store)
                do {
                    if let copy = try copies.folder(folder, digest) { return copy }
                } catch let mistake as TreeMistake {
                    throw ActionFailure(description: "\(file): \(mistake)")
                }
                throw ActionFailure(description: "\(file): changed while the run read it")
            })
    }

    /// The folder of copies that this attempt alone reads.
    private func attemptCopies() throws -> String {
        let folder = "\(request.folder)/in"
        try makeFolder(folder)
        return folder
    }

    /// What the store has; as a file or folder it stands in the attempt's folder, or in that of the run where
    /// other actions read it too.
    private func stored(_ input: WorkerRequest.Input, at name: String) -> StageInput {
        let (store, digest, isTree) = (store, input.digest, input.isTree)
        let folder = "\(request.folder)/in"
        let copies = input.isShared ? shared : nil
        return StageInput(
            producer: input.producer, output: input.output, coordinates: input.coordinates,
            digest: digest, name: input.name, isTree: isTree, isExecutable: input.isExecutable,
            read: {
                guard let bytes = try StoreFailure.mark({ try store.bytes(of: digest) }) else {
                    throw MissingBlobs(digests: [digest])
                }
                return bytes
            },
            place: {
                try StoreFailure.mark {
                    // Where somebody destroyed the folder of shared copies, its own copy does.
                    if let made = try? isTree ? copies?.tree(digest) : copies?.file(digest) {
                        return made
                    }
                    let place = "\(folder)/\(name)"
                    if unsafe access(place, F_OK) == 0 { return place }
                    try makeFolder(folder)
                    guard isTree else {
                        if try store.restore(digest, to: place) { return place }
                        throw MissingBlobs(digests: [digest])
                    }
                    guard let tree = try store.tree(digest) else {
                        throw MissingBlobs(digests: [digest])
                    }
                    let missing = try store.unpack(tree, to: place)
                    guard missing.isEmpty else { throw MissingBlobs(digests: missing) }
                    return place
                }
            })
    }
}

/// A failure of the store while a stage used it: it ends the run, where any other is the action's own.
struct StoreFailure: Error {
    let error: OperationalError

    /// Does what uses the store.
    static func mark<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as OperationalError {
            throw StoreFailure(error: error)
        }
    }
}

/// Blobs that an input consists of and that no layer has a good copy of.
struct MissingBlobs: Error {
    let digests: [Digest]
}
