import System
import Testing
import Workbench

@Suite struct LogAxisTests {
    private func labels(_ low: Double, _ high: Double) -> [String] {
        LogAxis([low, high], from: 0, to: 100).ticks.compactMap { $0.label }
    }

    @Test func `several decades are marked at powers of ten, digits between them unlabelled`() {
        let axis = LogAxis([316, 1_000_000], from: 0, to: 100)
        #expect(axis.ticks.compactMap { $0.label } == ["1000", "10\u{2009}000", "10⁵", "10⁶"])
        #expect(axis.ticks.count { $0.label == nil } > 20)
        #expect(labels(1e-6, 0.5) == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "0.01", "0.1", "1"])
    }

    @Test func `a short axis is marked at 1, 2 and 5`() {
        #expect(labels(0.012, 0.6) == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"])
        #expect(labels(150, 6000) == ["200", "500", "1000", "2000", "5000"])
    }

    @Test(arguments: [
        (3.1, 3.4), (0.33, 0.33), (2.0, 2.7), (0.9935, 0.9991), (1e-9, 1.1e-9), (1.07e9, 1.3e9),
        (999, 1001), (5, 9.7),
    ])
    func `less than a decade is marked too, at round values that lie on the axis`(
        low: Double, high: Double
    ) {
        let axis = LogAxis([low, high], from: 300, to: 10)
        let ticks = axis.ticks.filter { $0.label != nil }
        #expect((2...9).contains(ticks.count), "\(ticks)")
        #expect(Set(ticks.compactMap { $0.label }).count == ticks.count, "\(ticks)")
        for tick in ticks {
            let place = axis.place(tick.value)
            #expect(place >= 9.999 && place <= 300.001)
            // The label says the value, to the digits that it shows.
            let text = (tick.label ?? "").replacing("\u{2009}", with: "")
            if let said = Double(text) { #expect((said / tick.value - 1).magnitude < 1e-3) }
        }
    }

    @Test func `equal ratios have equal distances`() {
        let axis = LogAxis([1, 10_000], from: 50, to: 450)
        let places = [1.0, 10, 100, 1000, 10_000].map { axis.place($0) }
        for index in 1..<4 {
            let step = places[index] - places[index - 1]
            #expect((places[index + 1] - places[index] - step).magnitude < 1e-9)
        }
        #expect(places[0] > 50 && places[4] < 450)
    }

    @Test func `an axis without anything to show still has ends`() {
        for values in [[], [0, -1, .nan, .infinity]] as [[Double]] {
            let axis = LogAxis(values, from: 0, to: 1)
            #expect(axis.low.isFinite && axis.high > axis.low)
            #expect(axis.place(1).isFinite)
        }
    }
}
