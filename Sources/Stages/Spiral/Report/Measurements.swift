import Canon
import Experiment
import Numerics
import Workbench

/// Error measurements with the coordinates that they were taken at.
struct Measurements {
    struct Entry {
        let coordinates: [String: JSON]
        let values: [String: Double]
        let input: StageInput
    }

    let entries: [Entry]

    init(_ inputs: [StageInput]) throws {
        entries = try inputs.map { input in
            guard let members = (try? JSON(parsing: input.bytes()))?.members else {
                throw FormatError("\(input.producer): expected a JSON object of numbers")
            }
            var coordinates: [String: JSON] = [:]
            for coordinate in input.coordinates {
                coordinates[coordinate.axis] = coordinate.value["name"] ?? coordinate.value
            }
            return Entry(
                coordinates: coordinates, values: members.compactMapValues { $0.double },
                input: input)
        }
    }

    private init(entries: [Entry]) { self.entries = entries }

    /// The entries at these coordinates.
    func at(_ wanted: [String: JSON]) -> Measurements {
        Measurements(
            entries: entries.filter { entry in
                wanted.allSatisfy { entry.coordinates[$0.key] == $0.value }
            })
    }

    /// The values of a name, in the order of the entries.
    func values(_ name: String) -> [Double] { entries.compactMap { $0.values[name] } }

    /// The median over replicates; `nil` where there is nothing.
    func median(_ name: String) -> Double? {
        let values = values(name)
        return values.isEmpty ? nil : Quantiles.median(values)
    }

    var inputs: [StageInput] { entries.map { $0.input } }

    /// The different values on an axis, ordered.
    func axis(_ name: String) -> [JSON] {
        var seen: Set<JSON> = []
        let all = entries.compactMap { $0.coordinates[name] }.filter { seen.insert($0).inserted }
        if all.allSatisfy({ $0.double != nil }) {
            return all.sorted { ($0.double ?? 0) < ($1.double ?? 0) }
        }
        return all
    }

    /// The medians along `samples`.
    func curve(_ name: String) -> [(x: Double, y: Double)] {
        axis("samples").compactMap { value in
            guard let x = value.double, let y = at(["samples": value]).median(name) else {
                return nil
            }
            return (x, y)
        }
    }

    /// The first sample size at which the curve falls to a level: interpolated between logarithms.
    func crossing(_ name: String, level: Double) -> Double? {
        let curve = curve(name)
        guard let first = curve.firstIndex(where: { $0.y <= level }) else { return nil }
        if first == 0 { return curve[0].x }
        let (a, b) = (curve[first - 1], curve[first])
        guard b.y > 0 else { return b.x }
        let t =
            (Elementary.log(a.y) - Elementary.log(level))
            / (Elementary.log(a.y) - Elementary.log(b.y))
        return Elementary.exp((1 - t) * Elementary.log(a.x) + t * Elementary.log(b.x))
    }
}
