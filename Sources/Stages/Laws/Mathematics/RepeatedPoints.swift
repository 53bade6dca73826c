import Canon
import Workbench

/// Points that were given more than once.
///
/// Two runs of one configuration have different losses, so rows that agree in every column are one run that
/// was read twice. Where an index tells rows apart, most points agreeing in inputs and y show the same.
struct RepeatedPoints: Equatable {
    /// Points whose whole row equals that of an earlier point.
    private(set) var rows = 0
    /// Points whose inputs and y equal those of an earlier point.
    private(set) var values = 0

    /// Counts among the points of these rows, the inputs in columns; points of one group count once, for they
    /// are resampled together.
    init(_ table: Table, rows: [Int], x: [[Double]], y: [Double], groups: [[Int]]) {
        var group = [Int](repeating: 0, count: y.count)
        for (place, members) in groups.enumerated() {
            for member in members { group[member] = place }
        }
        for cell in ReplicateCells(x + [y]).members where cell.count > 1 {
            var seen: Set<Int> = []
            var known: Set<[JSON]> = []
            for point in cell {
                let isNew = known.insert(table.rows[rows[point]]).inserted
                guard seen.insert(group[point]).inserted, seen.count > 1 else { continue }
                values += 1
                if !isNew { self.rows += 1 }
            }
        }
    }

    /// How many points are no measurement of their own; 0 where equal values may be chance.
    func count(of points: Int) -> Int { rows > 0 ? rows : 2 * values >= points ? values : 0 }
}
