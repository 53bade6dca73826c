import Canon
import LocalStore
import System

/// The results that stand in an audit's fresh store: by them one finds those that its engine did not make.
enum FreshResults {
    /// The path of a store for an audit in a folder: what programs of an earlier audit could have written is
    /// passed over.
    static func path(in folder: String, isAnew: Bool) throws -> String {
        var path = "\(folder)/store"
        var number = 1
        while try isAnew && !namesInFolder("\(path)/actions").isEmpty {
            number += 1
            path = "\(folder)/store-\(number)"
        }
        return path
    }

    /// The keys of results in a fresh store that are not as its engine made them, damaged ones included.
    static func planted(in store: Store, own: [Digest: ActionResult]) throws -> [Digest] {
        var found: Set<Digest> = []
        for damage in store.damage {
            let place = damage.place(in: store)
            if place.count == 3, place[0] == "actions", let key = key(place[1], place[2]) {
                found.insert(key)
            }
        }
        let folder = "\(store.path)/actions"
        for shard in try namesInFolder(folder) {
            for name in try namesInFolder("\(folder)/\(shard)") {
                guard let key = key(shard, name) else { continue }
                let bytes = try? readWholeFile(
                    "\(folder)/\(shard)/\(name)", limit: 4 << 20, followingLinks: false)
                let json = bytes.flatMap { try? JSON(parsing: $0) }
                let result = json.flatMap { try? ActionResult(json: $0, key: key) }
                if result == nil || result?.marked([]) != own[key]?.marked([]) { found.insert(key) }
            }
        }
        return found.sorted()
    }

    private static func key(_ shard: String, _ name: String) -> Digest? {
        try? Digest(hex: shard + name.prefix(62))
    }
}
