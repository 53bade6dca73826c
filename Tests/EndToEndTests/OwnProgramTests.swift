import Testing

/// A program that is named by its path in the project.
@Suite struct OwnProgramTests {
    private func world(_ started: Started, more: String = "") -> ProgramWorld? {
        guard
            let world = ProgramWorld(
                started,
                stages: "  a: {kind: command, params: {run: [./bin/say.sh, there]\(more)}}")
        else { return nil }
        world.project.write("bin/say.sh", "#!/bin/sh\necho \"$1\"\n")
        world.project.shell("chmod +x bin/say.sh")
        return world
    }

    @Test(arguments: Started.allCases)
    func `it is one of the stage's files, and an edit of it runs the stage again`(
        started: Started
    ) {
        guard let world = world(started) else { return }
        let run = world.bitlaw("run pipelines/p.yaml -q")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "there\n")
        #expect(world.bitlaw("plan pipelines/p.yaml").output.contains("1 cached, 0 to run"))
        world.project.write("bin/say.sh", "#!/bin/sh\necho \"over $1\"\n")
        #expect(world.bitlaw("plan pipelines/p.yaml").output.contains("0 cached, 1 to run"))
        #expect(world.bitlaw("run pipelines/p.yaml -q").code == 0)
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "over there\n")
    }

    @Test func `it has one key whether the stage names it among its files or not`() {
        guard let world = world(.confined),
            let named = self.world(.confined, more: ", files: [bin]"),
            let alone = self.world(.confined, more: ", files: [bin/say.sh]")
        else { return }
        func key(_ world: ProgramWorld) -> String {
            let shown = world.bitlaw("show pipelines/p.yaml a").output
            return shown.split(separator: "\n").first { $0.contains("key ") }.map(String.init) ?? ""
        }
        #expect(key(world) == key(alone) && !key(world).isEmpty)
        // A folder of files is another thing to see than one file.
        #expect(key(world) != key(named))
    }

    @Test func `one that is not there is a mistake at its place`() {
        guard let world = world(.confined) else { return }
        world.project.shell("mv bin/say.sh bin/says.sh")
        let plan = world.bitlaw("plan pipelines/p.yaml")
        #expect(plan.code == 2)
        #expect(plan.error.contains("p.yaml:4:"), "\(plan.error)")
        #expect(plan.error.contains("the file `bin/say.sh` cannot be read"), "\(plan.error)")
        #expect(plan.error.contains("did you mean file:bin/says.sh?"), "\(plan.error)")
    }
}
