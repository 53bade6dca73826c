import Experiment

/// Who reads whom, in two flat arrays: a fan of 100,000 costs no more than its edges.
struct Readers {
    private var starts: [Int32]
    private var edges: [Int32]
    /// How many different producers each action has.
    private(set) var producerCounts: [Int32]

    init(_ graph: ActionGraph) {
        let count = graph.actions.count
        producerCounts = Array(repeating: 0, count: count)
        var sizes = [Int32](repeating: 0, count: count + 1)
        var lists: [[Int]] = []
        lists.reserveCapacity(count)
        for action in graph.actions {
            var producers = action.producers
            if producers.count > 1 { producers = Array(Set(producers)) }
            producerCounts[action.index] = Int32(producers.count)
            for producer in producers { sizes[producer + 1] += 1 }
            lists.append(producers)
        }
        for index in 0..<count { sizes[index + 1] += sizes[index] }
        starts = sizes
        edges = Array(repeating: 0, count: Int(sizes[count]))
        var next = sizes
        for (reader, producers) in lists.enumerated() {
            for producer in producers {
                edges[Int(next[producer])] = Int32(reader)
                next[producer] += 1
            }
        }
    }

    /// How many readers an action has.
    func count(of index: Int) -> Int { Int(starts[index + 1] - starts[index]) }

    /// The readers of an action.
    func of(_ index: Int) -> [Int] {
        edges[Int(starts[index])..<Int(starts[index + 1])].map { Int($0) }
    }
}
