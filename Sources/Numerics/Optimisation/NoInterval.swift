/// Why there is no interval: one that would not hold what its level says is not made.
package enum NoInterval: Error, Equatable, CustomStringConvertible {
    /// As many parameters as points.
    case noFreedom(points: Int, parameters: Int)
    /// Too few groups to show how groups differ.
    case fewGroups(found: Int)
    /// Groups whose places the law follows, so that little is left to see how they differ.
    case dependentGroups(found: Int, parameters: Int)
    /// Without one of the groups the points leave the law open.
    case openWithoutGroup
    /// Residuals of nothing but rounding.
    case exact
    /// Too few bootstrap samples.
    case fewSamples(found: Int)
    /// More bootstrap samples than one in twenty could not be fitted.
    case lostSamples(lost: Int, drawn: Int)
    /// Both ends are the same number.
    case noWidth
    /// The objective has no profile.
    case noProfile(objective: String)

    /// The least number of groups that intervals are made from.
    package static let leastGroups = 3
    /// The least degrees of freedom that groups have to leave for their differences.
    static let leastFreedom = 1.5
    /// The largest share of bootstrap samples that may be lost.
    package static let toleratedLoss = 0.05

    /// What is missing, and what to do.
    package var description: String {
        switch self {
        case .noFreedom(let points, let parameters):
            return
                "\(points) points for \(parameters) parameters leave nothing to measure noise by; "
                + "expected at least \(parameters + 1); add points, hold a parameter with `fix`, or "
                + "choose a form with fewer"
        case .fewGroups(let found):
            return
                "\(found == 1 ? "1 group does" : "\(found) groups do") not show how groups differ; "
                + "expected at least \(NoInterval.leastGroups); add groups, or leave out `group` where "
                + "points vary by themselves"
        case .dependentGroups(let found, let parameters):
            return
                "\(found) groups that each have inputs of their own do not show how groups differ "
                + "beside a law of \(parameters) parameters; expected at least \(parameters + 2); add "
                + "groups, or choose a form with fewer parameters"
        case .openWithoutGroup:
            return
                "where one group is left out, the other points do not determine it, so the groups cannot "
                + "show how far it varies; expected groups that each span the inputs, as seeds do, or more "
                + "groups than parameters; add points, or choose a form with fewer parameters"
        case .exact:
            return
                "the law passes through every point, so there is no noise to make an interval from"
        case .fewSamples(let found):
            return "\(found) bootstrap samples; expected at least 20; set `bootstrap: 400`"
        case .lostSamples(let lost, let drawn):
            return
                "\(lost) of \(drawn) bootstrap samples could not be fitted, expected at most 5 %; an "
                + "interval of the others would be one of lucky samples; add points, or choose a form "
                + "with fewer parameters"
        case .noWidth:
            return "all bootstrap samples give one value, so there is no interval"
        case .noProfile(let objective):
            return "profile intervals are made for least squares; found \(objective); "
                + "set `interval: percentile`"
        }
    }
}
