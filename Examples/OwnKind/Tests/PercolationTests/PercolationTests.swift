import BitlawKit
import Percolation
import Testing

@Suite struct PercolationTests {
    private func trial(side: Int, _ occupation: Double, seed: UInt64 = 1) throws -> KindTrial {
        try KindTrial(
            PercolationStage.self,
            parameters: ["side": .number(Double(side)), "occupation": .number(occupation)],
            seed: seed)
    }

    /// Bits that moved without a raised version would be another result under the same key.
    @Test func `version 1 has the bits that are pinned`() throws {
        #expect(PercolationStage.kind.version == 1)
        let trial = try trial(side: 24, 0.592746, seed: 7)
        #expect(
            trial.digest("facts").hex
                == "7a86a63388a1786a57ed9ef70da47b8bd3acccf0baa282c90fd4ff4b905ca9ef")
        #expect(
            trial.digest("sizes").hex
                == "d3d63fa3146796b2d12fcb0a81ef629d0929d1db1498ace671451fa96b998ca2")
        #expect(
            trial.digest("lattice").hex
                == "ff6fbcdb413c9d52b6c5b1e752ac0b51768e9d4449b3aa723fa25574f21468bb")
    }

    @Test func `a full lattice is one cluster, an empty one has none`() throws {
        let full = try trial(side: 9, 1).json("facts")
        #expect(full["largest"]?.integer == 81 && full["clusters"]?.integer == 1)
        #expect(full["fraction"]?.double == 1)
        let empty = try trial(side: 9, 0)
        #expect(try empty.json("facts")["clusters"]?.integer == 0)
        #expect(empty.text("sizes") == "size,count\n")
    }

    @Test func `clusters are those that a flood from each site finds`() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var stream = RandomStream(seed: seed, purpose: "test")
            let side = 1 + stream.integer(below: 12)
            let isOccupied = (0..<side * side).map { _ in stream.uniform() < 0.6 }
            let lattice = SquareLattice(side: side, isOccupied: isOccupied)
            #expect(lattice.clusterSizes() == floods(isOccupied, side: side), "seed \(seed)")
        }
    }

    /// The slower reference: fills each cluster from its first site.
    private func floods(_ isOccupied: [Bool], side: Int) -> [Int] {
        var isDry = isOccupied
        var sizes: [Int] = []
        for start in isDry.indices where isDry[start] {
            var (size, border) = (0, [start])
            isDry[start] = false
            while let site = border.popLast() {
                size += 1
                let (row, column) = (site / side, site % side)
                for (down, right) in [(1, 0), (side - 1, 0), (0, 1), (0, side - 1)] {
                    let next = (row + down) % side * side + (column + right) % side
                    if isDry[next] { border.append(next) }
                    isDry[next] = false
                }
            }
            sizes.append(size)
        }
        return sizes.sorted(by: >)
    }

    @Test func `a parameter that does not fit is refused in words`() {
        #expect(throws: ActionFailure.self) { try trial(side: 0, 0.5) }
    }
}
