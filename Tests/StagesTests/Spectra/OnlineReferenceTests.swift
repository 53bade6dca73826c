import Canon
import Numerics
import Spectra
import System
import Testing
import Workbench

/// Every row of the reference table: numbers of an independent implementation in numpy.
@Suite struct OnlineReferenceTests {
    /// A row; columns that are empty are `nil`.
    struct Row: CustomStringConvertible {
        let columns: [String: JSON]

        func number(_ name: String) -> Double? { columns[name]?.double }
        func text(_ name: String) -> String {
            columns[name]?.text ?? columns[name]?.canonicalText ?? ""
        }
        var description: String {
            "\(text("id")) \(text("kind")) \(text("quantity")) at \(text("x"))"
        }
        var levels: Int { columns["L"]?.integer ?? 1 }
        var units: Int { columns["M"]?.integer ?? 1 }
        var rate: Double { number("eta") ?? 1 }
        var variance: Double { number("sigmaJ2") ?? 0 }
        var spectrum: Spectrum { Spectrum(levels: levels, beta: number("beta") ?? 0) }

        /// Checks a value; numbers that are 0 need an absolute tolerance.
        ///
        /// The table's equations were integrated at a relative tolerance of 1e-10: its ε_g below 1e-7 are
        /// right to about 1e-11 and no better, whatever they promise.
        func check(_ value: Double) {
            let expected = number("value") ?? .nan
            let tolerance = number("reltol") ?? .nan
            // The table prints twelve digits: half of the last is up to 5e-12 of the value.
            var bound = (tolerance + 5e-12) * expected.magnitude + (expected == 0 ? 1e-12 : 0)
            if text("kind") == "erf_ode" { bound += 2e-11 }
            #expect((value - expected).magnitude <= bound, "\(self): \(value), not \(expected)")
        }
    }

    static let kinds = [
        "spectrum", "integral", "linear_small_eta", "linear_thermo", "linear_powerlaw",
        "linear_powerlaw_truncated", "linear_discrete_exact", "linear_features_thermo",
        "linear_features_floor", "linear_eta_max_discrete", "erf_plateau", "erf_tau_esc",
        "erf_plateau_length", "erf_reduced_flow", "erf_specialised_bulk", "erf_ode",
    ]

    private static func rows(_ kind: String) throws -> [Row]? {
        guard let bytes = try sharedFile("reference/power-law-spectra.csv") else { return nil }
        let table = try Table(csv: bytes)
        return table.rows.map { row in
            Row(
                columns: Dictionary(
                    uniqueKeysWithValues: zip(table.columns, row).filter { $0.1 != .null }))
        }.filter { $0.text("kind") == kind }
    }

    @Test(arguments: kinds)
    func `every reference row is met within its tolerance`(kind: String) throws {
        guard let rows = try Self.rows(kind) else { return }
        #expect(!rows.isEmpty, "\(kind): no rows")
        switch kind {
        case "erf_ode": try overlaps(rows)
        case "erf_reduced_flow": reduced(rows)
        case "erf_plateau_length": try rows.forEach(plateauLength)
        case "linear_discrete_exact": discrete(rows)
        default: rows.forEach { row in row.check(Self.value(row)) }
        }
    }

    @Test func `no kind of the reference table is left out but those of simulations`() throws {
        guard let bytes = try sharedFile("reference/power-law-spectra.csv") else { return }
        let all = Set((try Table(csv: bytes)[column: "kind"] ?? []).compactMap { $0.text })
        #expect(all == Set(Self.kinds + ["sgd_erf_mean", "sgd_linear_mean"]))
    }

    /// By the classical Runge-Kutta method in 30 digits, 4,000 steps; the table's E8 is 0.8 % off here.
    @Test func `the tail agrees with an integration in thirty digits`() throws {
        let flow = CommitteeFlow(
            spectrum: Spectrum(levels: 8, beta: 1), students: 1, teachers: 1, rate: 0.5)
        let y = flow.plainStart(variance: 0.01, asymmetry: 0.01)
        var integrator = FlowMethod.explicit.integrator(
            flow, rate: 0.5, until: 500,
            tolerance: FlowTolerance(relative: 1e-13, absolute: 1e-16))
        try integrator.advance(y, from: 0, to: 500) { _ in }
        #expect((flow.error(y) / 1.03076516912e-9 - 1).magnitude < 5e-5)
    }

