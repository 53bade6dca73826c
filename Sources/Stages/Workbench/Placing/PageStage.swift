import Canon
package import Experiment

/// Writes a page of results: its text is Markdown, its numbers, tables, figures and verdicts are results.
package enum PageStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "page", version: 6,
        summary: """
            A page of results: Markdown with ${expressions}, {figure: …}, {table: …}, {law: …} and \
            {claims: …}; claims are judged by the results.
            """,
        source: "CommonMark; docs/your-own-page.md",
        parameters: [
            Parameter(
                "judged", .boolean, default: true,
                "Whether claims are judged; a smoke test tells them and judges none.")
        ],
        inputs: [
            InputPort("page", "the page: Markdown with a title in its front matter"),
            InputPort(
                "sections",
                "further pages, whose titles become headings of this one, in their order",
                isOptional: true, isCollection: true, takesSeveralStages: true),
            InputPort(
                "claims", "claims files: what is claimed, on what ground, what bears it",
                isOptional: true, isCollection: true, takesSeveralStages: true),
            InputPort(
                "results",
                "what the page and its claims name: JSON, CSV and SVG outputs, and the data of plots",
                isOptional: true, isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            ReportPorts.page,
            OutputPort(
                "claims", fileName: "claims.json",
                "Each claim of the page: expected, measured, verdict, and the outputs it was judged by."
            ),
        ],
        namesProducers: true)

    /// What a page may place: each word with its options.
    package static let placings = Placing.words

    /// Writes the page and its claims.
    package static func run(_ context: StageContext) throws {
        let text = context.input("page")
        let sections = try context.inputs("sections").map { input in
            try PageSource(path: input.producer, bytes: input.bytes()).asSection
        }
        let source = try PageSource(path: text.producer, bytes: text.bytes())
        let claims = try PageClaims(context.inputs("claims"))
        var writer = PageWriter(
            [source] + sections, Results(context.inputs("results")), claims,
            isJudged: context.parameters.boolean("judged"))
        let (page, judged) = try writer.write()
        try context.write(ReportPorts.page.name, page)
        try context.write("claims", judged.pretty())
    }
}
