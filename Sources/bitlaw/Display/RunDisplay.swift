import Run

/// Shows a run while it goes on.
protocol RunDisplay: AnyObject {
    func show(_ event: RunEvent)
    func end()
}
