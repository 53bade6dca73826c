import BitlawProgram
import Canon
import Experiment
import Testing

/// Kinds that a package of others adds to those that ship.
@Suite struct AddedKindTests {
    /// The end of a message, from the names of the types of these tests on.
    private func mistake(_ stages: [any Stage.Type]) -> String {
        (AddedKinds.mistake(in: stages, beside: shippedKinds()) ?? "")
            .replacing("EndToEndTests.", with: "")
    }

    @Test func `kinds with names of their own are added, and found like those that ship`() {
        #expect(mistake([Coins.self]).isEmpty)
        let kinds = shippedKinds().adding(kinds: [Coins.self])
        #expect(kinds.kind("mylab.coins")?.summary == "Throws coins, and counts the heads.")
        #expect(kinds.kinds.count == shippedKinds().kinds.count + 1)
        #expect(kinds.services.find(ProgramServiceThatNobodyHas.self) == nil)
    }

    @Test func `a name that ships is refused, and so is one that is given twice`() {
        #expect(
            mistake([Coins.self, Taken.self]) == """
                the kind `law.fit` comes with Bitlaw, and Taken adds another
                  fix: give it a name of its own in its `kind`, such as `mylab.law.fit`
                """)
        #expect(
            mistake([Coins.self, Doubled.self]) == """
                two kinds are named `mylab.coins`: those of Coins and Doubled
                  fix: give each a name of its own in its `kind`
                """)
    }

    @Test func `a kind that no experiment file could use is refused before anything runs`() {
        #expect(
            mistake([Odd.self]) == """
                the kind of Odd: its name is `my lab`
                  expected: a letter, then letters, digits, `.`, `_`, `-`: mylab.walk
                """)
        let output = OutputPort("a", fileName: "a.json", "A.")
        func flaw(
            version: Int = 1, _ parameters: [Parameter] = [], outputs: [OutputPort]? = nil
        ) -> String? {
            let kind = Kind(
                name: "a.b", version: version, summary: "A.", source: "ours",
                parameters: parameters, outputs: outputs ?? [output])
            return kind.flaw.map { String($0.prefix { $0 != "\n" }) }
        }
        #expect(flaw() == nil)
        #expect(flaw(version: 0) == "its version is 0")
        #expect(flaw(outputs: []) == "it has no output")
        #expect(
            flaw(outputs: [OutputPort("a", fileName: "../a", "A.")])
                == "one of its files is named `../a`")
        #expect(flaw(outputs: [output, output]) == "two of its outputs are named `a`")
        let steps = Parameter("steps", .integer(1...9), default: 10, "How many.")
        #expect(flaw([steps]) == "the default of its parameter `steps` is 10")
    }
}

private struct ProgramServiceThatNobodyHas: Sendable {}

private func coins(_ name: String) -> Kind {
    Kind(
        name: name, version: 1, summary: "Throws coins, and counts the heads.", source: "ours",
        outputs: [OutputPort("heads", fileName: "heads.json", "How many.")], isRandom: true)
}

enum Coins: Stage {
    static let kind = coins("mylab.coins")
    static func run(_ context: StageContext) throws { try context.write("heads", "0") }
}

enum Doubled: Stage {
    static let kind = coins("mylab.coins")
    static func run(_ context: StageContext) throws { try context.write("heads", "1") }
}

enum Taken: Stage {
    static let kind = coins("law.fit")
    static func run(_ context: StageContext) throws { try context.write("heads", "2") }
}

enum Odd: Stage {
    static let kind = coins("my lab")
    static func run(_ context: StageContext) throws { try context.write("heads", "3") }
}
