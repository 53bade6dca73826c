import ArgumentParser
import LocalStore
import Trust

/// Makes a key.
struct NewKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a key of your own; what you push is signed with it from now on.",
        discussion: """
            EXAMPLE
              bitlaw keys new ada     # prints the public key: give it to others
            """)

    @Argument(help: "The key's name, such as your own.") var name: String

    func run() throws {
        var keys = try KeyStore()
        let key = try keys.make(name)
        Output.line(key.hex)
        Output.error(
            "private: \(keys.folder)/keys/\(name).pem (keep it to yourself)\n"
                + "public:  \(keys.folder)/keys/\(name).pem.pub, or the 64 digits above\n")
    }
}
