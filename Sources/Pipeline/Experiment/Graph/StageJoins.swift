/// Which actions of a stage another one reads: those whose coordinates agree on the axes that both have.
struct StageJoins {
    private struct Pair: Hashable {
        let producer: Int
        let axes: [Int]
    }

    /// For each stage its axes.
    let axes: [[Int]]
    /// For each stage its actions, each with the place of its value on every axis.
    private(set) var actions: [[(index: Int, point: [Int])]]
    private var indices: [Pair: [[Int]: [Int]]] = [:]

    init(axes: [[Int]]) {
        self.axes = axes
        actions = Array(repeating: [], count: axes.count)
    }

    /// Adds an action of a stage; before anything reads the stage.
    mutating func add(_ index: Int, of stage: Int, at point: [Int]) {
        actions[stage].append((index, point))
    }

    /// The producer's actions that a consumer's action at a point reads, in order.
    mutating func match(_ producer: Int, _ consumer: Int, _ point: [Int]) -> [Int] {
        let shared = axes[producer].filter(axes[consumer].contains)
        let pair = Pair(producer: producer, axes: shared)
        if indices[pair] == nil {
            let places = shared.compactMap { axes[producer].firstIndex(of: $0) }
            var index: [[Int]: [Int]] = [:]
            for (action, point) in actions[producer] {
                index[places.map { point[$0] }, default: []].append(action)
            }
            indices[pair] = index
        }
        let places = shared.compactMap { axes[consumer].firstIndex(of: $0) }
        return indices[pair]?[places.map { point[$0] }] ?? []
    }

    /// The axes that the producer varies over and the consumer does not: then it reads many.
    func extraAxes(_ producer: Int, _ consumer: Int) -> [Int] {
        axes[producer].filter { !axes[consumer].contains($0) }
    }
}
