package import Canon

/// What a stage promises of the bits of its outputs: the same ones each time, where it says nothing else.
package struct BitPromise: Sendable, Equatable {
    /// Whether equal keys give equal bits; not so where the stage says `deterministic: false`.
    package var isDeterministic = true
    /// How far the numbers of an output may be apart, by the output's name: what `compare` says.
    package var tolerances: [String: Tolerance] = [:]

    /// Promises equal bits.
    package init() {}

    /// What is not promised, for people, one line each; nothing where every bit is.
    package var lines: [String] {
        (isDeterministic ? [] : ["may differ each time, its stage says (deterministic: false)"])
            + tolerances.keys.sorted().map { name in
                "`\(name)` may differ by \(tolerances[name]?.text ?? "") (compare)"
            }
    }

    /// What it promises, for programs.
    package var json: JSON {
        [
            "deterministic": .bool(isDeterministic),
            "compare": .object(tolerances.mapValues { $0.json }),
        ]
    }

    /// Whether an output may have other bits than before.
    package func mayDiffer(_ output: String) -> Bool {
        !isDeterministic || tolerances[output] != nil
    }

    /// Whether an output may have any other bits: nothing says how far it may be from what it was.
    package func isFree(_ output: String) -> Bool {
        !isDeterministic && tolerances[output] == nil
    }
}
