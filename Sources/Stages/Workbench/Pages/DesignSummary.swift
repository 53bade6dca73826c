package import Canon

/// A design of next runs in one line.
package enum DesignSummary {
    /// How many runs, what they cost, and what they bring, as `run` prints it.
    package static func text(_ design: JSON) -> String {
        let runs = design["runs"]?.elements?.count ?? 0
        let spent = LawNumber.text(design["spent"]?.double ?? 0)
        var text = "next \(counted(runs, "run")) for \(spent) (\(design["cost"]?.text ?? ""))"
        for target in design["targets"]?.elements ?? [] {
            let members = target["inputs"]?.members ?? [:]
            let place = JSON.sorted(members.keys).map {
                "\($0) = \(LawNumber.text(members[$0]?.double ?? 0))"
            }
            let digits = digits(target)
            text +=
                "; at \(place.joined(separator: ", ")) "
                + LawNumber.text(target["value"]?.double ?? 0, digits)
                + interval(target["now"], digits) + " now,"
                + interval(target["after"], digits) + " expected after"
        }
        let percent = Markup.significant((design["confidence"]?.double ?? 0) * 100, 2)
        let share = Markup.significant((design["bound"]?["efficiency"]?.double ?? 0) * 100, 2)
        return text + "  (\(percent) %; at least \(share) % of the best)"
    }

    /// As many digits as leave two in the width of the narrower interval.
    private static func digits(_ target: JSON) -> Int {
        guard let value = target["value"]?.double, let low = target["after"]?["low"]?.double,
            let high = target["after"]?["high"]?.double, high > low
        else { return 3 }
        var digits = 3
        var ratio = value.magnitude / (high - low)
        while ratio > 5, digits < 10 {
            ratio /= 10
            digits += 1
        }
        return digits
    }

    private static func interval(_ ends: JSON?, _ digits: Int) -> String {
        guard let low = ends?["low"]?.double, let high = ends?["high"]?.double else { return "" }
        return " [\(LawNumber.text(low, digits)), \(LawNumber.text(high, digits))]"
    }
}
