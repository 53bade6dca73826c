import Canon
import Experiment
import Testing

@Suite struct SpiralClaimsTests {
    private static let judged = [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]

    @Test func `where everything plainly holds, every claim that is judged holds`() throws {
        let verdicts = try SpiralWorld().verdicts()
        #expect(verdicts.count == 12)
        for number in SpiralClaimsTests.judged { #expect(verdicts[number] == "held", "\(number)") }
        #expect(verdicts[5] == "told")
    }

    /// One thing that is bent, and the claims that say otherwise.
    struct Bend: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let failing: [Int]
        let apply: @Sendable (inout SpiralWorld) -> Void

        init(
            _ name: String, _ failing: [Int],
            _ apply: @escaping @Sendable (inout SpiralWorld) -> Void
        ) {
            testDescription = name
            self.failing = failing
            self.apply = apply
        }
    }

    static let bends = [
        Bend("the disc is easier", [1]) { $0.discFactor = 0.5 },
        Bend("polar input hurts", [2, 3]) {
            $0.networks["polar"] = 0.061
            $0.networks["polar-extras"] = 0.061
        },
        Bend("the prior hurts where there are no data", [3]) {
            $0.sparseFactor = ["plain": 1, "polar": 3, "polar-extras": 3]
        },
        Bend("the extras hurt", [4]) { $0.networks["polar-extras"] = 0.04 },
        Bend("the extras help much", [4]) { $0.networks["polar-extras"] = 0.01 },
        Bend("density at the tip hurts", [6]) { $0.tipError = { $0 } },
        Bend("density at the tip changes nothing", [6]) { $0.tipError = { _ in 0.1 } },
        Bend("five neighbours are better", [7]) { $0.neighbours[5] = 1.9 },
        Bend("one neighbour is better on noise", [7]) { $0.noisy = [1: 0.01, 5: 0.05] },
        Bend("the exponent is large", [8]) {
            $0.exponent = 0.56
            $0.polarExponent = 0.56
        },
        Bend("there is a floor", [8]) { $0.floorLow = 0.002 },
        Bend("the law does not extrapolate", [8]) { $0.heldOut = 0.2 },
        Bend("no scale reaches the networks", [9, 10]) {
            $0.networks = ["plain": 0.001, "polar": 0.0005, "polar-extras": 0.0005]
        },
        Bend("no scale reaches the prior", [10]) {
            $0.networks["polar"] = 0.0005
            $0.networks["polar-extras"] = 0.0005
        },
        Bend("polar neighbours are no better", [11]) { $0.polarNeighbours = 1.9 },
        Bend("the prior changes the exponent", [11]) { $0.polarExponent = 0.35 },
        Bend("the density likes the curve", [12]) { $0.insideMean = 0.33 },
        Bend("the density shuns the curve", [12]) { $0.insideMean = 0.25 },
    ]

    @Test(arguments: bends)
    func `a claim fails where its own test plainly fails, and no other does`(bend: Bend) throws {
        var world = SpiralWorld()
        bend.apply(&world)
        let verdicts = try world.verdicts()
        #expect(
            SpiralClaimsTests.judged.filter { verdicts[$0] == "failed" } == bend.failing)
    }

    @Test func `claims without their data are reported as such, never judged`() throws {
        var world = SpiralWorld()
        world.networks = ["plain": 0.06]
        let fewer = try world.verdicts()
        for number in [2, 3, 4, 5, 10] { #expect(fewer[number] == "told", "\(number)") }
        #expect(fewer[9] == "held")
    }

    @Test
    func `a claim about a stage that the page is not given is refused, with what it is given`() {
        var world = SpiralWorld()
        world.hasExtras = false
        let error = failure { _ = try world.verdicts() }
        #expect(error.contains("the claim cannot be judged by what the page is given"))
        #expect(error.contains("claim `tip`") && error.contains("expected a stage: "))
    }
}
