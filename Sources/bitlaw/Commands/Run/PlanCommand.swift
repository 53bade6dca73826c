import ArgumentParser

/// Says what would run.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what would run, why, what is cached and where, and how long it may take.",
        discussion: """
            EXAMPLE
              bitlaw plan pipelines/spiral.yaml
              bitlaw plan pipelines/spiral.yaml --remotes   # what would come from elsewhere
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Flag(name: .long, help: "Ask the remotes what they have, and say how much would be fetched.")
    var remotes = false

    func run() throws {
        let (graph, store) = try options.open()
        var offers: RemoteOffers?
        if remotes { offers = try RemoteOffers(graph, store, targets: chosen.selection) }
        try PlanListing.show(graph, store, chosen.selection, options.common, offers: offers)
    }
}
