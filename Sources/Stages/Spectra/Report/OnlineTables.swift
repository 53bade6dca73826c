import Canon
import Experiment
import Workbench

/// Tables of a report of learning curves.
enum OnlineTables {
    /// A row for each curve in which a plateau was looked for.
    static func plateaus(_ context: StageContext, _ page: inout ReportPage) throws {
        let inputs = context.inputs("plateaus")
        if inputs.isEmpty { return }
        page.heading("Plateaus")
        page.paragraph(
            """
            A plateau is the longest stretch of slopes above −0.2, after the error first halved, \
            that is followed by a fall below half of its height; it begins within 10 % of the \
            height and ends at half of it; the uncertainty moves both thresholds. A dash: none is \
            found. \(ReportPage.ours)
            """)
        var rows: [[String]] = []
        for input in inputs {
            let json = try JSON(parsing: input.bytes())
            func cell(_ name: String) -> String {
                guard let value = json[name]?.double else { return "–" }
                return page.number(Markup.significant(value), from: [input])
            }
            rows.append(
                [Markup.escape(input.producer)]
                    + ["start", "end", "length", "length_uncertainty", "height"].map(cell))
        }
        page.table(["curve", "start α", "end α", "length", "±", "height"], rows)
    }

    /// A row for each stage and label: the mean exponent over seeds, its spread, the window, and
    /// the bare law's.
    static func exponents(_ context: StageContext, _ page: inout ReportPage) throws {
        let inputs = context.inputs("exponents")
        if inputs.isEmpty { return }
        let axis = context.parameters.text("series")
        let symbol = context.parameters.text("series_name")
        var order: [String] = []
        var found: [String: [(json: JSON, input: StageInput)]] = [:]
        for input in inputs {
            let stage = String(input.producer.prefix { $0 != "[" })
            let label = input.coordinates.first { $0.axis == axis }.map {
                $0.value["name"] ?? $0.value
            }
            let name =
                stage + (label.map { ", \(symbol) = \($0.text ?? $0.canonicalText)" } ?? "")
            if found[name] == nil { order.append(name) }
            found[name, default: []].append((try JSON(parsing: input.bytes()), input))
        }
        page.heading("Exponents inside the theory’s window")
        page.paragraph(
            """
            The theory says where its power law holds; the slope of ln ε against ln α is fitted a \
            factor inside both ends, and after the plateau where there is one. The bare exponent \
            −β/(1+β) is the limit of infinitely many eigenvalues: at finite L both ends of the \
            window bend the curve, in simulations and in the equations alike. \(ReportPage.ours)
            """)
        var rows: [[String]] = []
        for name in order {
            let parts = found[name] ?? []
            let slopes = parts.compactMap { $0.json["slope"]?.double }
            let first = parts.first?.json
            func cell(_ value: Double?) -> String {
                value.map { page.number(Markup.significant($0), from: parts.map { $0.input }) }
                    ?? "–"
            }
            let moments = slopes.isEmpty ? nil : OnlineEnsemble.moments(slopes)
            rows.append([
                Markup.escape(name), cell(first?["window_from"]?.double),
                cell(first?["window_to"]?.double), cell(moments?.mean),
                slopes.count < 2
                    ? "–" : cell(moments.map { $0.error * Double(slopes.count).squareRoot() }),
                cell(first?["bare_exponent"]?.double.map { -$0 }),
            ])
        }
        page.table(["curves", "from α", "to α", "slope", "± over seeds", "bare exponent"], rows)
    }
}
