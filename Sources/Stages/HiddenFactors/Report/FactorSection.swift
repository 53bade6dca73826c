import Numerics

/// The parts of the report, in its order.
struct FactorSection {
    let name, heading, text: String
    /// The claims that it shows.
    let claims: [Int]

    static let all: [FactorSection] = [
        FactorSection(
            name: "baselines", heading: "The data, and what counting makes of them",
            text: """
                Before anything is trained: whether the generator makes what it says, which width \
                a representation of log p needs, and how fast estimators that count converge. With \
                the graph known, counts of each output factor by its parents' state; without it, \
                counts over pairs of tokens, with the added constant that is best for p itself, so \
                a bound that no real choice beats.
                """,
            claims: [1, 2, 14, 15]),
        FactorSection(
            name: "rate", heading: "Calibration: learning rate",
            text: """
                The choices that the other experiments rest on, each on the authors' four problems \
                and on one with a single parent, which is ours. Each network sees 0.9 of the \
                inputs through a frozen embedding that respects the factors; the figures show its \
                loss on the others.
                """,
            claims: [13]),
        FactorSection(
            name: "blocks", heading: "Calibration: number of blocks",
            text: "At a rate of 0.01, as the authors plot this sweep and the next two.",
            claims: [12]),
        FactorSection(
            name: "calibrated-width", heading: "Calibration: width",
            text: "Blocks of h = 4 d, at a rate of 0.01.", claims: []),
        FactorSection(
            name: "ratio", heading: "Calibration: width inside a block",
            text: "h between d and 6 d, at a rate of 0.01.", claims: [17]),
        FactorSection(
            name: "long", heading: "Calibration: rates over a long training",
            text: """
                Whether the rate that is best for a short training is best for a long one, and \
                what the schedule in logarithms of steps makes of it, which the authors use where \
                runs are read at many lengths.
                """,
            claims: [18]),
        FactorSection(
            name: "single-pass", heading: "Single pass",
            text: """
                Each step draws fresh inputs and one output for each; the loss is exact, over all \
                inputs. Tasks of equal χ are averaged, whatever their factors. The smaller α is, \
                the nearer are the rows of tables to a single certain value.
                """,
            claims: [6]),
        FactorSection(
            name: "compression", heading: "Compression",
            text: """
                All inputs in each step, with the exact p(·|x) as label: how fast and how far can \
                the network store the data?
                """,
            claims: [4]),
        FactorSection(
            name: "capacity", heading: "The width that is needed",
            text: """
                Four input factors of p values, three outputs of 8, one parent each: χ̄ = 3p. \
                Dashed lines stand at d = χ̄.
                """,
            claims: [3]),
        FactorSection(
            name: "width", heading: "What width costs",
            text: """
                The same data, networks of different widths, by steps and by operations; then \
                inputs that are not trained on.
                """,
            claims: [5]),
        FactorSection(
            name: "filtration", heading: "Filtration",
            text: """
                One graph for each seed, with more and more of its edges: β is the probability of \
                an edge. Loss on inputs that were not trained on.
                """,
            claims: [7, 16]),
        FactorSection(
            name: "generalisation", heading: "Factored inputs",
            text:
                "The same inputs, cut into other factors, each with an embedding that respects its own cut.",
            claims: [9]),
        FactorSection(
            name: "embeddings", heading: "Embeddings",
            text: """
                A learned embedding has a row for each token, and the rows of tokens that were not \
                trained on stay as they were drawn.
                """,
            claims: [8]),
        FactorSection(
            name: "split", heading: "How much must be seen",
            text: "Training on a part γ of the inputs; loss on the others.", claims: [10]),
        FactorSection(
            name: "reuse", heading: "Fewer inputs more often, or more inputs",
            text: """
                The same runs at equal compute: a budget is γ times epochs, the operations in \
                units of one pass over all inputs.
                """,
            claims: [11]),
    ]
}
