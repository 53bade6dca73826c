/// The graph of stages as a picture: a box a stage, those that are read above those that read them.
package struct StageDiagram {
    private static let width = 640.0
    private static let box = (width: 148.0, height: 46.0)
    private static let step = 84.0
    private static let mostInRow = 4

    private let stages: [StageSummary]
    /// The middle of each box, by the stage's name.
    private var middles: [String: (x: Double, y: Double)] = [:]
    private var rows = 0

    /// Places the stages.
    ///
    /// Each has to stand behind those that it reads, as an experiment's graph orders them.
    package init(_ stages: [StageSummary]) {
        self.stages = stages
        var depths: [String: Int] = [:]
        var layers: [[String]] = []
        for stage in stages {
            let depth = (stage.reads.compactMap { depths[$0] }.max() ?? -1) + 1
            depths[stage.name] = depth
            if layers.count <= depth { layers.append([]) }
            layers[depth].append(stage.name)
        }
        for layer in layers {
            var rest = layer[...]
            while !rest.isEmpty {
                let row = rest.prefix(StageDiagram.mostInRow)
                rest = rest.dropFirst(StageDiagram.mostInRow)
                let y = StageDiagram.box.height / 2 + 4 + Double(rows) * StageDiagram.step
                for (place, name) in row.enumerated() {
                    let x = StageDiagram.width * (Double(place) + 0.5) / Double(row.count)
                    middles[name] = (x, y)
                }
                rows += 1
            }
        }
    }

    /// The picture; its colours are those of the page around it.
    package var svg: String {
        let height =
            Double(max(0, rows - 1)) * StageDiagram.step + StageDiagram.box.height + 8
        var out =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 \(Markup.number(height))\" "
            + "font-family=\"system-ui, sans-serif\" role=\"img\">"
            + "<title>Stages and what they read</title><desc>"
        for stage in stages {
            let reads = stage.reads.isEmpty ? "nothing" : stage.reads.joined(separator: ", ")
            out += Markup.escape("\(stage.name) reads \(reads). ")
        }
        out += "</desc>"
        for stage in stages {
            for producer in stage.reads { out += line(from: producer, to: stage.name) }
        }
        for stage in stages { out += box(stage) }
        return out + "</svg>"
    }

    private func line(from producer: String, to reader: String) -> String {
        guard let a = middles[producer], let b = middles[reader] else { return "" }
        let (top, bottom) = (a.y + StageDiagram.box.height / 2, b.y - StageDiagram.box.height / 2)
        let bend = (bottom - top) / 2
        func text(_ value: Double) -> String { Markup.number(value) }
        return "<path d=\"M\(text(a.x)) \(text(top))C\(text(a.x)) \(text(top + bend)) "
            + "\(text(b.x)) \(text(bottom - bend)) \(text(b.x)) \(text(bottom))\" fill=\"none\" "
            + "stroke=\"currentColor\" stroke-opacity=\"0.45\" stroke-width=\"1.5\"/>"
    }

    private func box(_ stage: StageSummary) -> String {
        guard let middle = middles[stage.name] else { return "" }
        let (x, y) = (Markup.number(middle.x), middle.y)
        let left = Markup.number(middle.x - StageDiagram.box.width / 2)
        let top = Markup.number(y - StageDiagram.box.height / 2)
        let count = stage.actions == 1 ? "" : " ×\(GroupedDigits.text(stage.actions))"
        let kind = stage.kind.split(separator: "/").first.map(String.init) ?? stage.kind
        return "<g><title>\(Markup.escape(stage.name + count))</title>"
            + "<rect x=\"\(left)\" y=\"\(top)\" width=\"148\" height=\"46\" rx=\"5\" "
            + "fill=\"var(--bg,#fff)\" stroke=\"currentColor\" stroke-width=\"1.2\"/>"
            + "<text x=\"\(x)\" y=\"\(Markup.number(y - 3))\" text-anchor=\"middle\" "
            + "font-size=\"14\" font-weight=\"600\" fill=\"currentColor\">"
            + Markup.escape(StageDiagram.fitting(stage.name, count, size: 14, isBold: true))
            + "</text><text x=\"\(x)\" y=\"\(Markup.number(y + 15))\" text-anchor=\"middle\" "
            + "font-size=\"14\" fill=\"currentColor\">"
            + Markup.escape(StageDiagram.fitting(kind, "", size: 14, isBold: false))
            + "</text></g>"
    }

    /// A name that is cut where its box ends; the tail always stays.
    private static func fitting(
        _ name: String, _ tail: String, size: Double, isBold: Bool
    ) -> String {
        let room = box.width - 12
        var text = name
        while !text.isEmpty,
            TextMetrics.width(
                text + (text == name ? "" : "…") + tail, size: size, isBold: isBold) > room
        { text.removeLast() }
        return text + (text == name ? "" : "…") + tail
    }
}
