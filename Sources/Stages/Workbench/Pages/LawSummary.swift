package import Canon

/// A fitted law in one line.
package enum LawSummary {
    /// Formula and parameters with their intervals, as `run` prints them.
    package static func text(_ law: JSON) -> String {
        let parameters = law["parameters"]?.members ?? [:]
        func value(_ name: String) -> Double { parameters[name]?["value"]?.double ?? 0 }
        var hasInterval = false
        func interval(_ name: String) -> String {
            guard let text = Told.ends(parameters[name]) ?? Told.ends(parameters[name]?["profile"])
            else { return "" }
            hasInterval = true
            return " \(text)"
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
        text +=
            "  (\(hasInterval ? "\(percent) %" : "no interval"), \(law["points"]?.integer ?? 0) points)"
        if let error = law["heldOut"]?["logError"]?.double {
            text += ", held-out log error \(Markup.significant(error))"
        }
        return text
    }
}
