import Canon
package import Experiment

/// A page for an experiment that has none of its own: its text places what the results are, and the same
/// writer makes it a page.
package struct AutomaticPage {
    /// What one action gave.
    package struct Output: Sendable {
        /// The output.
        package let input: StageInput
        /// How many bytes it has.
        package let size: Int

        /// Names an output.
        package init(_ input: StageInput, size: Int) {
            self.input = input
            self.size = size
        }
    }

    let experiment: String
    let stages: [StageSummary]
    /// What the page can show, in the order of the experiment.
    let outputs: [Output]
    /// What a reader should know before the results, in sentences of plain text.
    let warnings: [String]
    /// Where the results come from: a name and its value.
    let facts: [(name: String, value: String)]
    /// The name under which the page's own collections are placed; no stage is called so.
    let own: String
    let results: Results
    /// What the page does not show, in sentences.
    var notShown: [String] = []

    /// The largest document or table that is read for the page.
    private static let largestDocument = 1 << 20
    /// The most bytes of documents, and of pictures, that a page is made of.
    private static let mostBytes = (documents: 64 << 20, pictures: 1_200_000)
    /// The largest picture.
    private static let largestPicture = 600_000

    /// Takes what the page is made of.
    ///
    /// - Parameters:
    ///   - experiment: its name.
    ///   - stages: in the order of the experiment, producers before their readers.
    ///   - outputs: what they gave; what is too large for a page is left out, and the page says so.
    ///   - warnings: sentences that stand before the results.
    ///   - facts: versions, seeds, digests and times, as a name and a value each.
    package init(
        experiment: String, stages: [StageSummary], outputs: [Output], warnings: [String],
        facts: [(name: String, value: String)]
    ) {
        self.experiment = experiment
        self.stages = stages
        self.warnings = warnings
        self.facts = facts
        var name = "this-page"
        while stages.contains(where: { $0.name == name }) { name += "-too" }
        own = name
        var rest = AutomaticPage.mostBytes
        var kept: [Output] = []
        var leftOut: [String: Int] = [:]
        for output in outputs {
            let isPicture =
                output.input.name.lowercased().hasSuffix(".svg") || AutomaticPage.isPlot(output)
            let isLarge: Bool
            if isPicture {
                isLarge =
                    output.size > AutomaticPage.largestPicture || output.size > rest.pictures
                if !isLarge { rest.pictures -= output.size }
            } else {
                guard OutputScalars.mayHold(output.input.name) else { continue }
                isLarge =
                    output.size > AutomaticPage.largestDocument || output.size > rest.documents
                if !isLarge { rest.documents -= output.size }
            }
            if isLarge {
                leftOut["\(output.input.stage)/\(output.input.output)", default: 0] += 1
            } else {
                kept.append(output)
            }
        }
        self.outputs = kept
        notShown = leftOut.sorted { $0.key < $1.key }.map { name, count in
            "\(counted(count, "output")) \(name) would make the page too large."
        }
        results = Results(
            kept.map { $0.input } + AutomaticPage.collections(own, stages, outputs))
    }

    /// Whether an output that a page may hold is the data of a plot.
    private static func isPlot(_ output: Output) -> Bool {
        output.size <= largestDocument && OutputScalars.mayHold(output.input.name)
            && (try? output.input.bytes()).map(PlotDocument.isOne) ?? false
    }

    /// What the page collects itself: the graph, the stages, the digests.
    private static func collections(
        _ own: String, _ stages: [StageSummary], _ outputs: [Output]
    ) -> [StageInput] {
        let digests = outputs.prefix(mostDigests).map { output -> JSON in
            [
                "action": .string(output.input.producer), "output": .string(output.input.output),
                "digest": .string(output.input.digest.hex),
            ]
        }
        return [
            ("graph", Array(StageDiagram(stages).svg.utf8)),
            ("stages", JSON.array(stages.map { $0.record }).canonical()),
            ("outputs", JSON.array(digests).canonical()),
        ].map { name, bytes in
            StageInput(
                producer: own, output: name, coordinates: [], digest: Digest(of: bytes.span),
                read: { bytes }, place: { throw FormatError("\(name) is no file") })
        }
    }

    /// How many outputs the page lists by their digests.
    static let mostDigests = 200

    /// The page.
    ///
    /// - Throws: errors of outputs that cannot be read.
    package mutating func html() throws -> String {
        let source = try PageSource(path: "the automatic page", bytes: Array(try text().utf8))
        var writer = PageWriter([source], results, try PageClaims([]), isJudged: true)
        return try writer.write().html
    }
}
