/// A step of an experiment: a pure function of its parameters, its seed and its inputs.
///
/// A stage reads no clock, no environment, no file and no global: everything that can change its
/// outputs comes through the context, for only that is in the action key. A kind that is a
/// measurement reads the clock; its key names the machine.
///
/// ```swift
/// enum CoinStage: Stage {
///     static let kind = Kind(
///         name: "mylab.coins", version: 1, summary: "Throws coins, and counts the heads.",
///         source: "our own choice",
///         parameters: [Parameter("count", .integer(1...1_000_000), "How many coins.")],
///         outputs: [OutputPort("heads", fileName: "heads.json", "count; heads.")],
///         isRandom: true)
///
///     static func run(_ context: StageContext) throws {
///         let count = context.parameters.integer("count")
///         var stream = RandomStream(seed: context.seed, purpose: "coins")
///         let heads = (0..<count).count { _ in stream.uniform() < 0.5 }
///         let facts: JSON = ["count": .number(Double(count)), "heads": .number(Double(heads))]
///         try context.write("heads", facts.pretty())
///     }
/// }
/// ```
public protocol Stage: Sendable {
    /// The contract: name, version, parameters, inputs, outputs.
    static var kind: Kind { get }

    /// Makes every output that the kind declares.
    ///
    /// - Throws: any error; its text is the action's failure, shown to the person who runs it.
    static func run(_ context: StageContext) throws
}
