import ArgumentParser

@main struct Bitlaw: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bitlaw")
}
