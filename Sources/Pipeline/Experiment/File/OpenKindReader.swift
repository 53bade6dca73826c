import Canon

/// Gives a stage of an open kind a kind of its own: with the inputs and outputs that the stage names.
package struct OpenKindReader {
    let diagnostics: Diagnostics
    let fields: FieldReader

    /// The kind of a stage with these members; mistakes are told.
    func kind(_ kind: Kind, _ members: [String: YAMLValue]) -> Kind {
        let parameters = members["params"]?.members ?? []
        let written = parameters.first { $0.key.name == "outputs" }?.value
        return kind.fitted(inputs: inputs(members["inputs"]), outputs: outputs(written).ports)
    }

    private func inputs(_ value: YAMLValue?) -> [String] {
        (value?.members ?? []).compactMap { key, _ in
            if InputPort.isName(key.name) { return key.name }
            diagnostics.add(
                "no input can be called `\(visible(key.name))`", key.place,
                key.name == InputPort.programFiles
                    ? ["the files of `files` are called so; choose another name"]
                    : ["expected: a name of letters, digits, `_`, `-`"])
            return nil
        }
    }

    /// The outputs as they are written; mistakes are told.
    func outputs(_ written: YAMLValue?) -> ProgramOutputs {
        guard let written, let value = fields.value(written) else { return ProgramOutputs() }
        do throws(ProgramOutputs.Mistake) {
            return try ProgramOutputs(json: value.json)
        } catch {
            let member = written.members?.first { $0.key.name == error.name }
            let what = error.name.map { "output `\(visible($0))`" } ?? "`outputs`"
            diagnostics.add(
                "\(what) is \(error.found)", member?.value.place ?? written.place, [error.advice])
            return ProgramOutputs()
        }
    }
}
