import BitlawProgram
import Canon
import Evidence
import Experiment
import Glibc
import System
import TestSupport
import Testing

/// The claims that this repository makes about its own experiments.
@Suite struct ShippedClaimTests {
    private static let root = Repository.root

    private static func names(in folder: String, _ suffix: String) -> [String] {
        let list = (try? namesInFolder("\(root)/\(folder)")) ?? []
        return list.filter { $0.hasSuffix(suffix) }.sorted()
    }

    @Test(arguments: names(in: "pipelines", ".claims.yaml"))
    func `a claims file can be read, and names actions and outputs that there are`(name: String)
        throws
    {
        let file = try ClaimsFile.load(path: "\(ShippedClaimTests.root)/pipelines/\(name)")
        #expect(!file.claims.isEmpty)
        let graph = try ExperimentLoader.load(path: file.experiment, registry: shippedKinds())
        for claim in file.claims {
            guard let named = claim.action else { continue }
            let action = graph.actions.first { $0.name == named }
            #expect(action != nil, "\(name): claim \(claim.name) names \(named)")
            if let output = claim.output, let action {
                let outputs = graph.stage(of: action).kind.outputs.map { $0.name }
                #expect(outputs.contains(output), "\(name): claim \(claim.name) names \(output)")
            }
        }
        #expect(Set(file.claims.map { $0.name }).count == file.claims.count)
    }

    @Test(arguments: names(in: "docs", ".md").filter { !["auditing.md"].contains($0) })
    func `every number of a page that stands between markers is the claimed one`(page: String)
        throws
    {
        let text = try ClaimedText(path: "\(ShippedClaimTests.root)/docs/\(page)")
        #expect(text.problems.isEmpty, "\(text.problems.joined(separator: "\n"))")
        let least = ["LAWS.md": 40, "COMPUTE-OPTIMAL.md": 100]
        #expect(text.count >= least[page] ?? 0)
    }

    /// What takes seconds is run here; the claims about the others were checked where they ran.
    @Test(arguments: [
        ("compute-optimal-small", "", ""),
        ("information-foundations", "", ""),
        ("equal-compute", "published-steps", ""),
        ("dynamical-model", "exponents", ""),
        (
            "isoflop", "published minima",
            "isoflop-porian/isoflop_points.csv isoflop-porian/optimal_pairs.csv"
        ),
        ("broken", "noiseless plain", "bnsl-4digit-addition/four_digit_addition.csv"),
        ("mixtures", "law", "data-mixtures/five_domains.csv"),
    ])
    func `claims about what is quickly run hold`(name: String, stages: String, data: String) throws
    {
        let project = Project()
        for file in data.split(separator: " ") where file.contains("/") {
            guard
                let path = Repository.shared(
                    "data/\(file)", else: "the claims that need it were not checked")
            else { return }
            #expect(project.bitlaw("add '\(path)'").code == 0)
        }
        // A small pipeline has the page of the full one.
        let full = name.hasSuffix("-small") ? String(name.dropLast(6)) : name
        let source = "'\(ShippedClaimTests.root)'/pipelines/\(full)"
        #expect(project.shell("cp \(source)*.* pipelines/") == 0)
        let made = project.bitlaw("run pipelines/\(name).yaml \(stages) -q -j 2")
        #expect(made.code == 0, "\(made.error)")
        let check = project.bitlaw("claims check pipelines/\(name).claims.yaml --json")
        let claims = try JSON(parsing: check.output).elements ?? []
        let drifted = claims.filter { $0["verdict"] == "drifted" }
        #expect(drifted.isEmpty, "\(drifted.map { $0.canonicalText })")
        let held = claims.count { $0["verdict"] == "holds" }
        #expect(held >= 4, "\(check.output)")
    }
}
