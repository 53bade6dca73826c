/// Names of series at the right ends of their lines, instead of a legend.
struct EndLabels {
    /// Where each name stands, and the end that it names.
    private(set) var labels:
        [(name: String, text: String, end: (x: Double, y: Double), y: Double)] = []

    /// The widest name that stands beside a figure.
    private static let widest = 128.0
    /// How far names are moved at most.
    private static let farthest = 30.0

    /// Finds places for all names; `nil` where there is no room beside the lines.
    init?(_ series: [FigureSeries], _ plan: InkPlan, x: PanelAxis, y: PanelAxis, frame: SceneBox) {
        let named = series.filter { !$0.name.isEmpty && $0.isShown }
        guard named.count > 1, named.count <= 12 else { return nil }
        let isAlike = named.allSatisfy { plan.isMember($0.name) }
        for one in named {
            guard let end = EndLabels.end(of: one, x, y), end.x > frame.right - 0.2 * frame.width
            else {
                return nil
            }
            // Beside each other numbers are enough; the first line says of what.
            let label = isAlike ? plan.family.first { $0.name == one.name }?.label : nil
            labels.append((one.name, label ?? one.name, end, end.y))
        }
        guard labels.allSatisfy({ EndLabels.width($0.text) <= EndLabels.widest }), spread(frame)
        else {
            return nil
        }
    }

    private static func width(_ text: String) -> Double {
        TextMetrics.width(text, size: SceneText.usual)
    }

    /// The room that they need to the right of the frame.
    var room: Double { (labels.map { EndLabels.width($0.text) }.max() ?? 0) + 22 }

    /// The last place of a series that is on both axes.
    private static func end(of series: FigureSeries, _ x: PanelAxis, _ y: PanelAxis) -> (
        x: Double, y: Double
    )? {
        let lines = series.lines.filter { $0.kind == 0 }.flatMap { $0.pieces.flatMap { $0 } }
        return (lines.isEmpty ? series.points : lines).compactMap { point in
            guard let x = x.inside(point.x), let y = y.inside(point.y) else { return nil }
            return (x, y)
        }.max { $0.x < $1.x }
    }

    /// Moves names apart; whether none moves far.
    private mutating func spread(_ frame: SceneBox) -> Bool {
        let step = 16.0
        labels.sort { ($0.end.y, $0.name) < ($1.end.y, $1.name) }
        guard step * Double(labels.count - 1) <= frame.height else { return false }
        for place in labels.indices {
            let least = place == 0 ? frame.top : labels[place - 1].y + step
            labels[place].y = max(labels[place].y, least)
        }
        for place in labels.indices.reversed() {
            let most = place == labels.count - 1 ? frame.bottom : labels[place + 1].y - step
            labels[place].y = min(labels[place].y, most)
        }
        return labels.allSatisfy { ($0.y - $0.end.y).magnitude <= EndLabels.farthest }
    }

    /// Writes the names, each with a stroke from its line.
    func draw(into scene: inout Scene, _ plan: InkPlan, frame: SceneBox) {
        for label in labels {
            let pen = Pen(ink: plan[label.name].ink, frame: frame)
            scene.draw(
                pen.segment((frame.right + 2, label.end.y), (frame.right + 14, label.y), width: 1.4)
            )
            scene.write(
                SceneText(text: label.text, x: frame.right + 17, y: label.y + 4.7))
        }
    }
}
