package import Canon

/// A design of next runs in one line.
package enum DesignSummary {
    /// How many runs, what they cost, and what they bring, as `run` prints it.
    package static func text(_ design: JSON) -> String {
        let runs = design["runs"]?.elements?.count ?? 0
        let spent = Markup.significant(design["spent"]?.double ?? 0)
        var text = "next \(counted(runs, "run")) for \(spent) (\(design["cost"]?.text ?? ""))"
        for target in design["targets"]?.elements ?? [] {
            let members = target["inputs"]?.members ?? [:]
            let place = JSON.sorted(members.keys).map {
                "\($0) = \(Markup.significant(members[$0]?.double ?? 0))"
            }
            text +=
                "; at \(place.joined(separator: ", ")) \(Markup.significant(target["value"]?.double ?? 0))"
                + "\(interval(target["now"])) now,\(interval(target["after"])) expected after"
        }
        let percent = Markup.significant((design["confidence"]?.double ?? 0) * 100, 2)
        let share = Markup.significant((design["bound"]?["efficiency"]?.double ?? 0) * 100, 2)
        return text + "  (\(percent) %; at least \(share) % of the best)"
    }

    private static func interval(_ ends: JSON?) -> String {
        guard let low = ends?["low"]?.double, let high = ends?["high"]?.double else { return "" }
        return " [\(Markup.significant(low)), \(Markup.significant(high))]"
    }
}
