import Canon

/// What an automatic page and a folder of pages tell of one stage.
package struct StageSummary: Sendable {
    /// The stage's name.
    package let name: String
    /// Its kind and the kind's version, such as `law.fit/3`.
    package let kind: String
    /// The stages that it reads.
    package let reads: [String]
    /// The axes that it varies over.
    package let axes: [String]
    /// Those among them whose points only repeat others with another seed.
    package let replicates: [String]
    /// How many actions it has.
    package var actions = 0
    /// How many of them have a result.
    package var done = 0
    /// How many of them failed in the newest run.
    package var failed = 0
    /// What they took together when their results were made.
    package var seconds = 0.0

    /// Names a stage.
    package init(
        name: String, kind: String, reads: [String], axes: [String], replicates: [String]
    ) {
        self.name = name
        self.kind = kind
        self.reads = reads
        self.axes = axes
        self.replicates = replicates
    }

    /// As a record of a table.
    var record: JSON {
        [
            "stage": .string(name), "kind": .string(kind),
            "axes": .string(axes.joined(separator: ", ")), "actions": .number(Double(actions)),
            "done": .number(Double(done)), "failed": .number(Double(failed)),
            "seconds": .number((seconds * 1000).rounded() / 1000),
        ]
    }
}
