import Numerics

extension FactorTraining {
    private static let stateName = "factors2"

    /// Everything that a later process needs to go on.
    package var state: [UInt8] {
        let numbers = numbers
        var writer = StateWriter(
            name: Self.stateName, size: 32 * curve.count + 12 * numbers[0].count + 128)
        writer.add(seed)
        writer.add(step)
        for record in curve {
            writer.add(record.step)
            for number in [record.rate, record.train, record.test] { writer.add(number) }
        }
        for list in numbers { writer.add(list) }
        return writer.finish()
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        let count = network.layout.count
        let kept = StateReader.read(state, name: Self.stateName) {
            reader throws(NotThisState) in
            try reader.expect(seed)
            let step = try reader.integer(in: 0...plan.steps)
            var curve: [Record] = []
            for _ in 0..<records(after: step) {
                curve.append(
                    Record(
                        step: try reader.integer(in: 1...step), rate: try reader.number(),
                        train: try reader.number(), test: try reader.number()))
            }
            return (
                step: step, curve: curve, values: try reader.floats(count),
                first: try reader.floats(count), second: try reader.floats(count)
            )
        }
        guard let kept else { return false }
        take(
            step: kept.step, curve: kept.curve, values: kept.values, first: kept.first,
            second: kept.second)
        return true
    }
}
