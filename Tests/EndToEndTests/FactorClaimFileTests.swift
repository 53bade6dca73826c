import TestSupport
import Testing

/// The claims files on hidden factors, as they are shipped.
@Suite struct FactorClaimFileTests {
    @Test func `the shipped claims about hidden factors hold`() {
        let project = Project()
        let root = Repository.root
        #expect(project.shell("cp -r '\(root)'/pipelines/hidden-factors* pipelines/") == 0)
        let run = project.bitlaw("run pipelines/hidden-factors-small.yaml report -j 2")
        #expect(run.code == 0, "\(run.output)\(run.error)")
        let check = project.bitlaw("claims check pipelines/hidden-factors-small.claims.yaml")
        #expect(check.code == 0, "\(check.output)\(check.error)")
        #expect(check.output.hasSuffix("8 holds, 0 drifted, 0 missing\n"))
        // Of the whole experiment the actions that both share have results; every other number of the
        // document's table has an action that it is bound to.
        let whole = project.bitlaw("claims check pipelines/hidden-factors.claims.yaml")
        #expect(whole.code == 1, "\(whole.error)")
        #expect(whole.output.contains(" holds, 0 drifted, "))
        #expect(!whole.output.contains("the experiment has no action"))
    }
}
