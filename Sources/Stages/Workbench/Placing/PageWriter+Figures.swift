import Canon
import Experiment

/// `{figure: law[features=polar]/plot; caption: …}`.
extension PageWriter {
    /// Places pictures of results; several stand side by side where there is room.
    mutating func figures(_ placing: Placing) throws {
        let places = try selected(placing, "a picture, such as law/plot or the name of a chart") {
            isPicture($0)
        }
        guard !places.isEmpty else {
            return page.paragraph("<em>This run drew no such picture.</em>")
        }
        var captions: [String] = []
        if let caption = placing["caption"] {
            let text: String
            do { text = try values(of: caption.text) } catch let error as ResultError {
                throw error.moved(by: caption.offset)
            }
            captions = Array(repeating: "", count: places.count - 1) + [text]
        } else {
            let texts = try places.map { try caption(of: $0, looks(placing)) }
            for (text, place) in zip(texts, places) {
                let isShared = texts.count(where: { $0 == text }) > 1
                let own = isShared ? try distinction(of: place, from: text, looks(placing)) : ""
                captions.append(Markup.set(own.isEmpty ? text : "\(text) (\(own))"))
            }
            captions = zip(captions, places).map { "\($0) \(mark(from: [$1]))" }
        }
        page.figures(
            try zip(places, captions).map { place, caption in
                (try picture(at: place, looks(placing)), caption)
            })
    }

    /// The words in which a placing wants a plot.
    private func looks(_ placing: Placing) -> PlotLooks {
        var looks = PlotLooks()
        looks.title = placing["title"]?.text ?? ""
        looks.xLabel = placing["x_label"]?.text ?? ""
        looks.yLabel = placing["y_label"]?.text ?? ""
        return looks
    }

    private func picture(at place: Int, _ looks: PlotLooks) throws -> String {
        let input = results.inputs[place]
        do { return try ShownPicture.svg(input.bytes(), looks) } catch let error as FormatError {
            throw FormatError("\(input.producer)/\(input.output): \(error.description)")
        }
    }

    /// The outputs that the selections of a placing mean, in their order.
    ///
    /// - Throws: ``ResultError`` at the selection that fits nothing.
    func selected(_ placing: Placing, _ what: String, fits: (Int) -> Bool) throws(ResultError)
        -> [Int]
    {
        let parts = Placing.split(Array(placing.value.text), at: placing.value.offset, ",")
        var places: [Int] = []
        for part in parts {
            guard !part.text.isEmpty else {
                throw ResultError("nothing is named", at: part.offset, ["expected: \(what)"])
            }
            do throws(ResultError) {
                let found = try results.selection(part.text, fits: fits)
                let stage = String(part.text.prefix { !"[/".contains($0) })
                if found.isEmpty,
                    !results.inputs.indices.contains(where: { place in
                        results.inputs[place].stage == stage && fits(place)
                    })
                {
                    throw ResultError(
                        "`\(part.text)` is no such output", at: 0,
                        ["expected: \(what); the page is given it under `results`"])
                }
                places += found
            } catch { throw error.moved(by: part.offset) }
        }
        return places
    }

    private func isPicture(_ place: Int) -> Bool {
        (try? results.inputs[place].bytes()).map(ShownPicture.isOne) ?? false
    }

    /// What a picture shows: the caption of its description, or else its own title.
    private func caption(of place: Int, _ looks: PlotLooks) throws -> String {
        let input = results.inputs[place]
        for other in results.inputs.indices
        where results.inputs[other].producer == input.producer && other != place {
            if let caption = (try? results.document(other))?["caption"]?.text { return caption }
        }
        return try title(of: place, looks) ?? "A picture of this run"
    }

    /// What tells a picture from others with its caption: its axes, its title, or its stage.
    private func distinction(
        of place: Int, from caption: String, _ looks: PlotLooks
    ) throws -> String {
        let own = coordinates(of: place)
        if !own.isEmpty { return own }
        if let title = try title(of: place, looks), title != caption { return title }
        return results.inputs[place].stage
    }

    private func title(of place: Int, _ looks: PlotLooks) throws -> String? {
        let text = try picture(at: place, looks)
        guard let start = text.firstRange(of: "<title>"),
            let end = text[start.upperBound...].firstRange(of: "</title>")
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound]).replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&amp;", with: "&")
    }

    /// Where an output stands on its axes, in words; empty where its stage has none.
    func coordinates(of place: Int) -> String {
        results.inputs[place].coordinates.map { coordinate in
            "\(coordinate.axis) = \(PageWriter.text(of: coordinate.value))"
        }.joined(separator: ", ")
    }

    /// A label for people: numbers with groups of digits.
    static func text(of label: JSON) -> String {
        guard let whole = label.integer else { return Series.text(of: label) }
        return GroupedDigits.text(whole)
    }
}
