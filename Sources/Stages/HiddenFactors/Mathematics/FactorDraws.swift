import Numerics

/// Draws outputs for inputs: what ``FactorTask/sample(at:stream:)`` gives, with nothing allocated.
struct FactorDraws {
    private let tables: [FactorTable]
    /// For each factor the first place of each token's row in its table.
    private let starts: [[Int32]]

    init(_ task: FactorTask) {
        tables = task.tables
        starts = task.tables.indices.map { factor in
            (0..<task.input.count).map {
                Int32(task.state(of: factor, at: $0) * task.tables[factor].size)
            }
        }
    }

    /// An output token: one uniform number a factor.
    func sample(at token: Int, stream: inout RandomStream) -> Int {
        var output = 0
        for factor in tables.indices {
            let table = tables[factor]
            let state = Int(starts[factor][token]) / table.size
            output = output * table.size + table.sample(state: state, stream: &stream)
        }
        return output
    }
}
