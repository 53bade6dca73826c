import Numerics
import Testing
import Workbench

/// The rules that every figure obeys, read from its markup.
@Suite struct FigureRuleTests {
    private static let names = FigureSpecimens.all.map { $0.name }

    private func figure(_ name: String) throws -> Figure {
        try #require(FigureSpecimens.all.first { $0.name == name }).figure
    }

    @Test(arguments: names)
    func `no text is clipped, over data or over another text`(name: String) throws {
        #expect(try figure(name).scene().faults == [])
    }

    @Test(arguments: names)
    func `a figure is well-formed, has a title and says what it draws`(name: String) throws {
        let svg = try figure(name).svg()
        let markup = try MarkupCheck(svg)
        #expect(markup.oddCoordinates == [])
        #expect(!svg.contains("^") && !svg.contains("nan") && !svg.contains("inf"))
        #expect(markup.elements.prefix(3).map { $0.name } == ["svg", "title", "desc"])
        #expect(svg.firstRange(of: ".</desc>") != nil)
    }

    @Test
    func `nine panels fit on a page, and numbers too wide for every mark stand at every second`()
        throws
    {
        let nine = try figure("nine panels").scene()
        #expect(nine.height < 700)
        #expect(nine.texts.count { $0.text == "20,000" } == 3)
        #expect(nine.texts.count { $0.text == "60,000" } == 3)
        #expect(!nine.texts.contains { $0.text == "40,000" })
    }

    @Test func `where powers of ten stand close nothing between them is marked`() throws {
        let marks = try MarkupCheck(figure("many decades").svg()).elements.count {
            $0.name == "path"
        }
        #expect(marks < 160, "26 powers in two panels, and no eight marks between each")
    }

    /// 8 px where 400 px are shown, 6.5 points where 84 mm are printed.
    @Test(arguments: names)
    func `text is large enough on a phone and in a column of a journal`(name: String) throws {
        let markup = try MarkupCheck(figure(name).svg())
        let root = try #require(markup.elements.first).attributes
        let width = try #require(Double(root["viewBox"]?.split(separator: " ")[2] ?? ""))
        let sizes = markup.elements.filter { $0.name != "tspan" }
            .compactMap { $0.attributes["font-size"].flatMap(Double.init) }
        let least = try #require(sizes.min())
        #expect(least * 400 / width >= 8)
        #expect(least * (84 / 25.4 * 72) / width >= 6.5)
    }

