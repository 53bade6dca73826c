package import Canon

/// The documentation of a kind, from its contract alone.
package enum KindDocumentation {
    /// What `bitlaw kinds NAME` prints.
    package static func text(_ kind: Kind) -> String {
        var text =
            "\(kind.name)  (version \(kind.version))\n\n  \(kind.summary)\n  Source: \(kind.source)\n"
        if kind.asksForSeed != nil {
            text +=
                "  May draw random numbers: where it asks for its derived seed, that is part of the key.\n"
        } else if kind.isRandom {
            text += "  Draws random numbers: its derived seed is part of the key.\n"
        }
        if kind.usesProfile {
            text += "  Multiplies matrices: the numerics profile is part of the key.\n"
        }
        if kind.isMeasurement {
            text += "  A measurement: the machine is part of the key; audits do not repeat it.\n"
        }
        if !kind.parameters.isEmpty {
            text += "\nparams:\n"
            for parameter in kind.parameters {
                text += "  \(parameter.name): \(parameter.type.text)"
                if !parameter.unit.isEmpty { text += ", in \(parameter.unit)" }
                text +=
                    parameter.defaultValue.map { "; default \($0.canonicalText)" } ?? "; required"
                text += "\n      \(parameter.summary)\n"
            }
        }
        if kind.isOpen {
            text += "\ninputs:\n  those that the stage names, each with any number of files\n"
        }
        if !kind.givenInputs.isEmpty {
            text += "\ninputs:\n"
            for port in kind.givenInputs {
                let many = port.isCollection ? " (any number of actions)" : ""
                text +=
                    "  \(port.name)\(port.isOptional ? ", optional" : "")\(many): \(port.summary)\n"
            }
        }
        text += kind.isOpen ? "\noutputs, unless the stage declares others:\n" : "\noutputs:\n"
        for port in kind.outputs { text += "  \(port.name) → \(port.fileName): \(port.summary)\n" }
        return text
    }

    /// The same for programs.
    package static func json(_ kind: Kind) -> JSON {
        [
            "name": .string(kind.name), "version": .number(Double(kind.version)),
            "summary": .string(kind.summary), "source": .string(kind.source),
            "isRandom": .bool(kind.isRandom), "usesProfile": .bool(kind.usesProfile),
            "isMeasurement": .bool(kind.isMeasurement),
            "parameters": .array(
                kind.parameters.map {
                    [
                        "name": .string($0.name), "type": .string($0.type.text),
                        "default": $0.defaultValue ?? .null,
                        "required": .bool($0.defaultValue == nil), "unit": .string($0.unit),
                        "summary": .string($0.summary),
                    ]
                }),
            "inputs": .array(
                kind.givenInputs.map {
                    [
                        "name": .string($0.name), "summary": .string($0.summary),
                        "optional": .bool($0.isOptional), "collection": .bool($0.isCollection),
                    ]
                }),
            "outputs": .array(
                kind.outputs.map {
                    [
                        "name": .string($0.name), "file": .string($0.fileName),
                        "summary": .string($0.summary),
                    ]
                }),
        ]
    }
}
