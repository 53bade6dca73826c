import Canon
package import Experiment
import System
import Workbench

/// A page that compares architectures at equal compute.
package enum ComputeReportStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "compute.report", version: 4,
        summary: """
            A report: published step counts, throughputs, perplexity by compute class, trends and \
            where they cross.
            """,
        source:
            "the protocol of Stanić et al. (2023), arXiv 2309.11197; the interval of the crossing is ours",
        parameters: [
            ReportPorts.title,
            ReportPorts.text,
            Parameter(
                "bootstrap", .integer(100...100_000), default: 2000,
                "Samples of replicates for the interval of the crossing."),
        ],
        inputs: [
            InputPort(
                "published",
                "steps.json of compute.steps over an axis with name and steps, the published count",
                isOptional: true, isCollection: true),
            InputPort(
                "throughputs", "throughput.json of compute.throughput", isOptional: true,
                isCollection: true),
            InputPort(
                "scores", "score.json of compute.train", isOptional: true, isCollection: true),
        ],
        outputs: [
            ReportPorts.page,
            ReportPorts.claims,
            OutputPort(
                "trends", fileName: "trends.json",
                "Slope of each architecture, crossing with interval."),
        ], isRandom: true)

    /// Writes the page.
    package static func run(_ context: StageContext) throws {
        var page = ReportPage(
            title: context.parameters.text("title"),
            subtitle: """
                The protocol of the Languini Kitchen (Stanić et al. 2023, arXiv 2309.11197) on \
                text and networks of our own
                """)
        page.paragraphs(context.parameters.texts("text"))
        let scores = try EqualComputeTrends(
            context.inputs("scores"), seed: context.seed,
            samples: context.parameters.integer("bootstrap"))
        let claims = [try published(&page, context.inputs("published"))] + scores.claims
        page.heading("Claims")
        page.claims(claims)
        if let table = try publishedTable(context.inputs("published")) {
            page.heading("Published step counts")
            page.table(
                ["configuration", "tokens/s", "hours", "batch", "published steps", "ours"], table)
        }
        try throughputs(&page, context.inputs("throughputs"))
        scores.describe(&page)
        try page.write(claims, to: context)
        try context.write("trends", scores.json.pretty())
    }

    private static func row(_ input: StageInput) -> JSON? {
        input.coordinates.first { $0.value["steps"] != nil }?.value
    }

    private static func published(_ page: inout ReportPage, _ inputs: [StageInput]) throws
        -> CheckedClaim
    {
        let claim = "Steps are round(tokens/s · 3600 · hours/(batch · 512)), as published"
        let (basis, expected) = (
            "sourced (the authors' repository)", "all ten published step counts, exactly"
        )
        guard !inputs.isEmpty else {
            return .lacking("L1", claim, basis: basis, expected: expected)
        }
        var (right, truncated) = (0, 0)
        for input in inputs {
            let json = try JSON(parsing: input.bytes())
            let known = row(input)?["steps"]?.double
            if known != nil && json["steps"]?.double == known { right += 1 }
            let exact =
                (json["tokens_per_second"]?.double ?? 0) * 3600 * (json["hours"]?.double ?? 0)
                / ((json["batch"]?.double ?? 1) * (json["length"]?.double ?? 1))
            if exact.rounded(.down) == known { truncated += 1 }
        }
        return CheckedClaim(
            id: "L1", claim: claim, basis: basis, expected: expected,
            measured: "\(right) of \(inputs.count) exact; truncation would give \(truncated)",
            verdict: .init(right == inputs.count && inputs.count == 10), inputs: inputs)
    }

    private static func publishedTable(_ inputs: [StageInput]) throws -> [[String]]? {
        guard !inputs.isEmpty else { return nil }
        return try inputs.map { input in
            let json = try JSON(parsing: input.bytes())
            return [
                Markup.escape(row(input)?["name"]?.text ?? input.producer),
                Told.number(json["tokens_per_second"]?.double), Told.number(json["hours"]?.double),
                Told.number(json["batch"]?.double), Told.number(row(input)?["steps"]?.double),
                Told.number(json["steps"]?.double),
            ]
        }
    }

    private static func throughputs(_ page: inout ReportPage, _ inputs: [StageInput]) throws {
        guard !inputs.isEmpty else { return }
        page.heading("Throughput")
        let all = try inputs.map { ($0, try JSON(parsing: $0.bytes())) }
        page.paragraph(
            """
            Measured on: <code>\(Markup.escape(all[0].1["machine"]?.text ?? ""))</code>. A \
            measurement belongs to its machine: the machine is in its key, its digest in the keys \
            of all that follows from it, and another machine measures anew. The ranking below is \
            that of this machine.
            """)
        page.table(
            [
                "architecture", "parameters", "tokens a step", "characters a second",
                "step, ms (repeats)",
            ],
            all.map { input, json in
                let seconds = (json["step_seconds"]?.elements ?? []).compactMap { $0.double }
                return [
                    Markup.escape(json["architecture"]?.text ?? ""),
                    Told.number(json["parameters"]?.double),
                    Told.number((json["batch"]?.double ?? 0) * (json["length"]?.double ?? 0)),
                    page.number(Told.number(json["tokens_per_second"]?.double), from: [input]),
                    """
                    \(Told.number(1000 * (seconds.min() ?? 0))) to \
                    \(Told.number(1000 * (seconds.max() ?? 0)))
                    """,
                ]
            })
    }
}
