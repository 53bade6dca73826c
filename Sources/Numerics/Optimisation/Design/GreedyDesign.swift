/// Runs chosen one after another, each the best next one.
///
/// With a budget of cost there are two ways, by gain and by gain per cost, and the better end is taken. For
/// the parameters' aim the gain is submodular. By count the chosen runs reach 1 − 1/e of the best gain
/// (Nemhauser, Wolsey and Fisher 1978); by budget the better way reaches half of that (Leskovec et al. 2007,
/// theorem 3). For targets there is no such constant: ``DesignBound`` says what could be had at most.
package struct GreedyDesign: Sendable {
    /// One chosen run.
    package struct Step: Sendable, Equatable {
        /// Which candidate.
        package let candidate: Int
        /// What the runs up to here cost.
        package let spent: Double
        /// The covariance after the run.
        package let covariance: DesignCovariance
    }

    /// How the next run was chosen.
    package enum Way: String, Sendable {
        case gain
        case gainPerCost = "gain per cost"
    }

    /// What may be spent.
    package struct Limits: Sendable {
        /// How many runs at most.
        package var runs: Int
        /// The cost of all runs at most; infinite for none.
        package var budget: Double
        /// Whether a candidate may be run more than once.
        package var mayRepeat: Bool

        /// States limits.
        package init(runs: Int, budget: Double = .infinity, mayRepeat: Bool = true) {
            self.runs = runs
            self.budget = budget
            self.mayRepeat = mayRepeat
        }
    }

    /// The runs in the order in which to make them.
    package let steps: [Step]
    /// How they were chosen.
    package let way: Way
    /// The aim's value after the last run.
    package let value: Double

    /// Chooses runs; of ties the first candidate.
    ///
    /// - Complexity: `runs · candidates · p (p + targets)`.
    package init(_ question: DesignQuestion, _ candidates: [DesignCandidate], _ limits: Limits) {
        let byGain = GreedyDesign(question, candidates, limits, .gain)
        guard limits.budget.isFinite else {
            self = byGain
            return
        }
        let byRatio = GreedyDesign(question, candidates, limits, .gainPerCost)
        self = byRatio.value < byGain.value ? byRatio : byGain
    }

    private init(
        _ question: DesignQuestion, _ candidates: [DesignCandidate], _ limits: Limits, _ way: Way
    ) {
        var covariance = question.covariance
        var steps: [Step] = []
        var (spent, gained) = (0.0, 0.0)
        var isFree = [Bool](repeating: true, count: candidates.count)
        while steps.count < limits.runs {
            var best: (score: Double, candidate: Int)?
            for (place, candidate) in candidates.enumerated()
            where isFree[place] && spent + candidate.cost <= limits.budget {
                let gain = question.gain(covariance, candidate.slope)
                let score = way == .gain ? gain : gain / candidate.cost
                if score > best?.score ?? 0 { best = (score, place) }
            }
            guard let best else { break }
            let chosen = candidates[best.candidate]
            gained += Elementary.log1p(covariance.add(chosen.slope))
            spent += chosen.cost
            isFree[best.candidate] = limits.mayRepeat
            steps.append(Step(candidate: best.candidate, spent: spent, covariance: covariance))
        }
        self.steps = steps
        self.way = way
        value = question.value(covariance, gained: gained)
    }
}
