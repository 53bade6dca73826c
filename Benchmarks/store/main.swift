import Canon
import Glibc
import LocalStore

// Puts a file or a folder into a fresh store, or restores it, and prints the digest: one timed process each.
//
//     store put DIR FILE        store get DIR DIGEST FILE
//     store put-tree DIR FOLDER        store get-tree DIR DIGEST FOLDER
let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "put" where arguments.count == 4:
    let store = try Store.open(arguments[2])
    let (digest, size) = try store.put(fileAt: arguments[3])
    print(digest, size)
case "get" where arguments.count == 5:
    let store = try Store.open(arguments[2])
    let digest = try Digest(hex: arguments[3])
    guard try store.restore(digest, to: arguments[4]) else {
        print("no blob \(digest)")
        exit(1)
    }
    print(digest)
case "put-tree" where arguments.count == 4:
    let store = try Store.open(arguments[2])
    print(try store.put(treeAt: arguments[3]).digest)
case "get-tree" where arguments.count == 5:
    let store = try Store.open(arguments[2])
    let digest = try Digest(hex: arguments[3])
    guard let tree = try store.tree(digest), try store.unpack(tree, to: arguments[4]).isEmpty else {
        print("no tree \(digest)")
        exit(1)
    }
    print(digest)
default:
    print("usage: store put[-tree] DIR PATH | store get[-tree] DIR DIGEST PATH")
    exit(2)
}
