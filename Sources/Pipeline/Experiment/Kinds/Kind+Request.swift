package import Canon

extension Kind {
    /// The kind of an action with these parameters and inputs; `nil` where its parameters are none of it.
    ///
    /// Only a kind whose stages name their inputs and outputs themselves is another one for each.
    package func fitted(parameters: [String: JSON], inputs: some Sequence<String>) -> Kind? {
        guard isOpen else { return self }
        guard let outputs = try? ProgramOutputs(json: parameters["outputs"] ?? .null) else {
            return nil
        }
        let names = inputs.filter { $0 != InputPort.programFiles }.sorted()
        return fitted(inputs: names, outputs: outputs.ports)
    }

    /// Why an action with these parameters, and so many things at each input, is none of this kind; `nil` for
    /// one that is.
    ///
    /// For what no experiment file was read for: a description of a key that came from anybody. A stage takes
    /// it for granted that its parameters and inputs are those that it declares.
    package func mistake(parameters values: [String: JSON], inputs counts: [String: Int]) -> String?
    {
        for parameter in parameters {
            // What is in no key is no part of a key's description.
            if !parameter.isInKey, values[parameter.name] == nil { continue }
            guard let value = values[parameter.name] else {
                return "\(versionedName): expected a parameter `\(parameter.name)` "
                    + "(\(parameter.type.text)), found none"
            }
            if parameter.type.accepts(value) { continue }
            return
                "\(versionedName): expected `\(parameter.name)` to be \(parameter.type.text), found "
                + visible(value.canonicalText, most: 80)
        }
        let known = Set(parameters.map { $0.name })
        if let other = values.keys.filter({ !known.contains($0) }).min() {
            return "\(versionedName): it has no parameter `\(visible(other))`"
        }
        return mistake(inputs: counts)
    }

    private func mistake(inputs counts: [String: Int]) -> String? {
        for port in inputs {
            let count = counts[port.name] ?? 0
            if count == 1 || count == 0 && port.isOptional || count > 1 && port.isCollection {
                continue
            }
            let expected =
                port.isCollection ? "one or more" : port.isOptional ? "at most one" : "one"
            return
                "\(versionedName): expected \(expected) at the input `\(port.name)`, found \(count)"
        }
        let known = Set(inputs.map { $0.name })
        guard let other = counts.keys.filter({ !known.contains($0) }).min() else { return nil }
        return "\(versionedName): it has no input `\(visible(other))`"
    }
}
