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
        func interval(_ name: String) -> String {
            guard let low = parameters[name]?["low"]?.double,
                let high = parameters[name]?["high"]?.double
            else { return "" }
            return " [\(Markup.significant(low)), \(Markup.significant(high))]"
        }
        let form = law["form"]?.text ?? ""
        var text: String
        if form == "power-law" || form == "power-law-with-floor" {
            let floor = parameters["E"] == nil ? "" : "\(Markup.significant(value("E"))) + "
            text =
                "\(law["y"]?.text ?? "y") = \(floor)\(Markup.significant(value("A")))·"
                + "\(law["x"]?.text ?? "x")^\(Markup.significant(-value("alpha")))   "
                + "α \(Markup.significant(value("alpha")))\(interval("alpha"))"
            if parameters["E"] != nil {
                text += ", E \(Markup.significant(value("E")))\(interval("E"))"
            }
        } else {
            let names = (law["names"]?.elements ?? []).compactMap { $0.text }
            text =
                "\(law["formula"]?.text ?? form)   "
                + names.map { "\($0) \(Markup.significant(value($0), 4))\(interval($0))" }
                .joined(separator: ", ")
        }
        let percent = Markup.significant((law["confidence"]?.double ?? 0) * 100, 2)
        text += "  (\(percent) %, \(law["points"]?.integer ?? 0) points)"
        if let error = law["heldOut"]?["logError"]?.double {
            text += ", held-out log error \(Markup.significant(error))"
        }
        return text
    }
}
