import Canon
import Experiment

/// `{figure: law[features=polar]/plot; caption: …}`.
extension PageWriter {
    /// The pictures that a placing means, with their captions; none where the run drew none, which is told.
    mutating func figures(_ placing: Placing) throws -> [(svg: String, caption: String)] {
        var places = try selected(placing, "a picture, such as law/plot or the name of a chart") {
            isPicture($0)
        }
        guard !places.isEmpty else {
            page.paragraph("<em>This run drew no such picture.</em>")
            return []
        }
        places = try withoutEmpty(places)
        if places.isEmpty { return [] }
        let looks = try looks(placing, places)
        let figures = try drawn(places, looks)
        let marks = places.map { mark(from: [$0]) }
        guard let caption = placing["caption"] else {
            let texts = figures.map { $0.caption }
            return zip(figures.indices, places).map { index, place in
                let isShared = texts.count(where: { $0 == texts[index] }) > 1
                let own = isShared ? distinction(of: place, figures[index], looks.names) : ""
                let text = PageWriter.caption(texts[index], own, under: figures[index].title)
                return (figures[index].svg, "\(Markup.set(text)) \(marks[index])")
            }
        }
        let text: String
        do { text = try values(of: caption.text) } catch let error as ResultError {
            throw error.moved(by: caption.offset)
        }
        // One caption of several pictures stands below the first, which is read first on a phone too.
        return zip(figures.indices, places).map { index, place in
            let own = coordinates(of: place, looks.names)
            let rest = own.isEmpty ? "" : Markup.set("The same for \(own).") + " "
            return (figures[index].svg, "\(index == 0 ? text + " " : rest)\(marks[index])")
        }
    }

    /// A caption with what tells its picture from others of this caption, unless their titles do.
    private static func caption(_ text: String, _ own: String, under title: String) -> String {
        if own.isEmpty || title.contains(own) { return text }
        return text.hasSuffix(".") ? "\(text.dropLast()) (\(own))." : "\(text) (\(own))"
    }

    /// The places of pictures that show anything; the page names those that do not.
    private mutating func withoutEmpty(_ places: [Int]) throws -> [Int] {
        let empty = try places.filter { place in
            let bytes = try results.inputs[place].bytes()
            return PlotDocument.isOne(bytes)
                && (try? PlotDocument(parsing: bytes).figure.isEmpty) == true
        }
        if !empty.isEmpty {
            let names = empty.map { place in
                let input = results.inputs[place]
                return "<code>\(Markup.escape("\(input.producer)/\(input.output)"))</code>"
            }
            page.paragraph(
                "<em>Left out: \(names.joined(separator: ", ")) "
                    + "\(names.count == 1 ? "has" : "have") nothing to draw.</em>")
        }
        return places.filter { !empty.contains($0) }
    }

    /// A picture of a placing: as drawn, what it says of itself, and its title.
    private struct Drawn {
        let svg, caption, title: String
    }

    /// Draws the pictures at places; those of one stage have their coordinates in their titles.
    private func drawn(_ places: [Int], _ looks: PlotLooks) throws -> [Drawn] {
        try places.map { place in
            let input = results.inputs[place]
            let isOneOfSeveral = places.contains { other in
                other != place && results.inputs[other].stage == input.stage
                    && results.inputs[other].output == input.output
            }
            var own = looks
            own.addition = isOneOfSeveral ? coordinates(of: place, looks.names) : ""
            let svg: String
            do { svg = try ShownPicture.svg(input.bytes(), own) } catch let error as FormatError {
                throw FormatError("\(input.producer)/\(input.output): \(error.description)")
            }
            let title = PageWriter.text(in: "title", of: svg)
            // A picture of ours shows its title, and describes itself.
            let caption =
                try caption(beside: place) ?? ShownPicture.caption(input.bytes(), own)
                ?? PageWriter.text(in: "desc", of: svg) ?? title
            return Drawn(svg: svg, caption: caption ?? "A picture of this run.", title: title ?? "")
        }
    }

    /// The words in which a placing wants its plots.
    private func looks(_ placing: Placing, _ places: [Int]) throws -> PlotLooks {
        var looks = PlotLooks()
        if let title = placing["title"] {
            do { looks.title = try text(of: title.line) } catch let error as ResultError {
                throw error.moved(by: title.offset)
            }
        }
        looks.xLabel = placing["x_label"]?.line ?? ""
        looks.yLabel = placing["y_label"]?.line ?? ""
        looks.names = try words(placing, places)
        return looks
    }

    /// The words of a placing for those of its plots, of their axes and of the points on these.
    private func words(_ placing: Placing, _ places: [Int]) throws -> [String: String] {
        guard placing["names"] != nil else { return [:] }
        var own: [String] = []
        for place in places {
            let input = results.inputs[place]
            own += PlotLooks.words(in: try input.bytes()) + input.coordinates.map { $0.axis }
            own += input.coordinates.map { PageWriter.text(of: $0.value) }
        }
        return try placing.names(among: own)
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

    /// The caption that another output of the same action gives, such as `shown` of a chart.
    private func caption(beside place: Int) throws -> String? {
        let input = results.inputs[place]
        for other in results.inputs.indices
        where results.inputs[other].producer == input.producer && other != place {
            if let caption = (try? results.document(other))?["caption"]?.text { return caption }
        }
        return nil
    }

    /// What tells a picture from others with its caption: its axes, its title, or its stage.
    private func distinction(
        of place: Int, _ figure: Drawn, _ names: [String: String]
    ) -> String {
        let own = coordinates(of: place, names)
        if !own.isEmpty { return own }
        if !figure.title.isEmpty, figure.title != figure.caption { return figure.title }
        return results.inputs[place].stage
    }

    /// The text in an element of a picture; `nil` where it has none.
    private static func text(in element: String, of svg: String) -> String? {
        guard let start = svg.firstRange(of: "<\(element)>"),
            let end = svg[start.upperBound...].firstRange(of: "</\(element)>")
        else { return nil }
        return String(svg[start.upperBound..<end.lowerBound]).replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&amp;", with: "&")
    }

    /// Where an output stands on its axes, in words; empty where its stage has none.
    func coordinates(of place: Int, _ names: [String: String] = [:]) -> String {
        results.inputs[place].coordinates.map { coordinate in
            let axis = names[coordinate.axis] ?? FigureAxis.spelled(coordinate.axis)
            let own = PageWriter.text(of: coordinate.value)
            let value = names[own] ?? own
            // A point that is named by its own equations, such as `a = 2, b = 1.5`, says what they are.
            return value.contains(" = ") ? value : "\(axis) = \(value)"
        }.joined(separator: ", ")
    }

    /// A label for people: numbers with groups of digits.
    static func text(of label: JSON) -> String {
        guard let whole = label.integer else { return Series.text(of: label) }
        return GroupedDigits.text(whole)
    }
}
