import ArgumentParser

/// Says what would run.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what would run, why, what is cached and where, and how long it may take.",
        discussion: """
            EXAMPLE
              bitlaw plan pipelines/spiral.yaml
              bitlaw plan pipelines/spiral.yaml --remotes   # what comes from elsewhere
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var selected: SelectionOptions

    @Flag(name: .long, help: "Ask the remotes what they have, and say how much would be fetched.")
    var remotes = false

    func run() throws {
        try options.look(isRemembered: !remotes) { graph, store in
            var offers: RemoteOffers?
            if remotes { offers = try RemoteOffers(graph, store, selected.selection) }
            return try PlanListing.show(
                graph, store, selected.selection, options.common, offers: offers)
        }
    }
}
