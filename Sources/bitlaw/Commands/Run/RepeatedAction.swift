import Canon
import Experiment
import Run

/// An action that `--force` executed again, as the end of a run tells it.
struct RepeatedAction {
    let name: String
    let kind: Kind
    /// The outputs with other bits than the stored ones.
    let differences: [OutputDifference]
    let file: String

    /// Whether its bits are others than the stored ones where they should be the same.
    var isDifferent: Bool {
        !kind.isMeasurement && differences.contains { $0.standing == .refused }
    }

    /// Whether its bits are others, and its stage allows that.
    private var isAllowed: Bool {
        !kind.isMeasurement && !differences.isEmpty && !isDifferent
    }

    /// What all that was repeated comes to, for people; only differences for those who want little.
    static func lines(_ all: [RepeatedAction], quiet: Bool) -> [String] {
        let differences = all.filter { $0.isDifferent }.flatMap { $0.differenceLines }
        if quiet { return differences }
        let same = all.count { $0.differences.isEmpty }
        let measured = all.count { $0.kind.isMeasurement && !$0.differences.isEmpty }
        let allowed = all.count { $0.isAllowed }
        var lines: [String] = []
        if same > 0 { lines.append("\(same) executed again, same digests") }
        if measured > 0 {
            lines.append(
                counted(measured, "measurement")
                    + " made again: they never come out alike, and say "
                    + "nothing against the stored ones, which are kept")
        }
        if allowed > 0 {
            lines.append("\(allowed) executed again, other digests, as stages allow")
        }
        return lines + differences
    }

    private var differenceLines: [String] {
        var lines: [String] = []
        for difference in differences {
            let (stored, found) = (difference.first?.hex, difference.second?.hex)
            lines.append(
                "DIFFERENT: \(name)/\(difference.output): stored \(stored ?? "nothing"), now "
                    + "\(found ?? "nothing")")
            if difference.standing != .refused { lines.append("  its stage allows that") }
        }
        lines.append(
            "  the stored result is kept and counts; the new one stands beside it: "
                + "bitlaw why \(file) '\(name)'")
        lines.append(
            kind.runsForeignProgram
                ? "  its program is not deterministic, or reads what its key does not name"
                : "  \(kind.name) promises the same bits: another CPU or library, or a fault; "
                    + "bitlaw audit \(file) '\(name)' --twice tells more")
        return lines
    }

    /// For programs.
    var json: JSON {
        [
            "action": .string(name), "same": .bool(differences.isEmpty),
            "allowed": .bool(isAllowed), "measurement": .bool(kind.isMeasurement),
            "outputs": .array(
                differences.map {
                    [
                        "output": .string($0.output),
                        "stored": $0.first.map { .string($0.hex) } ?? .null,
                        "found": $0.second.map { .string($0.hex) } ?? .null,
                    ]
                }),
        ]
    }
}
