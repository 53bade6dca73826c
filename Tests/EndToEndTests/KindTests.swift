import BitlawProgram
import Canon
import Experiment
import Testing

@Suite struct KindTests {
    @Test func `every kind says what it does and where that comes from`() {
        #expect(shippedKinds().kinds.count >= 13)
        for kind in shippedKinds().kinds {
            #expect(kind.flaw == nil, "\(kind.name): \(kind.flaw ?? "")")
            #expect(kind.summary.hasSuffix(".") && kind.summary.count > 20, "\(kind.name)")
            #expect(kind.source.count > 5, "\(kind.name)")
            for parameter in kind.parameters {
                #expect(
                    parameter.summary.hasSuffix(".") && parameter.summary.count > 10,
                    "\(kind.name).\(parameter.name)")
            }
            for port in kind.inputs {
                #expect(port.summary.count > 5, "\(kind.name).\(port.name)")
            }
            for port in kind.outputs {
                #expect(port.summary.hasSuffix("."), "\(kind.name).\(port.name)")
                // What a command or a source gives may have any format.
                let isOpen = ["command", "source.fetch"].contains(kind.name)
                #expect(port.fileName.contains(".") || isOpen, "\(kind.name).\(port.name)")
            }
        }
    }

    @Test func `names are unique and written in one way`() {
        for kind in shippedKinds().kinds {
            let words = kind.name.split(separator: ".")
            #expect(words.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
            for names in [
                kind.parameters.map { $0.name }, kind.inputs.map { $0.name },
                kind.outputs.map { $0.name }, kind.outputs.map { $0.fileName },
            ] {
                #expect(Set(names).count == names.count, "\(kind.name): \(names)")
            }
        }
        #expect(Set(shippedKinds().kinds.map { $0.name }).count == shippedKinds().kinds.count)
    }

    @Test func `the schema and the printed documentation name every kind and parameter`() {
        let stage = ExperimentSchema.json(shippedKinds().kinds)["properties"]?["stages"]?[
            "additionalProperties"]
        let conditions = stage?["allOf"]?.elements ?? []
        for kind in shippedKinds().kinds {
            let text = KindDocumentation.text(kind)
            #expect(text.contains(kind.summary) && text.contains(kind.source))
            let condition = conditions.first {
                $0["if"]?["properties"]?["kind"]?["const"]?.text == kind.name
            }
            // Sources are written without a kind: their place is `inputs:`.
            #expect((condition == nil) == (kind.name == "source.fetch"), "\(kind.name)")
            let members = condition?["then"]?["properties"]?["params"]?["properties"]
            for parameter in kind.parameters {
                #expect(text.contains("  \(parameter.name): "), "\(kind.name).\(parameter.name)")
                if condition != nil {
                    #expect(
                        members?[parameter.name]?["description"]?.text == parameter.summary,
                        "\(kind.name).\(parameter.name)")
                }
            }
        }
    }
}