    private static func value(_ row: Row) -> Double {
        let (x, spectrum) = (row.number("x") ?? 0, row.spectrum)
        let linear = {
            LinearTheory(spectrum: spectrum, rate: row.rate, variance: row.variance)
        }
        switch (row.text("kind"), row.text("quantity")) {
        case ("spectrum", "lambda_1"): return spectrum.values[0]
        case ("spectrum", "lambda_L"): return spectrum.values[spectrum.count - 1]
        case ("spectrum", "mean_lambda"): return spectrum.moment(1)
        case ("spectrum", "T2"): return spectrum.moment(2)
        case ("spectrum", "T3"): return spectrum.moment(3)
        case ("integral", let name):
            let c = row.text("extra").dropFirst(2).split(separator: ";").compactMap { Double($0) }
            if name == "I2" { return CommitteeIntegrals.i2(uu: c[0], uv: c[1], vv: c[5]) }
            if name == "I3" { return CommitteeIntegrals.i3(c, 4, 0, 1, 2) }
            return CommitteeIntegrals.i4(c, 4, 0, 1, 2, 3)
        case ("linear_small_eta", _): return linear().smallRateError(at: x)
        case ("linear_thermo", _): return linear().error(at: x)
        case ("linear_powerlaw", _): return linear().powerLaw(at: x) ?? .nan
        case ("linear_powerlaw_truncated", _): return linear().truncatedPowerLaw(at: x) ?? .nan
        case ("linear_features_thermo", _):
            return LinearTheory(
                spectrum: spectrum, rate: row.rate, variance: row.variance, trained: trained(row)
            ).error(at: x)
        case ("linear_features_floor", _): return LinearTheory.rest(spectrum, trained(row))
        case ("linear_eta_max_discrete", _):
            return LinearTheory.largestRate(spectrum, inputs: Int(row.number("N") ?? 0))
        case ("erf_plateau", let name):
            let plateau = PlateauTheory(units: row.units)
            return name == "R_star" ? plateau.r : name == "eps_plateau" ? plateau.error : plateau.q
        case ("erf_tau_esc", _):
            return row.rate * PlateauTheory(units: row.units).escapeTime(spectrum, rate: row.rate)
        case ("erf_specialised_bulk", _):
            return SpecialisedPhase(units: row.units).error(spectrum, rate: row.rate, at: x)
        default: return .nan
        }
    }

    private static func trained(_ row: Row) -> Int {
        Int(row.text("extra").dropFirst("N_l=".count)) ?? 0
    }

    private func discrete(_ rows: [Row]) {
        for (_, group) in Dictionary(grouping: rows, by: { $0.text("id") }) {
            let sorted = group.sorted { ($0.number("x") ?? 0) < ($1.number("x") ?? 0) }
            let inputs = Int(group[0].number("N") ?? 0)
            let steps = sorted.map { Int((($0.number("x") ?? 0) * Double(inputs)).rounded()) }
            let theory = LinearTheory(
                spectrum: group[0].spectrum, rate: group[0].rate, variance: group[0].variance)
            for (row, value) in zip(sorted, theory.finiteErrors(at: steps, inputs: inputs)) {
                row.check(value)
            }
        }
    }

    private func reduced(_ rows: [Row]) {
        for (_, group) in Dictionary(grouping: rows, by: { $0.text("id") }) {
            let flow = ReducedFlow(spectrum: group[0].spectrum, units: group[0].units)
            let times = Set(group.compactMap { $0.number("x") }).sorted()
            let states = flow.states(at: times, same: 0.002, other: 0.001)
            for row in group {
                guard let place = times.firstIndex(of: row.number("x") ?? -1) else { continue }
                let sums = flow.sums(states[place])
                switch row.text("quantity") {
                case "R": row.check(sums.r)
                case "S": row.check(sums.s)
                default: row.check(flow.error(states[place]))
                }
            }
        }
    }

    /// The general equations for each row's K and M, from the start without random numbers.
    private func overlaps(_ rows: [Row]) throws {
        for (_, group) in Dictionary(grouping: rows, by: { $0.text("id") }) {
            let (k, m) = (group[0].columns["K"]?.integer ?? 1, group[0].units)
            let flow = CommitteeFlow(
                spectrum: group[0].spectrum, students: k, teachers: m, rate: group[0].rate)
            let y = flow.plainStart(
                variance: group[0].variance, asymmetry: group[0].number("rho") ?? 0)
            let times = Set(group.compactMap { $0.number("x") }).sorted()
            var integrator = FlowMethod.automatic.integrator(
                flow, rate: group[0].rate, until: times[times.count - 1],
                tolerance: FlowTolerance(relative: 1e-13, absolute: 1e-16))
            var time = 0.0
            for wanted in times {
                try integrator.advance(y, from: time, to: wanted) { _ in }
                time = wanted
                let overlaps = flow.overlaps(flow.sums(y))
                for row in group where row.number("x") == wanted {
                    switch row.text("quantity") {
                    case "R11": row.check(overlaps.r[0])
                    case "R12": row.check(overlaps.r[1])
                    case "Q11": row.check(overlaps.q[0])
                    case "Q12": row.check(overlaps.q[1])
                    default: row.check(overlaps.error(.erf))
                    }
                }
            }
        }
    }

    private func plateauLength(_ row: Row) throws {
        let flow = SymmetricFlow(spectrum: row.spectrum, units: row.units, rate: row.rate)
        let rho = row.number("rho") ?? 0
        let y = flow.state(same: rho, other: -rho, own: row.variance)
        var integrator = FlowMethod.automatic.integrator(flow, rate: row.rate, until: 1e5)
        let tau = PlateauTheory(units: row.units).escapeTime(row.spectrum, rate: row.rate)
        var crossing = PlateauCrossing(level: 0.5)
        try integrator.advance(y, from: 0, to: 12 * tau) { point in
            let overlaps = flow.overlaps(point.z)
            let slope = flow.overlaps(point.slope)
            crossing.note(point.alpha, overlaps.r - overlaps.s, slope: slope.r - slope.s)
        }
        row.check((crossing.time ?? .nan) / tau)
    }
}
