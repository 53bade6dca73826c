import Testing

/// A measurement through the whole command: taken once, an input to audits.
@Suite struct MeasurementTests {
    private let file = """
        experiment: x
        seed: 1
        stages:
          speed:
            kind: compute.throughput
            params: {architecture: window, hidden: 8, batch: 4, length: 8, repeats: 1}
          steps:
            kind: compute.steps
            inputs: {throughput: speed}
            params: {hours: 1, batch: 4, length: 8}
        """

    @Test func `a measurement is taken once, and an audit finds what follows from it the same`()
        throws
    {
        let project = Project()
        project.write("pipelines/x.yaml", file)
        let first = project.bitlaw("run pipelines/x.yaml")
        #expect(first.code == 0, "\(first.error)")
        let digests = try project.digests()
        #expect(project.bitlaw("run pipelines/x.yaml").code == 0)
        #expect(try project.digests() == digests)
        let audit = project.bitlaw("audit --unconfined pipelines/x.yaml")
        #expect(audit.code == 0, "\(audit.output) \(audit.error)")
    }
}
