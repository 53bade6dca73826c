import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Draws the plane: the true curve over a field, a sample, or the classes that a model sees.
package enum SpiralPictureStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.picture", version: 3,
        summary:
            "A picture of the plane: the true curve over the density, a sample or a model's classes.",
        source: "after the figures of Dzekman (2024); orange inside, blue outside",
        parameters: [
            Parameter("title", .text, "What stands above the picture."),
            Parameter(
                "show", .choice(["curve", "density", "sample", "network", "neighbours"]),
                "What is drawn under the curve."),
            Parameter("k", .integer(1...1000), default: 5, "For neighbours: how many vote."),
            Parameter(
                "features", .choice(Features.names), default: "cartesian",
                "For neighbours: how points are presented."),
            Parameter("cells", .integer(20...1000), default: 260, "Cells of the grid on a side."),
            Parameter("dots", .integer(0...100_000), default: 1000, "Sample points drawn at most."),
        ],
        inputs: [
            InputPort("manifold", "manifold.json of spiral.manifold"),
            InputPort("mixture", "mixture.json of spiral.mixture", isOptional: true),
            InputPort("data", "points.npy: x, y, label", isOptional: true),
            InputPort("network", "weights.safetensors of mlp.train", isOptional: true),
        ],
        outputs: [OutputPort("picture", fileName: "picture.svg", "The picture.")], usesProfile: true
    )

    private static let reach = 1.15
    private static let size = 460.0

    /// Draws.
    package static func run(_ context: StageContext) throws {
        let manifold = try SpiralManifold(context.input("manifold"))
        let show = context.parameters.text("show")
        let data = try context.inputs("data").first.map {
            try NumpyArray($0, columns: "x", "y", "label")
        }
        var out = head(context.parameters.text("title"), show)
        switch show {
        case "density":
            guard let input = context.inputs("mixture").first else {
                throw FormatError("show: density needs the input mixture")
            }
            out += density(try SpiralMixture(json: JSON(parsing: input.bytes())))
        case "network":
            guard let input = context.inputs("network").first else {
                throw FormatError("show: network needs the input network")
            }
            let network = try TrainedNetwork(Safetensors(input.bytes()))
            out += classes(
                NetworkClassifier(network: network, arithmetic: try context.arithmetic), context)
        case "neighbours":
            guard let data, let features = Features(rawValue: context.parameters.text("features"))
            else { throw FormatError("show: neighbours needs the input data") }
            out += classes(
                NeighbourClassifier(
                    data: data, features: features, k: context.parameters.integer("k")),
                context)
        default: out += ground
        }
        let curve = manifold.polygon(steps: 900).map { "\(place($0.x)) \(place(-$0.y))" }
        out +=
            "<path d=\"M\(curve.joined(separator: "L"))Z\" fill=\"none\" stroke=\"#000\" "
            + "stroke-width=\"1.3\" stroke-linejoin=\"round\"/>"
        if let data, show != "density" { out += dots(data, context.parameters.integer("dots")) }
        out +=
            "<path d=\"M.5 .5H459.5V459.5H.5Z\" fill=\"none\" stroke=\"currentColor\" opacity=\"0.5\"/>"
        try context.write("picture", out + "</g></svg>\n")
    }

    /// The element with its title, above the plane.
    private static func head(_ title: String, _ show: String) -> String {
        let what = [
            "curve": "the true curve", "density": "the density of points and the true curve",
            "sample": "a sample and the true curve",
            "network": "the classes that a network sees, and the true curve",
            "neighbours": "the classes that nearest neighbours see, and the true curve",
        ]
        let lines = TextMetrics.lines(title, within: size - 4, size: 14, isBold: true)
        let top = 8 + 18 * max(1, lines.count)
        let texts = lines.enumerated().map { place, line in
            "<text x=\"2\" y=\"\(17 + 18 * place)\" font-size=\"14\" font-weight=\"600\">"
                + "\(Markup.escape(line))</text>"
        }
        return
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 460 \(460 + top)\" "
            + "fill=\"currentColor\" font-family=\"system-ui, sans-serif\" "
            + "role=\"img\" style=\"max-width:100%;height:auto\"><title>\(Markup.escape(title))</title>"
            + "<desc>The plane from −1.15 to 1.15 on both axes: "
            + "\(what[show] ?? show).</desc>" + texts.joined()
            + "<g transform=\"translate(0 \(top))\">"
    }

    /// White below all that is drawn in dark colours, on dark pages too.
    private static let ground = "<path d=\"M0 0H460V460H0Z\" fill=\"#fff\"/>"

    private static func place(_ value: Double) -> String {
        Markup.number((value + reach) / (2 * reach) * size)
    }

    /// Runs of equal class, row by row: one path for each class.
    private static func classes(_ classifier: any Classifier, _ context: StageContext) -> String {
        let cells = context.parameters.integer("cells")
        let step = 2 * reach / Double(cells)
        var points: [Double] = []
        for row in 0..<cells {
            for column in 0..<cells {
                points += [
                    -reach + (Double(column) + 0.5) * step, reach - (Double(row) + 0.5) * step,
                ]
            }
        }
        let inside = classifier.classify(points) { context.progress($0, of: $1) }
        let cell = size / Double(cells)
        var path = ""
        for row in 0..<cells {
            var column = 0
            while column < cells {
                guard inside[row * cells + column] else {
                    column += 1
                    continue
                }
                let start = column
                while column < cells && inside[row * cells + column] { column += 1 }
                path +=
                    "M\(Markup.number(Double(start) * cell)) \(Markup.number(Double(row) * cell))"
                    + "h\(Markup.number(Double(column - start) * cell))v\(Markup.number(cell + 0.05))"
                    + "h-\(Markup.number(Double(column - start) * cell))Z"
            }
        }
        return
            "<path d=\"M0 0H460V460H0Z\" fill=\"#B9DCF2\"/><path d=\"\(path)\" fill=\"#F6CF85\"/>"
    }

    /// Cells shaded by the square root of the density, in twelve steps.
    private static func density(_ mixture: SpiralMixture) -> String {
        let cells = 115
        let step = 2 * reach / Double(cells)
        let cell = Markup.number(size / Double(cells) + 0.05)
        var values: [Double] = []
        for row in 0..<cells {
            for column in 0..<cells {
                let x = -reach + (Double(column) + 0.5) * step
                let y = reach - (Double(row) + 0.5) * step
                values.append(mixture.density(x, y).squareRoot())
            }
        }
        let most = max(values.max() ?? 1, .leastNormalMagnitude)
        var paths = [String](repeating: "", count: 12)
        for (index, value) in values.enumerated() {
            let level = min(11, Int(value / most * 12))
            if level == 0 { continue }
            let left = Markup.number(Double(index % cells) * size / Double(cells))
            let top = Markup.number(Double(index / cells) * size / Double(cells))
            paths[level] += "M\(left) \(top)h\(cell)v\(cell)h-\(cell)Z"
        }
        var out = ground
        for level in 1..<12 where !paths[level].isEmpty {
            out += """
                <path d="\(paths[level])" fill="#009E73" \
                opacity="\(Markup.number(Double(level) / 12))"/>
                """
        }
        return out
    }

    private static func dots(_ data: NumpyArray, _ most: Int) -> String {
        var out = ""
        for row in 0..<min(most, data.rows) {
            let (x, y) = (data.elements[3 * row], data.elements[3 * row + 1])
            guard x.magnitude < reach && y.magnitude < reach else { continue }
            let isInside = data.elements[3 * row + 2] > 0.5
            if isInside {
                out += "<circle cx=\"\(place(x))\" cy=\"\(place(-y))\" r=\"2.1\" fill=\"#C04A00\"/>"
            } else {
                let (left, top) = (
                    Markup.number((x + reach) / (2 * reach) * size - 1.7),
                    Markup.number((reach - y) / (2 * reach) * size - 1.7)
                )
                out += "<path d=\"M\(left) \(top)h3.4v3.4h-3.4Z\" fill=\"#00568A\"/>"
            }
        }
        return out
    }
}
