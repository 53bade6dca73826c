import Canon
import TestSupport
import Testing

/// What a program leaves: its outputs, what it forgot, and what nobody declared.
@Suite struct ProgramOutcomeTests {
    private static func world(_ script: String, _ started: Started = .confined) -> ProgramWorld? {
        ProgramWorld(
            started,
            stages: """
                  a:
                    kind: command
                    params:
                      run: |
                        \(script)
                      outputs: {metrics: out/metrics.json, weights: w.bin, figures: figures/}
                  other: {kind: command, params: {run: [echo, well]}}
                  read:
                    kind: command
                    inputs: {m: a/metrics, f: a/figures}
                    params: {run: "cat ${inputs.m} ${inputs.f}/one.svg; ls inputs/*"}
                """)
    }

    private static let good =
        "echo 1 > ${outputs.metrics}; echo 2 > ${outputs.weights}; mkdir ${outputs.figures}; "
        + "echo 3 > ${outputs.figures}one.svg"

    @Test(arguments: Started.allCases)
    func `several files and folders are outputs, each read by its name`(started: Started) {
        guard let world = Self.world(Self.good, started) else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(!run.error.contains("left behind"), "\(run.error)")
        #expect(
            world.bitlaw("show pipelines/p.yaml read --output out").output
                == "1\n3\ninputs/f:\nfigures\n\ninputs/m:\nmetrics.json\n")
        #expect(world.bitlaw("show pipelines/p.yaml a --output weights").output == "2\n")
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("0 ran, 3 cached in "))
    }

    @Test(arguments: Started.allCases)
    func `what nobody declared is told with names and sizes, and not kept`(started: Started) {
        guard
            let world = Self.world(
                Self.good + "; printf 12345 > trace.log; mkdir -p d/e; printf 1 > d/e/f", started)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(
            run.error.contains("left behind and not kept: ")
                && run.error.contains("trace.log (5 B)")
                && run.error.contains("d/e/f (1 B)"),
            "\(run.error)")
        #expect(run.error.contains("to keep it, declare it in `outputs`"), "\(run.error)")
    }

    @Test(arguments: [
        (
            good.replacing("> ${outputs.weights}", with: "> weights.bin"),
            "sh ended well, but made no output `weights`: expected a file w.bin, found nothing there",
            "it left weights.bin (2 B)"
        ),
        (
            good.replacing("mkdir ${outputs.figures}; ", with: "").replacing(
                "${outputs.figures}one.svg", with: "one.svg"),
            "made no output `figures`: expected a folder figures/, found nothing there",
            "it left one.svg (2 B)"
        ),
        (
            good.replacing("> ${outputs.weights}", with: "> x; mkdir w.bin"),
            "output `weights`: expected a plain file, found a folder", ""
        ),
        (
            good.replacing("mkdir ${outputs.figures}", with: "mkdir f2").replacing(
                "${outputs.figures}one.svg", with: "figures"),
            "output `figures`: ", "a file in its place"
        ),
        (
            good.replacing("> ${outputs.weights}", with: "> x; mkfifo w.bin"),
            "output `weights`: expected a plain file, found a pipe", ""
        ),
    ])
    func `what is missing, or is something else, fails that action alone`(
        script: String, told: String, besides: String
    ) {
        guard let world = Self.world(script) else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1, "\(run.error)")
        #expect(run.error.contains("failed: a: ") && run.error.contains(told), "\(run.error)")
        #expect(run.error.contains(besides), "\(run.error)")
        #expect(run.output.hasPrefix("1 ran, 1 failed, 1 skipped in "), "\(run.output)")
        #expect(world.results == 1)
    }
}
