import Canon
import Experiment
import HiddenFactors
import System
import Testing

@Suite struct FactorReportTests {
    private func page(_ parameters: [String: JSON] = [:], _ inputs: [String: [StageInput]]) throws
        -> (html: String, check: MarkupCheck)
    {
        let html = try run(FactorReportStage.self, parameters, inputs).text("report")
        return (html, try MarkupCheck(html, voids: ["meta"]))
    }

    private var full: [String: [StageInput]] {
        var inputs = FactorWorld().inputs
        inputs["comparisons"] = [
            given(
                "law,form,points,parameters,log_error,delta_aicc\nlaw[form=<x>],power-law,9,2,0.2,31\n",
                from: "compare")
        ]
        return inputs
    }

    @Test func `the page is one file whose links lead to digests`() throws {
        let inputs = full
        let (html, check) = try page([:], inputs)
        let names = Set(check.elements.map { $0.name })
        for name in ["script", "link", "img", "iframe", "object"] { #expect(!names.contains(name)) }
        #expect(html.replacing("http://www.w3.org/2000/svg", with: "").contains("://") == false)
        #expect(check.oddCoordinates == [])
        #expect(!html.contains("<x>") && !html.contains("figure <"))
        let ids = Set(check.elements.compactMap { $0.attributes["id"] })
        for link in check.elements.compactMap({ $0.attributes["href"] }) {
            #expect(ids.contains(String(link.dropFirst())))
        }
        for input in inputs.values.joined() {
            #expect(html.contains(input.digest.hex), "\(input.producer)")
        }
        #expect(html == (try page([:], inputs).html))
    }

    @Test func `a page of one experiment has its claims and figures alone`() throws {
        var inputs = full
        inputs["series"] = inputs["series"]?.filter { $0.producer.hasPrefix("filtration") }
        inputs["entropies"] = []
        inputs["ranks"] = []
        let (html, _) = try page(["claims": [7], "setting": "N < M"], inputs)
        #expect(html.contains("7. More edges") && !html.contains("8. Only embeddings"))
        #expect(html.contains("N &lt; M"))
        #expect(
            html.contains("Filtration") && !html.contains("<h2>Calibration: learning rate</h2>"))
    }

    @Test func `nothing at all is a page as well`() throws {
        #expect(try page([:], [:]).html.contains("This run has no measurements for it."))
    }
}
