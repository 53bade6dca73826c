import Testing

/// What a confined program asks for beyond computing, it gets once its reader approved it, and nothing else.
@Suite struct ProgramPowerTests {
    private struct Asked: CustomTestStringConvertible {
        let members: String
        /// What is asked for, in words.
        let power: String
        /// The option of `bitlaw trust` that gives it.
        let option: String

        var testDescription: String { members }
    }

    private static let asked = [
        Asked(
            members: "network: true",
            power:
                "let programs of its experiments reach the network, this machine's servers among it",
            option: "--network"),
        Asked(
            members: "pass: [TOKEN]",
            power:
                "give programs of its experiments the value of your variable TOKEN, which they can "
                + "write into their outputs", option: "--pass TOKEN"),
    ]

    private func world(_ members: String) -> ProgramWorld? {
        let world = ProgramWorld(
            .confined,
            stages: "  a: {kind: command, params: {run: 'echo ${TOKEN:-none}', \(members)}}"
                .replacing("${TOKEN:-none}", with: "$${TOKEN:-none}"))
        world?.variables = "TOKEN=sesame"
        return world
    }

    @Test(arguments: asked)
    private func `it runs once that was approved, by name, and not when it is taken back`(
        asked: Asked
    ) {
        guard let world = world(asked.members) else { return }
        let refused = world.bitlaw("run pipelines/p.yaml")
        #expect(refused.code == 2, "\(refused.error)")
        #expect(refused.error.contains("  - \(asked.power)\n    here: a\n"), "\(refused.error)")
        #expect(refused.error.hasSuffix(" \(asked.option)\n"), "\(refused.error)")
        #expect(world.results == 0)
        #expect(world.bitlaw("trust --yes \(asked.option)").code == 0)
        #expect(world.bitlaw("trust --list").output.contains("  - \(asked.power)\n"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        let said = asked.option == "--pass TOKEN" ? "sesame\n" : "none\n"
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == said)
        #expect(world.bitlaw("trust --revoke").code == 0)
        #expect(world.bitlaw("run pipelines/p.yaml --force").code == 2)
    }

    @Test func `the word for one variable is none for another`() {
        guard let world = world("pass: [TOKEN, OTHER]") else { return }
        #expect(world.bitlaw("trust --yes --pass OTHER").code == 0)
        let refused = world.bitlaw("run pipelines/p.yaml")
        #expect(refused.code == 2 && refused.error.contains("your variable TOKEN,"))
        #expect(!refused.error.contains("your variable OTHER"), "\(refused.error)")
    }

    @Test func `numbers of GPUs and threads need no word, and a name that is none is told`() {
        guard let world = world("pass: [CUDA_VISIBLE_DEVICES, OMP_NUM_THREADS]") else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        let bad = world.bitlaw("trust --yes --pass 'A B'")
        #expect(bad.code == 2 && bad.error.contains("--pass: "), "\(bad.error)")
    }
}
