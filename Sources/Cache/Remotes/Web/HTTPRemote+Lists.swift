package import Canon
import LocalStore
import System
package import Trust

/// What a server tells beside single results: tags, which keys it has, whether it works.
extension HTTPRemote {
    /// The keys under a name.
    package func tag(_ name: String) throws -> RemoteTag? {
        try list(name, at: RemoteTag.key(name))
    }

    /// Gives keys a name.
    package func put(_ tag: RemoteTag) throws {
        try put([(RemoteTag.key(tag.name), tag.bytes)])
    }

    /// A list of keys that stands under `ac`.
    private func list(_ name: String, at address: Digest) throws -> RemoteTag? {
        let exchange = try client.run(
            HTTPExchange(
                .get, self.address("ac", address), limit: RemoteTag.largest, sink: HTTPBytes()))
        if exchange.isAbsent { return nil }
        try check(exchange)
        guard let bytes = (exchange.sink as? HTTPBytes)?.bytes,
            let tag = RemoteTag(name: name, parsing: bytes)
        else {
            throw OperationalError.remote(
                self.name, "\(exchange.url): expected a list of keys", fix: "push \(name) again")
        }
        return tag
    }

    /// The keys that a listing of the server names, else those that signers noted.
    package func keys(of kind: String, signers: [VerifyingKey]) throws -> [Digest]? {
        if let all = try listing() { return all }
        var found: [Digest] = []
        for signer in signers {
            found += try list(kind, at: RemoteTag.index(of: kind, by: signer))?.keys ?? []
        }
        return found.isEmpty ? nil : Set(found).sorted()
    }

    /// The names under `ac`, where the server lists a folder: `autoindex` of nginx, rclone and others
    /// each have their own page, and in all of them the names are 64 hexadecimal digits.
    private func listing() throws -> [Digest]? {
        let exchange = try client.run(
            HTTPExchange(.get, "\(base)/ac/", limit: RemoteTag.largest, sink: HTTPBytes()))
        // A server that keeps no list says so in many ways; one that does not answer, or wants other
        // credentials, is another matter.
        if case .final = exchange.failure, exchange.status >= 400, exchange.status != 401 {
            return nil
        }
        try check(exchange)
        guard exchange.isGood, let bytes = (exchange.sink as? HTTPBytes)?.bytes else { return nil }
        var names: Set<Digest> = []
        for word in bytes.split(whereSeparator: { hexDigitValue($0) == nil })
        where word.count == 64 && names.count < 1_000_000 {
            if let name = try? Digest(hex: String(decoding: word, as: UTF8.self)) {
                names.insert(name)
            }
        }
        return names.isEmpty ? nil : names.sorted()
    }

    /// Nothing: what a server keeps is its own to say.
    package func keep(_ digests: [Digest]) {}

    /// Adds keys to the list of a signer's results of a kind.
    package func note(_ keys: [Digest], of kind: String, by signer: VerifyingKey) throws {
        let place = RemoteTag.index(of: kind, by: signer)
        let known = (try? list(kind, at: place)?.keys) ?? []
        let new = Set(keys).subtracting(known)
        if new.isEmpty { return }
        try put([(place, RemoteTag(name: kind, keys: known + new.sorted()).bytes)])
    }

    /// Asks for what nobody has, and with `writing` puts and gets an empty list.
    package func probe(writing: Bool) throws -> String {
        // A key that nobody has: a server that answers it with anything has no results.
        let key = Digest(of: Array("bitlaw/probe/1\n\(randomName())".utf8).span)
        try entries([key]) { _, answer in
            if case .absent = answer { return }
            throw OperationalError.remote(
                name, "\(base): answers addresses that nothing stands at",
                fix: "check the address; /cas/DIGEST and /ac/KEY have to be files there")
        }
        guard writing else { return "answers" }
        try put(RemoteTag(name: "bitlaw doctor", keys: []))
        guard try tag("bitlaw doctor")?.keys == [] else {
            throw OperationalError.remote(
                name, "\(base): takes uploads, but does not give them back",
                fix: "serve the folder that uploads go to")
        }
        return "readable and writable"
    }
}