    /// WCAG 2.2, relative luminance and contrast ratio.
    private func luminance(_ colour: String) -> Double {
        let value = Int(colour.dropFirst(), radix: 16) ?? 0
        let shares = [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
        let linear = shares.map {
            $0 <= 0.03928 ? $0 / 12.92 : Elementary.power(($0 + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    @Test(arguments: names)
    func `every colour is seen on white and on dark pages`(name: String) throws {
        let markup = try MarkupCheck(figure(name).svg())
        let colours = Set(
            markup.elements.flatMap { element in
                ["fill", "stroke"].compactMap { element.attributes[$0] }
            })
        for colour in colours where colour.hasPrefix("#") {
            for page in ["#ffffff", "#161617"] {
                let (a, b) = (luminance(colour) + 0.05, luminance(page) + 0.05)
                #expect(max(a, b) / min(a, b) >= 3, "\(colour) on \(page)")
            }
        }
    }

    @Test func `no two series have one colour, whether they are in an order or not`() throws {
        for name in ["many series", "twenty sizes", "budgets", "few series"] {
            let figure = try figure(name)
            let lines = try MarkupCheck(figure.svg()).elements.filter {
                $0.attributes["stroke-linejoin"] == "round"
            }
            #expect(lines.count == figure.panels[0].series.count)
            #expect(Set(lines.map { $0.attributes["stroke"] }).count == lines.count, "\(name)")
        }
    }

    @Test func `an order has colours of growing lightness, and neither dashes nor other markers`()
        throws
    {
        let lines = try MarkupCheck(figure("twenty sizes").svg()).elements.filter {
            $0.attributes["stroke-linejoin"] == "round"
        }
        let light = lines.map { luminance($0.attributes["stroke"] ?? "") }
        #expect(zip(light, light.dropFirst()).allSatisfy { $0 < $1 })
        #expect(lines.allSatisfy { $0.attributes["stroke-dasharray"] == nil })
    }

    @Test func `bars and bands are explained`() throws {
        let text = try MarkupCheck(figure("few series").svg()).text
        #expect(text.contains("bars: from the least to the largest"))
        #expect(text.contains("band: interval of the line"))
    }

    @Test(arguments: names.filter { !["heat map", "columns"].contains($0) })
    func `the numbers of an axis have one notation, and there are two at least`(name: String) throws
    {
        let scene = try figure(name).scene()
        let frame = try #require(scene.frames.first)
        let vertical = scene.texts.filter {
            $0.anchor == .end && $0.x < frame.left && $0.y < frame.bottom + 8
        }.map { $0.text }
        let horizontal = scene.texts.filter { text in
            text.anchor == .middle && !text.isUpright
                && scene.frames.contains { (text.y - $0.bottom - 20).magnitude < 0.1 }
        }.map { $0.text }
        for labels in [vertical, horizontal] {
            #expect(labels.count >= 2, "\(labels)")
            let powers = labels.filter {
                $0.contains("10") && $0.contains { "⁰¹²³⁴⁵⁶⁷⁸⁹".contains($0) }
            }
            #expect(
                powers.isEmpty || powers.count == labels.filter { $0 != "0" }.count, "\(labels)")
        }
    }

    @Test(arguments: [
        ("n^−0.5", "n to the power −0.5"), ("10^6", "10⁶"), ("4.5e-7 s", "4.5·10⁻⁷ s"),
        ("1e+19", "10¹⁹"),
        ("C^(1 + b) x", "C to the power (1 + b) x"), ("a^", "a^"), ("file2e3x", "file2e3x"),
    ])
    func `powers are raised`(text: String, plain: String) {
        #expect(PowerText(text).plain == plain)
    }

    @Test(arguments: [
        ("σ_J = 0.1", "σ<sub>J</sub> = 0.1"), ("R_D^2", "R<sub>D</sub>²"),
        ("x_1 + x_12", "x₁ + x₁₂"),
        ("t_j*r_j", "tⱼ*rⱼ"), ("σ_max", "σₘₐₓ"), ("q_{ik}(t)", "qᵢₖ(t)"),
        ("q_{KM}", "q<sub>KM</sub>"),
        ("test_loss", "test_loss"), ("d_model", "d_model"), ("run.x_1", "run.x_1"),
        ("a_b_c", "a_b_c"),
        ("x_1.mean", "x_1.mean"), ("`σ_J`", "<code>σ_J</code>"), ("_", "_"), ("σ_", "σ_"),
    ])
    func `indices of symbols are lowered, names stay`(text: String, html: String) {
        #expect(Markup.set(text) == html)
    }

    @Test func `a picture lowers an index and goes on along the line`() throws {
        var figure = try figure("heat map")
        figure.title = "σ_J^x = 1"
        #expect(
            figure.svg().contains(
                "σ<tspan dy=\"2.4\" font-size=\"11.4\">J</tspan>"
                    + "<tspan dy=\"-7.8\" font-size=\"11.4\">x</tspan><tspan dy=\"5.4\"> = 1</tspan></text>"
            ))
        let text = try #require(figure.scene().texts.first { $0.text == figure.title })
        #expect(text.box.bottom - text.y > 15 * 0.3)
        #expect(figure.scene().faults.isEmpty)
        #expect(Markup.setFormula("alpha_1*x") == "α₁·x")
    }

    @Test func `a name of a column is spelled out`() {
        #expect(FigureAxis("test_loss").label == "test loss")
        #expect(FigureAxis("test.loss", unit: "nats").label == "test loss (nats)")
        #expect(FigureAxis("sample size n (points)").label == "sample size n (points)")
    }

    /// DejaVu Sans: the letters of "Generalisation error", by its own `hmtx` table.
    @Test func `text is as wide as its font says`() {
        #expect(TextMetrics.width("Generalisation error", size: 1000) == 10_047)
        #expect(TextMetrics.width("10", size: 1000) == 1272)
    }

    @Test func `a picture whose texts collide is found`() throws {
        var figure = try figure("heat map")
        #expect(figure.scene().faults.isEmpty)
        let box = SceneBox(left: 0, top: 0, right: 10, bottom: 10)
        #expect(box.overlaps(SceneBox(left: 9, top: 9, right: 20, bottom: 20)))
        #expect(!box.overlaps(SceneBox(left: 10, top: 0, right: 20, bottom: 10)))
        figure.title = ""
        #expect(figure.scene().faults.isEmpty)
    }
}
