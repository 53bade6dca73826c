import TestSupport
import Testing

/// The folders of `Examples`, run as they stand.
@Suite struct ExampleTests {
    /// A copy of an example, confined where that works; `nil`, and says so, where its language is missing.
    private func example(_ name: String, needs check: String, else loss: String) -> Project? {
        let project = Project()
        project.shell("rm \"$BITLAW_CONFIG/config.yaml\"")
        guard project.shell("\(check) >/dev/null 2>&1") == 0 else {
            skip("\(loss), so Examples/\(name) was not run")
            return nil
        }
        guard project.shell("cp -r '\(Repository.root)/Examples/\(name)' .") == 0 else {
            return nil
        }
        return project
    }

    /// The exponent that the last lines of a run print.
    private func exponent(_ outcome: Project.Outcome) -> Double? {
        outcome.output.split(separator: "\n").first { $0.hasPrefix("law: ") }
            .flatMap { line in
                line.split(separator: "α ", maxSplits: 1).last?.split(separator: " ").first
            }.flatMap { Double($0) }
    }

    @Test func `ridge regression in numpy ends in the law that theory tells, and a page`() throws {
        let project = example(
            "numpy", needs: "python3 -c 'import numpy'", else: "python3 has no numpy")
        guard let project else { return }
        let outcome = project.bitlaw("run numpy/ridge.yaml -j 2")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(!outcome.error.contains("left behind"), "\(outcome.error)")
        // The excess loss of d weights is d noise²/n to leading order.
        let found = try #require(exponent(outcome), "\(outcome.output)")
        #expect(abs(found - 1) < 0.15)
        #expect(outcome.output.contains("report: "))
        let again = project.bitlaw("run numpy/ridge.yaml")
        #expect(again.output.hasPrefix("0 ran, 50 cached"), "\(again.output)")
        // A module that changes runs what uses it, and nothing else.
        project.shell("echo '# the same' >> numpy/train.py")
        let changed = project.bitlaw("run numpy/ridge.yaml -j 2")
        #expect(changed.output.hasPrefix("24 ran, 26 cached"), "\(changed.output)")
    }

    @Test(arguments: [
        ("numpy/ridge.yaml", ""), ("r/spline.yaml", ""), ("pytorch/mlp.yaml", ""),
        ("pytorch/mlp.yaml", "--set stages.train.check=resume"),
    ])
    func `an example is read without its language, and its plan tells what would run`(
        file: String, options: String
    ) throws {
        let project = Project()
        project.shell("cp -r '\(Repository.root)/Examples/'* .")
        let plan = project.bitlaw("plan \(file) \(options)")
        #expect(plan.code == 0 && plan.output.contains("0 cached, "), "\(plan.error)")
        #expect(plan.output.contains("(check: resume)") == !options.isEmpty, "\(plan.output)")
    }

    @Test func `the experiment of a package of others lacks its kind here, and nothing else`() {
        let project = Project()
        project.shell("cp -r '\(Repository.root)/Examples/OwnKind' .")
        let outcome = project.bitlaw("plan OwnKind/percolation.yaml")
        #expect(outcome.code == 2)
        let heads = outcome.error.split(separator: "\n").filter { $0.contains(": error: ") }
        #expect(heads.count == 1, "\(outcome.error)")
        #expect(heads.first?.contains("unknown kind `percolation.clusters`") == true, "\(heads)")
    }

    @Test(.heavy) func `a network in PyTorch has weights, figures and a law`() throws {
        let project = example(
            "pytorch", needs: "python3 -c 'import torch'", else: "python3 has no torch")
        guard let project else { return }
        let outcome = project.bitlaw("run pytorch/mlp.yaml -j 2")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(exponent(outcome) ?? 0 > 0, "\(outcome.output)")
        let shown = project.bitlaw("show pytorch/mlp.yaml 'train[n=128,replicate=0]'").output
        #expect(
            shown.contains("output   figures") && shown.contains("output   weights"), "\(shown)")
    }

    @Test(.heavy) func `a spline in R ends in a law`() throws {
        let project = example("r", needs: "command -v Rscript", else: "no Rscript (r-base-core)")
        guard let project else { return }
        let outcome = project.bitlaw("run r/spline.yaml -j 2")
        #expect(outcome.code == 0, "\(outcome.error)")
        // A smoothing spline's squared error falls as n^(-8/9) at best.
        #expect((0.5...1.1).contains(exponent(outcome) ?? 0), "\(outcome.output)")
    }
}
