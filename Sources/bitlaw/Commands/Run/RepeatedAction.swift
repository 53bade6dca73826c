import Canon
import Experiment
import Run

/// An action that `--force` executed again, as the end of a run tells it.
struct RepeatedAction {
    let name: String
    let kind: Kind
    let outcome: ForcedRepeats.Outcome
    let file: String

    /// Whether its bits are others than the stored ones where they should be the same.
    var isDifferent: Bool { !kind.isMeasurement && !outcome.differing.isEmpty }

    /// What all that was repeated comes to, for people; only differences for those who want little.
    static func lines(_ all: [RepeatedAction], quiet: Bool) -> [String] {
        let differences = all.filter { $0.isDifferent }.flatMap { $0.differenceLines }
        if quiet { return differences }
        let same = all.count { $0.outcome.differing.isEmpty }
        let measured = all.count { $0.kind.isMeasurement && !$0.outcome.differing.isEmpty }
        var lines: [String] = []
        if same > 0 { lines.append("\(same) executed again, same digests") }
        if measured > 0 {
            lines.append(
                counted(measured, "measurement")
                    + " made again: they never come out alike, and say "
                    + "nothing against the stored ones, which are kept")
        }
        return lines + differences
    }

    private var differenceLines: [String] {
        outcome.differing.map { output, stored, found in
            "DIFFERENT: \(name)/\(output): stored \(stored?.hex ?? "nothing"), now "
                + "\(found?.hex ?? "nothing")"
        } + [
            "  the stored result is kept and counts; the new one stands beside it: "
                + "bitlaw why \(file) '\(name)'",
            kind.runsForeignProgram
                ? "  its program is not deterministic, or reads what its key does not name"
                : "  \(kind.name) promises the same bits: another CPU or library, or a fault; "
                    + "bitlaw audit \(file) '\(name)' --twice tells more",
        ]
    }

    /// For programs.
    var json: JSON {
        [
            "action": .string(name), "same": .bool(outcome.differing.isEmpty),
            "measurement": .bool(kind.isMeasurement),
            "outputs": .array(
                outcome.differing.map { output, stored, found in
                    [
                        "output": .string(output),
                        "stored": stored.map { .string($0.hex) } ?? .null,
                        "found": found.map { .string($0.hex) } ?? .null,
                    ]
                }),
        ]
    }
}
