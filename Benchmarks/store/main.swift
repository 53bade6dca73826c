import Canon
import Glibc
import LocalStore

// Puts a file into a fresh store, or restores it, and prints the digest: one timed process each.
//
//     store put DIR FILE        store get DIR DIGEST FILE
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
default:
    print("usage: store put DIR FILE | store get DIR DIGEST FILE")
    exit(2)
}
