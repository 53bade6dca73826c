import Workbench

/// Claims about a linear student.
extension OnlineClaims {
    func closedForm(_ page: inout ReportPage) -> NumberedClaim {
        let expected = [0.4438, 0.2732, 0.1410, 0.03359, 0.004979]
        let found = compare(average, at: [0.5, 1, 2, 5, 10], expected, slack: 0.01, &page)
        return NumberedClaim(
            statement: "The closed form is the average of SGD", basis: OnlineClaims.ours,
            test: "N = 1,024, L = 4, β = 1, η = 1, σ_J = 1; ε_g at α = 0.5, 1, 2, 5, 10.",
            expected: OnlineClaims.text(expected), measured: found.text, holds: found.holds)
    }

    func largestRate() -> NumberedClaim {
        let spectrum = Spectrum(levels: 4, beta: 1)
        let values = [1.98, 1.995, 2.0].map { rate in
            LinearTheory(spectrum: spectrum, rate: rate, variance: 0)
                .finiteErrors(at: [200 * 1024], inputs: 1024)[0]
        }
        let limit = LinearTheory.largestRate(spectrum, inputs: 1024)
        let expected = [0.004837, 1.896, 14.64, 1.9917]
        return NumberedClaim(
            statement: "Far below N distinct eigenvalues, SGD converges up to a rate of 2",
            basis: OnlineClaims.ours + "; whether the paper states 2 is unknown",
            test:
                "Exact average, N = 1,024, L = 4: ε_g at α = 200 for η = 1.98, 1.995, 2, and the threshold.",
            expected: OnlineClaims.text(expected),
            measured: OnlineClaims.text(values + [limit]),
            holds: OnlineClaims.agree(values + [limit], expected, 1e-3))
    }

    func largestRateFull() -> NumberedClaim {
        let limit = LinearTheory.largestRate(Spectrum(levels: 1024, beta: 1), inputs: 1024)
        return NumberedClaim(
            statement: "With as many eigenvalues as directions the largest rate is near 1",
            basis: OnlineClaims.ours, test: "Threshold at L = N = 1,024, β = 1.",
            expected: "1.0046", measured: Markup.significant(limit, 5),
            holds: OnlineClaims.agree([limit], [1.0046], 1e-4))
    }

    func powerLaw() -> NumberedClaim {
        let theory = LinearTheory(
            spectrum: Spectrum(levels: 1024, beta: 0.75), rate: 0.01, variance: 1e-4)
        let times = [1.0, 10, 100, 1000]
        let sums = times.map { theory.smallRateError(at: $0) }
        let slopes = [1.0, 3, 10].map { theory.smallRateSlope(at: $0) }
        let gap =
            times.map { alpha in
                ((theory.truncatedPowerLaw(at: alpha) ?? 0) / theory.smallRateError(at: alpha) - 1)
                    .magnitude
            }.max() ?? 1
        let expected = [0.10861, 0.039278, 0.013463, 0.0038674]
        return NumberedClaim(
            statement: "The error falls as α^(−β/(1+β)), until the smallest eigenvalue cuts it off",
            basis: OnlineClaims.paper + "; the constant and the cut-off are ours",
            test: """
                L = N = 1,024, β = 0.75, η = 0.01: ε_g at α = 1, 10, 100, 1,000; the incomplete \
                Gamma form; slopes at α = 1, 3, 10.
                """,
            expected:
                OnlineClaims.text(expected, 5)
                + "; within 0.07 %; slopes −0.437, −0.441, −0.449 on the way to −0.4286",
            measured:
                "\(OnlineClaims.text(sums, 5)); within \(Markup.significant(100 * gap, 2)) %; slopes "
                + OnlineClaims.text(slopes, 3),
            holds: OnlineClaims.agree(sums, expected, 1e-4) && gap < 8e-4
                && OnlineClaims.agree(slopes, [-0.437, -0.441, -0.449], 3e-3))
    }

    func tailOfSGD(_ page: inout ReportPage) -> NumberedClaim {
        let theory = LinearTheory(
            spectrum: Spectrum(levels: 1024, beta: 0.75), rate: 0.01, variance: 1e-4)
        let times = [1.0, 10, 100]
        let expected = theory.finiteErrors(at: times.map { Int($0 * 1024) }, inputs: 1024)
        let found = compare(tail, at: times, expected, slack: 0.02, &page)
        return NumberedClaim(
            statement: "SGD follows the power law (Fig. 2, right)",
            basis: OnlineClaims.paper + "; β and η of the figure are our reading",
            test: "L = N = 1,024, β = 0.75, η = σ_J = 0.01, 15 seeds: ε_g at α = 1, 10, 100.",
            expected: OnlineClaims.text(expected) + " within the seeds' noise",
            measured: found.text, holds: found.holds)
    }

    func noiseFactor() -> NumberedClaim {
        let theory = LinearTheory(
            spectrum: Spectrum(levels: 256, beta: 1), rate: 0.5, variance: 1e-4)
        let ratio = theory.error(at: 2) / theory.smallRateError(at: 2)
        return NumberedClaim(
            statement: "The noise of SGD multiplies the power law by 1/(1 − η/2)",
            basis: OnlineClaims.ours, test: "L = 256, β = 1, η = 0.5, α = 2; 1/(1 − η/2) = 1.333.",
            expected: "1.335", measured: Markup.significant(ratio, 4),
            holds: OnlineClaims.agree([ratio], [1.335], 1e-3))
    }

    func floors() -> NumberedClaim {
        let spectrum = Spectrum(levels: 256, beta: 1)
        let floors = [8, 16, 32, 64].map { LinearTheory.rest(spectrum, $0) }
        let ratios = zip(floors, floors.dropFirst()).map { $0 / $1 }
        let expected = [2.004, 2.110, 2.315]
        return NumberedClaim(
            statement: "With N_l learned features the error ends at a floor that falls as N_l^(−β)",
            basis: OnlineClaims.paper
                + " (that it is a power law); the exponent is recalled and checked by us",
            test: "L = 256, β = 1, η → 0: ratios of the floors at N_l = 8, 16, 32, 64.",
            expected: OnlineClaims.text(expected) + " (2 is the pure law; the rest is finite L)",
            measured: OnlineClaims.text(ratios), holds: OnlineClaims.agree(ratios, expected, 1e-3))
    }

    func featureRuns(_ page: inout ReportPage) -> NumberedClaim {
        let expected = [0.0689, 0.02102, 0.00634, 0.00379, 0.00364]
        let found = compare(
            features, at: [1, 10, 100, 500, 1000], expected, slack: 0.02, &page)
        return NumberedClaim(
            statement: "SGD with 64 learned features ends at the predicted floor (Fig. 3, left)",
            basis: OnlineClaims.paper + "; the N_l of the figure are not stated",
            test:
                "L = N = 256, β = 1, η = 0.05, σ_J = 0.01, N_l = 64: ε_g at α = 1, 10, 100, 500, 1,000.",
            expected: OnlineClaims.text(expected), measured: found.text, holds: found.holds)
    }
}
