import Canon
import Experiment

/// Which pictures the page has, and where they stand.
extension AutomaticPage {
    /// Pictures of one stage, and whether a stage that only draws made them.
    struct Picture {
        let stage, output: String
        let isDrawn: Bool

        var placing: String { "{figure: \(stage)/\(output)}" }
    }

    /// What tells the story: the picture that was drawn last, out of all that the others found.
    static func story(_ pictures: [Picture]) -> String? {
        pictures.last { $0.isDrawn }?.placing
    }

    /// The points and the curve of a law, which stand with it.
    static func ofLaw(_ pictures: [Picture], _ stage: String) -> [Picture] {
        pictures.filter { $0.stage == stage && $0.output == "plot" }
    }

    /// The pictures of all stages, in their order.
    func pictures() -> [Picture] {
        var found: [Picture] = []
        for stage in stages {
            for output in results.outputs(of: stage.name) where AutomaticPage.isWord(output) {
                let places = results.inputs(of: stage.name, output: output)
                guard let first = places.first, let bytes = try? results.inputs[first].bytes(),
                    ShownPicture.isOne(bytes), let svg = try? ShownPicture.svg(bytes)
                else { continue }
                if !CleanPicture(svg).svg.isEmpty {
                    let isDrawn = stage.kind.hasPrefix("chart/") && places.count == 1
                    found.append(Picture(stage: stage.name, output: output, isDrawn: isDrawn))
                }
            }
        }
        return found
    }
}
