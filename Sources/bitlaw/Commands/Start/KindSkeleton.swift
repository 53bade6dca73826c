/// The first files of a new kind: they compile, pass their test, and do next to nothing.
struct KindSkeleton {
    /// The kind's name, such as `law.slope`.
    let name: String
    /// The type's name, such as `LawSlopeStage`.
    let type: String

    /// Takes the name of a kind: two or more words of small letters and digits with dots between them.
    init(_ name: String) throws {
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName =
            words.count >= 2
            && words.allSatisfy { word in
                word.first.map { "a"..."z" ~= $0 } ?? false
                    && word.allSatisfy { "a"..."z" ~= $0 || "0"..."9" ~= $0 || $0 == "-" }
            }
        guard isName else {
            throw UsageError(
                text:
                    "`\(name)` is no name for a kind\n"
                    + "  expected: small letters with a dot, such as law.slope; for a program of your own "
                    + "project add --program"
            )
        }
        self.name = name
        let parts = name.split { $0 == "." || $0 == "-" }
        type = parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Stage"
    }

    /// The stage.
    var stage: String {
        """
        import Canon
        package import Experiment

        /// Counts the bytes of its input: write here what the kind does.
        package enum \(type): Stage {
            /// The contract.
            package static let kind = Kind(
                name: "\(name)", version: 1,
                summary: "Counts the bytes of its input.",
                source: "our own",
                parameters: [
                    Parameter("unit", .integer(1...1_000_000), default: 1, "Bytes that count as one.")
                ],
                inputs: [InputPort("data", "any file")],
                outputs: [OutputPort("count", fileName: "count.json", "How many there are.")])

            /// Makes the output.
            package static func run(_ context: StageContext) throws {
                let bytes = try context.input("data").bytes()
                context.log("\\(bytes.count) bytes")
                let count = bytes.count / context.parameters.integer("unit")
                try context.write("count", JSON.object(["count": .number(Double(count))]).canonicalText)
            }
        }

        """
    }

    /// Its test.
    func test(_ subject: String) -> String {
        """
        import Canon
        import Experiment
        import \(subject)
        import Testing

        @Suite struct \(type)Tests {
            @Test func `the count is that of the bytes, in the unit that was asked for`() throws {
                let result = try run(\(type).self, ["unit": 2], ["data": [given("abcdef")]])
                #expect(try result.json("count")["count"] == 3)
            }
        }

        """
    }

    /// What else a kind needs, for people.
    func next(_ subject: String) -> String {
        """

        next:
          1. add `\(type).self,` to the list in Sources/Stages/\(subject)/\(subject)Kinds.swift
          2. write what the kind does; raise its `version` whenever the same key would give other bits
          3. swift test --filter \(type)Tests
          4. add a tiny action of it to a file in Tests/Golden, then pin its bits: make golden
          5. add a stage of it to Sources/bitlaw/Templates/kinds.yaml, the example of `bitlaw kinds \(name)`
          6. one line in CHANGELOG.md, with its mark
        CONTRIBUTING.md tells how to debug one action.

        """
    }
}
