/// An axis at its place in a picture.
struct PanelAxis {
    let range: AxisRange
    /// The coordinates of the low and the high end.
    let from, to: Double

    /// The coordinate of a value; `nil` where the scale has no place for it.
    func place(_ value: Double) -> Double? {
        range.measure(value).map {
            from + ($0 - range.low) / (range.high - range.low) * (to - from)
        }
    }

    /// The coordinate of a value that lies between the ends.
    func inside(_ value: Double) -> Double? {
        place(value).flatMap {
            (min(from, to) - 0.01...max(from, to) + 0.01).contains($0) ? $0 : nil
        }
    }

    /// The coordinate of a value, or the end beyond which it lies; what a logarithmic axis has no place for
    /// lies beyond its low end.
    func clamped(_ value: Double) -> Double {
        guard let place = place(value) else { return value == .infinity ? to : from }
        return max(min(from, to), min(max(from, to), place))
    }

    /// The marks of the densest choice whose labels have room: `extent` says how far a label reaches along
    /// the axis, `gap` how far labels stay apart.
    func ticks(gap: Double, extent: (String) -> Double) -> [(place: Double, label: String?)] {
        let choices = range.choices
        /// Whether the labels have room, and whether there are two of them.
        func fits(_ ticks: [(place: Double, label: String?)]) -> (hasRoom: Bool, areSeveral: Bool) {
            let spans = ticks.compactMap { tick in
                tick.label.map { (tick.place - extent($0) / 2, tick.place + extent($0) / 2) }
            }.sorted { $0.0 < $1.0 }
            let hasRoom = zip(spans, spans.dropFirst()).allSatisfy { $0.1 + gap <= $1.0 }
            return (hasRoom, spans.count > 1)
        }
        for choice in choices {
            let ticks = placed(choice)
            let fit = fits(ticks)
            if fit.hasRoom, fit.areSeveral || choice == choices.last { return ticks }
        }
        // Labels too long for every mark: every second has one, every third, at last the first alone.
        let ticks = placed(choices.last ?? [])
        let labels = ticks.indices.filter { ticks[$0].label != nil }
        for step in 2..<max(3, labels.count) {
            let kept = Set(labels.enumerated().filter { $0.offset % step == 0 }.map { $0.element })
            let thinned = ticks.indices.map {
                (place: ticks[$0].place, label: kept.contains($0) ? ticks[$0].label : nil)
            }
            let fit = fits(thinned)
            if fit.hasRoom, fit.areSeveral { return thinned }
        }
        return ticks.indices.map { (ticks[$0].place, $0 == labels.first ? ticks[$0].label : nil) }
    }

    /// Marks at their places; where powers of ten stand close, what lies between them has no mark.
    private func placed(_ ticks: [AxisTick]) -> [(place: Double, label: String?)] {
        let isCrowded =
            range.scale == .logarithmic
            && (to - from).magnitude < PanelAxis.leastDecade * (range.high - range.low)
        return ticks.compactMap { tick in
            if isCrowded, tick.label == nil, let power = range.measure(tick.value),
                (power - power.rounded()).magnitude > 1e-6
            {
                return nil
            }
            return inside(tick.value).map { ($0, tick.label) }
        }
    }

    /// How much room a power of ten needs for the eight marks up to the next.
    private static let leastDecade = 16.0

    /// The widest label that any choice may show.
    var widest: Double {
        range.choices.joined().compactMap { $0.label }
            .map { TextMetrics.width($0, size: SceneText.usual) }.max() ?? 0
    }
}
