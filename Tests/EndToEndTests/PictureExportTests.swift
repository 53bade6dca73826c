import TestSupport
import Testing

/// `export --format`: pictures for papers.
@Suite struct PictureExportTests {
    private func project() -> Project {
        let project = Project()
        project.write(
            "a.yaml",
            """
            experiment: a
            seed: 1
            axes: {n: [10, 100]}
            stages:
              train:
                kind: command
                over: [n]
                params: {run: [echo, '{"loss": ${1 / n}}']}
              drawing:
                kind: chart
                inputs: {data: train}
                params: {x: n, y: loss, caption: "Loss of 100 % of the runs_"}
              told:
                kind: command
                inputs: {plot: file:told.json}
                params: {run: "cp ${inputs.plot} made.json", outputs: {plot: made.json}}

            """)
        project.write(
            "told.json",
            """
            {"format": "bitlaw/plot/1", "title": "Told", "x": {"label": "n", "scale": "linear"},
             "y": {"label": "y", "scale": "linear"},
             "panels": [{"series": [{"name": "a", "points": {"x": [1, 2], "y": [3, 4]}}]}]}
            """)
        return project
    }

    @Test func `a picture as it is has LaTeX with its caption and numbers beside it`() {
        let project = project()
        let run = project.bitlaw("run a.yaml")
        #expect(run.code == 0, "\(run.error)")
        let outcome = project.bitlaw("export a.yaml drawing --format svg")
        #expect(outcome.code == 0, "\(outcome.error)")
        // Alone, its text is dark on light pages and light on dark ones.
        let picture = project.read("out/a/drawing.figure.svg")
        #expect(
            picture.hasPrefix("<svg")
                && picture.contains(
                    "><style>svg:root{color-scheme:light dark;color:CanvasText}</style><title>")
        )
        let latex = project.read("out/a/drawing.figure.tex")
        #expect(latex.contains("\\newcommand{\\DrawingLast}{\\ensuremath{0.01000}}"))
        #expect(latex.contains("\\newcommand{\\DrawingPoints}{\\ensuremath{2}}"))
        #expect(latex.contains("\\caption{Loss of 100 \\% of the runs\\_}"))
        #expect(latex.contains("\\includesvg[width=\\linewidth]{drawing.figure}"))
        // The next export of everything takes neither for a leftover.
        let all = project.bitlaw("export a.yaml")
        #expect(!all.error.contains("no longer part of"), "\(all.error)")
    }

    @Test
    func `the data of a plot are exported as they are, and drawn where a picture is asked for`() {
        let project = project()
        _ = project.bitlaw("run a.yaml")
        let plain = project.bitlaw("export a.yaml told")
        #expect(plain.code == 0, "\(plain.error)")
        #expect(plain.output.hasSuffix("/out/a/told.made.json\n"), "\(plain.output)")
        let drawn = project.bitlaw("export a.yaml told --format svg")
        #expect(drawn.code == 0, "\(drawn.error)")
        #expect(project.read("out/a/told.made.svg").contains(">Told<"))
        let all = project.bitlaw("export a.yaml")
        #expect(!all.error.contains("no longer part of"), "\(all.error)")
    }

    @Test func `a picture becomes the same PDF each time, as wide as a column`() {
        guard isInstalled("rsvg-convert", package: "librsvg2-bin", else: "no picture became PDF")
        else { return }
        let project = project()
        _ = project.bitlaw("run a.yaml")
        for folder in ["one", "two"] {
            let outcome = project.bitlaw("export a.yaml drawing --format pdf --to \(folder)")
            #expect(outcome.code == 0, "\(outcome.error)")
        }
        #expect(project.shell("cmp one/drawing.figure.pdf two/drawing.figure.pdf") == 0)
        // 84 mm are 238.11 points.
        #expect(project.shell("grep -aq 'MediaBox \\[ 0 0 238.11' one/drawing.figure.pdf") == 0)
        #expect(project.bitlaw("export a.yaml drawing --format png").code == 0)
        #expect(project.shell("head -c 8 out/a/drawing.figure.png | grep -aq PNG") == 0)
    }

    @Test func `stages without pictures and a missing program are told`() {
        let project = project()
        _ = project.bitlaw("run a.yaml")
        let none = project.bitlaw("export a.yaml train --format pdf")
        #expect(none.code == 2 && none.error.contains("none of the chosen stages has a picture"))
        let missing = project.bitlaw(
            "export a.yaml drawing --format pdf", environment: "PATH=/nowhere")
        #expect(missing.code == 2, "\(missing.error)")
        #expect(
            missing.error.contains("rsvg-convert, which makes pdf of pictures, is not installed"))
        #expect(missing.error.contains("apt-get install librsvg2-bin, or use --format svg"))
    }
}
