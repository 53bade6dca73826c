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
        func placed(_ ticks: [AxisTick]) -> [(place: Double, label: String?)] {
            ticks.compactMap { tick in inside(tick.value).map { ($0, tick.label) } }
        }
        for choice in choices {
            let ticks = placed(choice)
            let spans = ticks.compactMap { tick in
                tick.label.map { (tick.place - extent($0) / 2, tick.place + extent($0) / 2) }
            }.sorted { $0.0 < $1.0 }
            let hasRoom = zip(spans, spans.dropFirst()).allSatisfy { $0.1 + gap <= $1.0 }
            if hasRoom, spans.count > 1 || choice == choices.last { return ticks }
        }
        // Labels too long for two of them: the first alone.
        let ticks = placed(choices.last ?? [])
        return ticks.enumerated().map { ($1.place, $0 == 0 ? $1.label : nil) }
    }

    /// The widest label that any choice may show.
    var widest: Double {
        range.choices.joined().compactMap { $0.label }
            .map { TextMetrics.width($0, size: SceneText.usual) }.max() ?? 0
    }
}
