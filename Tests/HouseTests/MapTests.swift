import System
import TestSupport
import Testing

/// docs/ARCHITECTURE.md, held against the files.
@Suite struct MapTests {
    private let page: String
    private let tree: SourceTree

    init() throws {
        let path = "\(Repository.root)/docs/ARCHITECTURE.md"
        page = String(decoding: try #require(bytesOfFile(path)), as: UTF8.self)
        tree = try SourceTree()
    }

    /// What stands between backquotes.
    private var quoted: [Substring] {
        page.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? $0.element : nil }
    }

    @Test func `every file that the map names is there`() {
        let named = quoted.filter {
            $0.hasSuffix(".swift") && !$0.contains("…") && !$0.hasPrefix("Package")
        }
        #expect(named.count > 15)
        for name in named {
            let short = name.hasPrefix("Sources/") ? name.dropFirst(8) : name
            #expect(
                tree.files.contains { "/\($0.path)".hasSuffix("/\(short)") },
                "no file is named \(name)")
        }
    }

    @Test func `every folder that the map names is there`() {
        let named = quoted.filter { $0.hasPrefix("Sources/") && !$0.contains(".") }
        #expect(named.count > 5)
        for name in named {
            #expect(
                tree.files.contains { "Sources/\($0.path)".hasPrefix("\(name)/") },
                "no folder is named \(name)")
        }
    }

    @Test func `every target of the manifest is on the plan, in the order of its layers`() throws {
        let plan = page.split(separator: "```", omittingEmptySubsequences: false)[1]
        let words = plan.split { !$0.isLetter }.map(String.init)
        let layers = [
            "Canon", "Packing", "System", "Trust", "LocalStore", "Remotes", "Numerics",
            "Experiment", "Run",
            "Evidence", "Workbench", "Spiral", "Laws", "HiddenFactors", "Spectra", "ComputeOptimal",
            "DynamicalModel", "EqualCompute", "PersianRug", "Foundations", "InContext",
            "ComputationAware", "RandomisedInference", "FeatureExtrapolation",
            "GaussianEquivalence", "RelativeGradient",
        ]
        #expect(
            Set(tree.files.map { $0.target })
                == Set(layers + ["BitlawProgram", "BitlawKit", "bitlaw"]))
        let places = layers.compactMap { words.firstIndex(of: $0) }
        #expect(places.count == layers.count)
        #expect(places == places.sorted())
    }
}
