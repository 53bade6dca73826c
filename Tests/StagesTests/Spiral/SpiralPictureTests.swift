import Canon
import Experiment
import Spiral
import Testing
import Workbench

@Suite struct SpiralPictureTests {
    private let manifold = given(standardCurve.json)

    private func picture(_ parameters: [String: JSON], _ inputs: [String: [StageInput]]) throws
        -> MarkupCheck
    {
        var all: [String: JSON] = ["title": "a < b & c", "cells": 40]
        all.merge(parameters) { $1 }
        let made = try run(
            SpiralPictureStage.self, all, inputs.merging(["manifold": [manifold]]) { $1 })
        let markup = try MarkupCheck(made.text("picture"))
        #expect(markup.oddCoordinates == [])
        #expect(markup.text.contains("a &lt; b &amp; c"))
        return markup
    }

    @Test func `every picture is well-formed`() throws {
        let field = try run(SpiralMixtureStage.self).bytes("mixture")
        let data = try run(
            SpiralSampleStage.self, ["count": 200],
            ["manifold": [manifold], "mixture": [given(field)]]
        ).bytes("points")
        let network = try run(
            NetworkTrainStage.self, ["steps": 20, "hidden": [4]], ["data": [given(data)]]
        ).bytes("weights")
        _ = try picture(["show": "curve"], [:])
        let density = try picture(["show": "density"], ["mixture": [given(field)]])
        #expect(density.elements.count { $0.name == "path" } > 8)
        let sample = try picture(["show": "sample"], ["data": [given(data)]])
        let array = try NumpyArray(data)
        let inside = (0..<200).count { row in
            array.elements[3 * row + 2] == 1 && array.elements[3 * row].magnitude < 1.15
                && array.elements[3 * row + 1].magnitude < 1.15
        }
        #expect(sample.elements.count { $0.name == "circle" } == inside)
        _ = try picture(["show": "network"], ["network": [given(network)]])
        _ = try picture(["show": "neighbours", "k": 1, "dots": 0], ["data": [given(data)]])
    }

    @Test func `a field that vanishes in the plane is drawn white`() throws {
        let far = given(["clip": 1.25, "spots": [[9, 9, 0.01, 1]]])
        let markup = try picture(["show": "density"], ["mixture": [far]])
        // Ground, curve and frame.
        #expect(markup.elements.count { $0.name == "path" } == 3)
    }

    @Test func `a picture without what it shows is refused`() {
        func text(_ show: String) -> String {
            failure { _ = try picture(["show": .string(show)], [:]) }
        }
        #expect(text("density") == "show: density needs the input mixture")
        #expect(text("network") == "show: network needs the input network")
        #expect(text("neighbours") == "show: neighbours needs the input data")
    }
}
