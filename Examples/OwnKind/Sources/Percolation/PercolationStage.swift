import BitlawKit

/// Occupies the sites of a square lattice at random, and measures the clusters.
public enum PercolationStage: Stage {
    /// The contract: what an experiment file may say, and what enters every key.
    public static let kind = Kind(
        name: "percolation.clusters", version: 1,
        summary: "Site percolation on a square without borders: each site is occupied at random.",
        source: "Stauffer & Aharony, Introduction to Percolation Theory, 2nd ed. (1994)",
        parameters: [
            Parameter("side", .integer(1...4096), unit: "sites", "The side of the square."),
            Parameter(
                "occupation", .number(from: 0, to: 1), default: 0.592746,
                "The probability that a site is occupied; by default the critical one."),
        ],
        outputs: [
            OutputPort(
                "facts", fileName: "facts.json",
                "sites; occupied; clusters; largest: its sites; fraction: largest over sites."),
            OutputPort(
                "sizes", fileName: "sizes.csv",
                "size, largest first; count: how many clusters have it."),
            OutputPort(
                "lattice", fileName: "lattice.npy", "1 for an occupied site, 0 for an empty one."),
        ],
        isRandom: true)

    /// Draws the lattice and writes what was found.
    public static func run(_ context: StageContext) throws {
        let side = context.parameters.integer("side")
        let occupation = context.parameters.number("occupation")
        // A stream belongs to a purpose: numbers for another one would not move these.
        var stream = RandomStream(seed: context.seed, purpose: "sites")
        let isOccupied = (0..<side * side).map { _ in stream.uniform() < occupation }
        context.progress(1, of: 2, note: "\(side) × \(side) sites")
        let sizes = SquareLattice(side: side, isOccupied: isOccupied).clusterSizes()

        let largest = sizes.first ?? 0
        let facts: JSON = [
            "sites": .number(Double(side * side)),
            "occupied": .number(Double(sizes.reduce(0, +))),
            "clusters": .number(Double(sizes.count)),
            "largest": .number(Double(largest)),
            "fraction": .number(Double(largest) / Double(side * side)),
        ]
        try context.write("facts", facts.pretty())
        try context.write("sizes", table(of: sizes).csv())
        let lattice = NumpyArray(
            rows: side, columns: side, elements: isOccupied.map { $0 ? 1 : 0 })
        try context.write("lattice", lattice.bytes())
    }

    /// How many clusters have each size.
    private static func table(of sizes: [Int]) -> Table {
        var table = Table(columns: ["size", "count"])
        var rest = sizes[...]
        while let size = rest.first {
            let same = rest.prefix { $0 == size }
            table.append([.number(Double(size)), .number(Double(same.count))])
            rest = rest.dropFirst(same.count)
        }
        return table
    }
}
