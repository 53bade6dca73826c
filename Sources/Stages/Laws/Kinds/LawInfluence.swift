import Canon
import Numerics

/// Which points a fit hangs on.
struct LawInfluence {
    let rows: [JSON]

    /// For each parameter the group that moves it most when left out.
    init(_ document: LawDocument) {
        guard let bootstrap = document.bootstrap, bootstrap.samples.count > 1 else {
            rows = []
            return
        }
        var rows: [JSON] = []
        for (place, parameter) in document.law.form.parameters.enumerated()
        where !document.law.held[place] {
            let deviation = bootstrap.deviation { $0[place] }
            var largest: (shift: Double, group: Int)?
            for (group, values) in bootstrap.leftOut.enumerated() where !values.isEmpty {
                let shift = values[place] - document.law.natural[place]
                if shift.magnitude > largest?.shift.magnitude ?? -1 { largest = (shift, group) }
            }
            guard let largest else { continue }
            rows.append([
                "parameter": .string(parameter.name),
                "leftOut": .string(document.data.name(ofGroup: largest.group)),
                "shift": .finite(largest.shift),
                "standardErrors": deviation > 0 ? .finite(largest.shift / deviation) : .null,
            ])
        }
        self.rows = rows
    }
}
