import Numerics
import Testing

/// Intervals, against published samples, tables and an independent computation.
@Suite struct LawUncertaintyFitTests {
    @Test func `quantiles equal the tables`() {
        #expect(isNear(Distributions.normalQuantile(0.975), 1.959963984540054, 1e-12))
        #expect(isNear(Distributions.normalQuantile(0.05), -1.6448536269514722, 1e-12))
        // R: qt(0.975, c(1, 2, 5, 30, 235))
        for (degrees, t) in [
            (1, 12.706204736432095), (2, 4.302652729911275), (5, 2.570581835636314),
            (30, 2.0422724563012373),
        ] {
            let found = Distributions.studentQuantile(central: 0.95, degrees: degrees)
            #expect(isNear(found, t, 1e-10), "\(degrees): \(found)")
        }
    }

    @Test(.enabled(if: FitData.folder != nil))
    func
        `the notebook's first 200 bootstrap samples are refitted to their values, or to better ones`()
        throws
    {
        let all = try FitData.epoch()
        let data = try FitData.epoch240()
        let fitter = LawFitter(PowerSum.chinchilla, LawObjective(.huber(1e-3), in: .log))
        let law = try fitter.fit(x: [data.n, data.d], y: data.loss)
        let limit = all.loss.sorted()[239]
        var place: [Int: Int] = [:]
        for row in all.loss.indices where all.loss[row] <= limit { place[row] = place.count }
        let points = ScaledPoints(x: [data.n, data.d], y: data.loss, scale: law.scale)
        var equal = 0
        for row in try FitData.rows("chinchilla-epoch/bootstrap_seed42_first200.csv").dropFirst() {
            var weights = [Double](repeating: 0, count: 240)
            for cell in row[6...] {
                let index = try #require(Int(cell))
                weights[try #require(place[index])] += 1
            }
            let theta = try #require(fitter.refit(law, points: points, weights: weights))
            let natural = fitter.form.natural(theta, law.scale)
            // Published order: A, B, E, alpha, beta.
            func cost(_ natural: [Double]) -> Double {
                let f = fitter.form.predict(natural, [data.n, data.d], law.scale)
                return f.indices.reduce(0.0) {
                    let r = Elementary.log(f[$1]) - Elementary.log(data.loss[$1])
                    return $0 + weights[$1] * fitter.objective.cost(r)
                }
            }
            // Published order: A, B, E, alpha, beta.
            let stated = try row[1..<6].map { try #require(Double($0)) }
            let published = [stated[2], stated[0], stated[1], stated[3], stated[4]]
            #expect(cost(natural) <= cost(published) * (1 + 1e-9), "sample \(row[0])")
            if zip(natural, published).allSatisfy({ isNear($0, $1, 1e-3) }) { equal += 1 }
        }
        // The others (5, 93, 160, 188) ended short of the optimum, by up to 10⁻⁴ of the objective.
        #expect(equal >= 196)
    }

    @Test(.enabled(if: FitData.folder != nil))
    func `the notebook's 4,000 bootstrap samples give its errors and intervals`()
        throws
    {
        let all = try FitData.epoch()
        let data = try FitData.epoch240()
        let fitter = LawFitter(PowerSum.chinchilla, LawObjective(.huber(1e-3), in: .log))
        let law = try fitter.fit(x: [data.n, data.d], y: data.loss)
        let points = ScaledPoints(x: [data.n, data.d], y: data.loss, scale: law.scale)
        let limit = all.loss.sorted()[239]
        let rows = all.loss.indices.filter { all.loss[$0] <= limit }
        let stored = try FitData.rows("chinchilla-epoch/bootstrap_seed42_first200.csv").dropFirst()
        var twister = LegacyTwister(seed: 42)
        var samples: [[Double]] = []
        for sample in 0..<4000 {
            let drawn = twister.integers(240, below: 240)
            if sample < stored.count {
                #expect(drawn.map { rows[$0] } == stored[sample + 1][6...].map { Int($0) ?? -1 })
            }
            var weights = [Double](repeating: 0, count: 240)
            for index in drawn { weights[index] += 1 }
            let theta = try #require(fitter.refit(law, points: points, weights: weights))
            samples.append(fitter.form.natural(theta, law.scale))  // E, A, B, alpha, beta
        }
        // The standard errors as the notebook prints them, and its intervals.
        let bands = [
            (0, 1.769351540568575, 1.871230147597102), (1, 285.21379838876595, 743.6261366043439),
            (2, 1042.3566923079786, 5810.344040622451),
            (3, 0.31677347855497145, 0.37328266819269734),
            (4, 0.3312617779738851, 0.4153777789209235),
        ]
        for (place, low, high) in bands {
            let found = try #require(BootstrapInterval.percentile(samples.map { $0[place] }, 0.95))
            #expect(isNear(found.low, low, place == 1 ? 4e-3 : 3e-4), "\(place): \(found)")
            #expect(isNear(found.high, high, 3e-4), "\(place): \(found)")
        }
        for (place, published) in [
            (0, 0.02566), (1, 124.52232), (2, 1293.2841), (3, 0.01540), (4, 0.02060),
        ] {
            let values = samples.map { $0[place] }
            let mean = values.reduce(0, +) / 4000
            let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
            #expect(isNear(spread.squareRoot(), published, place == 2 ? 2e-2 : 2e-3), "\(place)")
        }
        // Tokens per parameter at Gopher's budget, from each sample.
        let ratios = samples.map { p in
            let scale = Elementary.power(p[3] * p[1] / (p[4] * p[2]), 1 / (p[3] + p[4]))
            let n = scale * Elementary.power(5.76e23 / 6, p[4] / (p[3] + p[4]))
            return 5.76e23 / 6 / (n * n)
        }
        let interval = try #require(BootstrapInterval.percentile(ratios, 0.8))
        #expect(isNear(interval.low, 9.873421565, 1e-3) && isNear(interval.high, 28.9917949, 1e-3))
        #expect(isNear(BootstrapInterval.quantile(ratios.sorted(), 0.5), 17.206566, 1e-3))
    }

    @Test(.enabled(if: FitData.folder != nil))
    func `profile intervals equal those of an independent program`() throws {
        let data = try FitData.epoch240()
        let fitter = LawFitter(PowerSum.chinchilla, LawObjective(.squares, in: .log))
        let law = try fitter.fit(x: [data.n, data.d], y: data.loss)
        for (name, low, high) in [
            ("alpha", 0.34015636020253415, 0.38059234522201923),
            ("beta", 0.3873293107397956, 0.4245421848139527),
            ("E", 1.8355253025522038, 1.891653047738699),
        ] {
            let place = try #require(law.form.parameters.firstIndex { $0.name == name })
            let found = try ProfileInterval(
                law, LawPoints(x: [data.n, data.d], y: data.loss),
                of: .parameter(place, of: law), confidence: 0.95)
            #expect(isNear(found.low, low, 2e-4), "\(name): \(found.low)")
            #expect(isNear(found.high, high, 2e-4), "\(name): \(found.high)")
        }
    }

    @Test(.enabled(if: FitData.folder != nil))
    func `our own bootstrap has the published standard errors within sampling error`() throws {
        let data = try FitData.epoch240()
        let fitter = LawFitter(PowerSum.chinchilla, LawObjective(.huber(1e-3), in: .log))
        let law = try fitter.fit(x: [data.n, data.d], y: data.loss)
        let bootstrap = LawBootstrap(
            fitter, law, ScaledPoints(x: [data.n, data.d], y: data.loss, scale: law.scale),
            groups: data.loss.indices.map { [$0] }, seed: 1, count: 1000)
        #expect(bootstrap.samples.count == 1000)
        for (place, published) in [
            (0, 0.025660110684043086), (3, 0.015400557862548925), (4, 0.02060312457111757),
        ] {
            #expect(isNear(bootstrap.deviation { $0[place] }, published, 0.12))
        }
        let exponent = bootstrap.samples.map { $0[4] / ($0[3] + $0[4]) }
        let interval = try #require(BootstrapInterval.percentile(exponent, 0.8))
        #expect(isNear(interval.low, 0.4913, 0.01))
        #expect(isNear(interval.high, 0.5428, 0.01))
    }

    /// Efron & Tibshirani, *An Introduction to the Bootstrap*, §14.3: without bias and skew the
    /// interval is the percentile one.
    @Test func `the accelerated interval is the percentile interval where nothing is skewed`()
        throws
    {
        let values = (0..<1001).map { Double($0) / 1000 }
        let leftOut = [-1.0, 0, 1]
        let bca = try #require(
            BootstrapInterval.bca(values, estimate: 0.5, leftOut: leftOut, 0.9))
        let plain = try #require(BootstrapInterval.percentile(values, 0.9))
        #expect((bca.low - plain.low).magnitude < 1e-9)
        #expect((bca.high - plain.high).magnitude < 1e-9)
        let skewed = try #require(
            BootstrapInterval.bca(values, estimate: 0.6, leftOut: [0, 0, 3], 0.9))
        #expect(skewed.low > plain.low)
    }

    @Test func `two forms with one seed see the same samples`() {
        let groups = (0..<7).map { [$0] }
        let ones = [Double](repeating: 1, count: 7)
        let first = LawBootstrap.weights(ones, groups: groups, seed: 5, sample: 3)
        #expect(first == LawBootstrap.weights(ones, groups: groups, seed: 5, sample: 3))
        #expect(first.reduce(0, +) == 7)
        #expect(first != LawBootstrap.weights(ones, groups: groups, seed: 5, sample: 4))
    }
}
