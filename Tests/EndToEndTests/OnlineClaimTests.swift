import TestSupport
import Testing

/// The numbers that docs/POWER-LAW-SPECTRA.md and its pipelines print, bound to outputs.
@Suite(.serialized) struct OnlineClaimTests {
    private func project() -> Project {
        let project = Project()
        let root = Repository.root
        for name in ["linear-spectra", "committee-plateau", "feature-scaling"] {
            #expect(project.shell("cp '\(root)'/pipelines/\(name)* pipelines/") == 0)
        }
        return project
    }

    @Test(arguments: ["linear-spectra", "committee-plateau", "feature-scaling"])
    func `the small pipelines give what their claims say, show every figure and judge nothing`(
        name: String
    ) throws {
        let project = project()
        let run = project.bitlaw("run pipelines/\(name)-small.yaml -q -j2")
        #expect(run.code == 0, "\(run.error)")
        let check = project.bitlaw("claims check pipelines/\(name)-small.claims.yaml")
        #expect(check.code == 0, "\(check.output)\(check.error)")
        #expect(check.output.hasSuffix(" holds, 0 drifted, 0 missing\n"))
        // The claims about the whole experiment are read, though of it only the actions are there that both share.
        let whole = project.bitlaw("claims check pipelines/\(name).claims.yaml")
        #expect(whole.code == 1, "\(whole.error)")
        #expect(whole.output.contains(" holds, 0 drifted, "))
        let figures = [
            "linear-spectra": ["Fig. 2, left:", "Fig. 2, right:", "Collapse of rates"],
            "committee-plateau": ["Fig. 1 in our", "Fig. 4:", "Fig. 5:", "Fig. 6, left:"],
            "feature-scaling": ["Fig. 3, left", "Fig. 3, right:", "Collapse of floors"],
        ]
        let page = project.read("out/\(name)-small/report.html")
        for figure in figures[name] ?? [] { #expect(page.contains(figure), "\(figure)") }
        #expect(page.contains("reported, not judged"))
        #expect(!page.contains(">held<") && !page.contains(">did not hold<"))
    }
}
