import Numerics
package import Workbench

extension LawReader {
    /// Reads laws of every form that this version knows, where they have one input.
    package static let forms = LawReader { json in
        let file = try LawFile(json)
        guard file.form.inputs.count == 1 else {
            throw FormatError(
                "expected a law of one input, found one of \(file.form.inputs.count) "
                    + "(\(file.columns.joined(separator: ", "))); the plot of law.fit draws it")
        }
        return LawLine(
            column: file.columns.first ?? file.form.inputs[0], confidence: file.confidence
        ) { x in
            let found = file.predict([x])
            return (found.value, try? found.law.get())
        }
    }
}
