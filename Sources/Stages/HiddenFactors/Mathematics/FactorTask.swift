package import Numerics
import System

/// Discrete data with a hidden factorial structure: p(y|x) = Π_j p_j(y_j | pa_j(x)), x uniform.
///
/// Memory is that of the factors' tables, about χ numbers; the N × M table of p(y|x) is never made.
/// Source: Arnal, Berenfeld, Rosenberg, Cabannes (2024), arXiv 2411.01375.
package struct FactorTask: Sendable, Equatable {
    /// The inputs: N tokens, the first factor fastest.
    package let input: FactorSpace
    /// The outputs: M tokens, the last factor fastest.
    package let output: FactorSpace
    /// Which input factors each output factor depends on.
    package let graph: FactorGraph
    /// One table for each output factor.
    package let tables: [FactorTable]
    /// The states of each output's parents, the first parent fastest.
    package let parentSpaces: [FactorSpace]

    /// Joins a graph with its tables; shapes that do not fit trap.
    package init(
        input: FactorSpace, output: FactorSpace, graph: FactorGraph, tables: [FactorTable]
    ) {
        self.input = input
        self.output = output
        self.graph = graph
        self.tables = tables
        parentSpaces = FactorTask.parentSpaces(input, graph)
        precondition(
            tables.map { $0.size } == output.sizes
                && tables.map { $0.states } == parentSpaces.map { $0.count }, "tables do not fit")
    }

    /// Draws the tables: those of output j from a stream of their own, so that no other output's
    /// parents change them.
    ///
    /// - Complexity: χ logarithms of Gamma numbers.
    package init(
        input: FactorSpace, output: FactorSpace, graph: FactorGraph, concentrations: [Double],
        seed: UInt64
    ) {
        precondition(concentrations.count == output.sizes.count, "one concentration an output")
        let spaces = FactorTask.parentSpaces(input, graph)
        let tables = spaces.indices.map { factor in
            var stream = RandomStream(seed: seed, purpose: "factor table", index: UInt64(factor))
            return FactorTable(
                states: spaces[factor].count, size: output.sizes[factor],
                concentration: concentrations[factor], stream: &stream)
        }
        self.init(input: input, output: output, graph: graph, tables: tables)
    }

    private static func parentSpaces(_ input: FactorSpace, _ graph: FactorGraph) -> [FactorSpace] {
        graph.parents.map { FactorSpace($0.map { input.sizes[$0] }, .firstFastest) }
    }

    /// The state of the parents of an output factor at an input token.
    package func state(of factor: Int, at token: Int) -> Int {
        parentSpaces[factor].token(graph.parents[factor].map { input.value(of: $0, in: token) })
    }

    /// The states of all outputs' parents at an input token.
    package func states(at token: Int) -> [Int] {
        tables.indices.map { state(of: $0, at: token) }
    }

    /// log p(y|x), natural.
    package func logProbability(of y: Int, at x: Int) -> Double {
        tables.indices.reduce(0) { sum, factor in
            let table = tables[factor]
            let place = state(of: factor, at: x) * table.size + output.value(of: factor, in: y)
            return sum + table.logarithms[place]
        }
    }

    /// p(·|x) `[M]`, one row for whoever needs it whole.
    ///
    /// Bits: the product over factors from the first on. Error: a factor's rounding each.
    /// - Complexity: about M multiplications, for the last factor's are most of them.
    package func conditional(at x: Int) -> [Double] {
        var row = [1.0]
        for factor in tables.indices {
            let table = tables[factor]
            let start = state(of: factor, at: x) * table.size
            row = row.flatMap { left in
                table.probabilities[start..<start + table.size].map { left * $0 }
            }
        }
        return row
    }

    /// The entropy of p(·|x) in nats: the sum over factors.
    package func entropy(at x: Int) -> Double {
        tables.indices.reduce(0) { $0 + tables[$1].entropies[state(of: $1, at: x)] }
    }

    /// H(Y|X) in nats, x uniform over all tokens.
    package var entropy: Double { tables.reduce(0) { $0 + $1.entropy } }

    /// The mean entropy over some tokens, in nats; 0 over none.
    package func entropy(over tokens: [Int]) -> Double {
        tokens.isEmpty ? 0 : tokens.reduce(0) { $0 + entropy(at: $1) } / Double(tokens.count)
    }

    /// The mean Kullback–Leibler divergence of p(·|x) from the uniform distribution: log M − H(Y|X).
    package var uniformExcess: Double { Elementary.log(Double(output.count)) - entropy }

    /// χ = Σ_j q_j |pa_j| over the outputs that have parents: the complexity of the data, the paper's as
    /// others quote it.
    package var statisticalComplexity: Int {
        tables.indices.reduce(0) {
            $0 + (graph.parents[$1].isEmpty ? 0 : tables[$1].size * tables[$1].states)
        }
    }

    /// χ̄ = Σ_j min(q_j, |pa_j|) over the outputs that have parents: the width that the authors' code
    /// draws as the threshold.
    package var widthComplexity: Int {
        tables.indices.reduce(0) {
            $0 + (graph.parents[$1].isEmpty ? 0 : min(tables[$1].size, tables[$1].states))
        }
    }

    /// Draws an input token and an output token for it.
    package func sample(stream: inout RandomStream) -> (x: Int, y: Int) {
        let x = stream.integer(below: input.count)
        return (x, sample(at: x, stream: &stream))
    }

    /// Draws an output token for an input token: one uniform number a factor.
    package func sample(at x: Int, stream: inout RandomStream) -> Int {
        output.token(
            tables.indices.map { tables[$0].sample(state: state(of: $0, at: x), stream: &stream) })
    }
}
