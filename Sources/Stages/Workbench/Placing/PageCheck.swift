import Experiment

/// What of a page is wrong whatever the results are: pieces that cannot be read, names of nothing.
struct PageCheck {
    let source: PageSource
    let results: Results
    /// `nil` where they cannot be read, which is told elsewhere.
    let claims: PageClaims?

    /// Looks at each piece that stands in text; those in code are only shown.
    ///
    /// - Throws: ``ExperimentError`` with every mistake and its place.
    func throwIfAny() throws {
        let diagnostics = Diagnostics(source: source.source)
        for event in source.events {
            guard case .text(let text) = event.node else { continue }
            for index in text.compactMap(PageScanner.index) where source.pieces.indices ~= index {
                let piece = source.pieces[index]
                do throws(ResultError) { try check(piece) } catch {
                    diagnostics.add(error.message, piece.place(of: error), error.notes)
                }
            }
        }
        try diagnostics.throwIfAny()
    }

    private func check(_ piece: PagePiece) throws(ResultError) {
        switch piece.content {
        case .escape: break
        case .broken(let error): throw error
        case .value: _ = try ResultTemplate(piece.written, about: results)
        case .placing(let placing): try check(placing)
        }
    }

    private func check(_ placing: Placing) throws(ResultError) {
        if placing.word.text == "table" {
            let (part, _) = try TableColumn.formatted(placing.value)
            do throws(ResultError) {
                _ = try ResultExpression(part.text, about: results)
            } catch { throw error.moved(by: part.offset) }
            return
        }
        if placing.value.text.isEmpty { return }
        for part in Placing.split(Array(placing.value.text), at: placing.value.offset, ",") {
            if placing.word.text.hasPrefix("claim") {
                _ = try claims?.named(part)
                continue
            }
            do throws(ResultError) {
                _ = try results.selection(part.text) { _ in true }
            } catch { throw error.moved(by: part.offset) }
        }
    }
}
