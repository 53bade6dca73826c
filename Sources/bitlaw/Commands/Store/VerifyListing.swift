import Canon
import Evidence
import LocalStore

/// What `verify` found, in words and for programs.
struct VerifyListing {
    let report: VerifyReport
    let census: LossCensus

    /// Whether something is damaged or lost.
    var isBad: Bool { !report.damage.isEmpty || !census.isEmpty }

    /// Whether something is damaged that no repair brings back: a record, a pin, a signature.
    func staysBad(in store: Store) -> Bool {
        report.damage.contains { damage in
            damage.outcome != .madeAnew
                && ["runs", "pins", "signatures"].contains(damage.place(in: store).first)
        }
    }

    /// The most lines of one sort that people see.
    private static let most = 20

    /// For people.
    var lines: [String] {
        list(report.damage, "damaged") { "\($0.path): \($0.reason); \($0.ending)" }
            + list(census.remade, "to be made again") { "\($0.what): \($0.reason)" }
            + list(census.lost, "lost") { "\($0.what): \($0.reason)" }
            + list(report.strange, "strange") {
                "\($0): no name that bitlaw gives; it is left there"
            }
            + rest + [
                "\(counted(report.blobs, "blob")) (\(ByteCount.text(report.bytes))) and "
                    + "\(counted(report.results, "result")) read, \(report.damage.count) damaged"
            ] + ending
    }

    private func list<Element>(
        _ elements: [Element], _ word: String, _ text: (Element) -> String
    ) -> [String] {
        var lines = elements.prefix(VerifyListing.most).map { "\(word): \(text($0))" }
        let more = elements.count - lines.count
        if more > 0 { lines.append("\(word): and \(more) more; bitlaw verify --json lists them") }
        return lines
    }

    /// What was read beside blobs and results.
    private var rest: [String] {
        let names = [
            ("runs", "run record"), ("begun", "note of a run that has not ended"), ("pins", "pin"),
            ("signatures", "signature"), ("exports", "list of exported files"),
            ("checkpoints", "kept state"),
        ]
        var parts = names.compactMap { area, name in
            report.others[area].map {
                name.hasPrefix("note") || name.hasPrefix("list")
                    ? counted($0, name, name.replacing(" ", with: "s ", maxReplacements: 1))
                    : counted($0, name)
            }
        }
        if report.quarantined > 0 {
            parts.append("\(counted(report.quarantined, "thing")) in quarantine, until gc")
        }
        var lines = parts.isEmpty ? [] : ["also read: \(parts.joined(separator: ", "))"]
        let absent = census.accessories.count
        if absent > 0 {
            lines.append(
                "\(counted(absent, "log or description of a key is", "logs and descriptions of keys are")) "
                    + "not here; the results are as good without")
        }
        return lines
    }

    private var ending: [String] {
        guard isBad else { return [] }
        return [
            "the next run makes \(counted(census.remade.count, "thing")) again; "
                + "\(counted(census.lost.count, "is", "are")) lost for good"
        ]
    }

    /// For programs.
    var json: JSON {
        let damage: [JSON] = report.damage.map {
            [
                "path": .string($0.path), "reason": .string($0.reason),
                "ending": .string($0.ending),
            ]
        }
        return [
            "blobs": .number(Double(report.blobs)), "results": .number(Double(report.results)),
            "bytes": .number(Double(report.bytes)),
            "others": .object(report.others.mapValues { .number(Double($0)) }),
            "quarantined": .number(Double(report.quarantined)), "damage": .array(damage),
            "incomplete": .array(report.incomplete.map { .string($0.hex) }),
            "accessories": .array(census.accessories.map { .string($0.hex) }),
            "remade": losses(census.remade), "lost": losses(census.lost),
            "strange": .array(report.strange.map { .string($0) }),
        ]
    }

    private func losses(_ losses: [LossCensus.Loss]) -> JSON {
        .array(losses.map { ["what": .string($0.what), "reason": .string($0.reason)] })
    }
}
