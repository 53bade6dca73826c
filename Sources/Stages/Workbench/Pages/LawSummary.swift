package import Canon

/// A fitted law in one line.
package enum LawSummary {
    /// Formula and parameters with their intervals, as `run` prints them.
    ///
    /// A document that says its own `summary`, such as a chain of laws, is told by that.
    package static func text(_ law: JSON) -> String {
        if let summary = law["summary"]?.text { return summary }
        let parameters = law["parameters"]?.members ?? [:]
        func value(_ name: String) -> Double { parameters[name]?["value"]?.double ?? 0 }
        var hasInterval = false
        /// A parameter with the digits that the law needs; files before say nothing of them.
        func printed(_ value: Double, _ name: String, _ usual: Int = 3) -> String {
            LawNumber.text(value, law["digits"]?[name]?.integer ?? usual)
        }
        func interval(_ name: String) -> String {
            let own = parameters[name]
            if own?["held"] == true { return " (held)" }
            guard let text = LawNumber.ends(own) ?? LawNumber.ends(own?["profile"])
            else { return "" }
            hasInterval = true
            return " \(text)"
        }
        let form = law["form"]?.text ?? ""
        var text: String
        if form == "power-law" || form == "power-law-with-floor" {
            let floor = parameters["E"] == nil ? "" : "\(printed(value("E"), "E")) + "
            text =
                "\(law["y"]?.text ?? "y") = \(floor)\(printed(value("A"), "A"))·"
                + "\(Told.factor(law["x"]?.text ?? "x"))^\(printed(-value("alpha"), "alpha"))   "
                + "α \(printed(value("alpha"), "alpha"))\(interval("alpha"))"
            if parameters["E"] != nil {
                text += ", E \(printed(value("E"), "E"))\(interval("E"))"
            }
        } else {
            let names = (law["names"]?.elements ?? []).compactMap { $0.text }
            let single = names.filter { !$0.hasSuffix("]") }.map {
                "\($0) \(printed(value($0), $0, 4))\(interval($0))"
            }
            text =
                "\(law["formula"]?.text ?? form)   "
                + (single + LawSummary.families(names, value)).joined(separator: ", ")
        }
        let leftOut = law["data"]?["excluded"]?.integer ?? 0
        let percent = Markup.significant((law["confidence"]?.double ?? 0) * 100, 2)
        text +=
            "  (\(hasInterval ? "\(percent) %" : "no interval"), \(law["points"]?.integer ?? 0) points"
            + (leftOut > 0 ? ", \(leftOut) left out)" : ")")
        if let error = law["heldOut"]?["logError"]?.double {
            text += ", held-out log error \(Markup.significant(error))"
            let way = Extrapolation(
                to: law["heldOut"]?["extrapolationFactor"]?.double ?? 1, beyond: 1)
            if way.isFar { text += " up to \(way.text("point"))" }
        }
        return text
    }

    /// Parameters with a value for each group, such as `E[pile]`: how many, and from where to where.
    private static func families(
        _ names: [String], _ value: (String) -> Double
    ) -> [String] {
        var stems: [String] = []
        var values: [String: [Double]] = [:]
        for name in names where name.hasSuffix("]") {
            let stem = String(name.prefix { $0 != "[" })
            if values[stem] == nil { stems.append(stem) }
            values[stem, default: []].append(value(name))
        }
        return stems.map { stem in
            let all = values[stem] ?? []
            let (low, high) = (all.min() ?? 0, all.max() ?? 0)
            return "\(stem)[…] \(all.count) values from \(LawNumber.text(low)) to "
                + LawNumber.text(high)
        }
    }
}
