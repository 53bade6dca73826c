package import Canon

/// A fitted law in one line.
package enum LawSummary {
    /// Formula and parameters with their intervals, as `run` prints them.
    package static func text(_ law: JSON) -> String {
        let parameters = law["parameters"]?.members ?? [:]
        func value(_ name: String) -> Double { parameters[name]?["value"]?.double ?? 0 }
        /// A parameter with the digits that the law needs; files before say nothing of them.
        func printed(_ value: Double, _ name: String, _ usual: Int = 3) -> String {
            Markup.significant(value, law["digits"]?[name]?.integer ?? usual)
        }
        func interval(_ name: String) -> String {
            guard let low = parameters[name]?["low"]?.double,
                let high = parameters[name]?["high"]?.double
            else { return "" }
            return " [\(Markup.significant(low)), \(Markup.significant(high))]"
        }
        let form = law["form"]?.text ?? ""
        var text: String
        if form == "power-law" || form == "power-law-with-floor" {
            let floor = parameters["E"] == nil ? "" : "\(printed(value("E"), "E")) + "
            text =
                "\(law["y"]?.text ?? "y") = \(floor)\(printed(value("A"), "A"))·"
                + "\(law["x"]?.text ?? "x")^\(printed(-value("alpha"), "alpha"))   "
                + "α \(printed(value("alpha"), "alpha"))\(interval("alpha"))"
            if parameters["E"] != nil {
                text += ", E \(printed(value("E"), "E"))\(interval("E"))"
            }
        } else {
            let names = (law["names"]?.elements ?? []).compactMap { $0.text }
            text =
                "\(law["formula"]?.text ?? form)   "
                + names.map { "\($0) \(printed(value($0), $0, 4))\(interval($0))" }
                .joined(separator: ", ")
        }
        let percent = Markup.significant((law["confidence"]?.double ?? 0) * 100, 2)
        text += "  (\(percent) %, \(law["points"]?.integer ?? 0) points)"
        if let error = law["heldOut"]?["logError"]?.double {
            text += ", held-out log error \(Markup.significant(error))"
            let way = Extrapolation(
                to: law["heldOut"]?["extrapolationFactor"]?.double ?? 1, beyond: 1)
            if way.isFar { text += " up to \(way.text("point"))" }
        }
        return text
    }
}
