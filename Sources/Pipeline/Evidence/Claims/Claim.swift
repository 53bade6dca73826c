package import Canon
import System

/// A number, word or figure of a paper, and the output that it comes from.
package struct Claim: Sendable {
    /// What is claimed.
    package enum Value: Sendable {
        /// A number, as it is printed.
        case number(WrittenNumber)
        /// A word, such as a verdict.
        case text(String)
        /// A figure: the digest of its bytes.
        case figure(Digest)
    }

    /// Where in the output it stands.
    package enum Spot: Sendable {
        /// The output as a whole: figures.
        case whole
        /// A value of a JSON document, by path.
        case path(JSONPath)
        /// A cell of a CSV table: of the only row whose columns have these values.
        case cell(row: [String: JSON], column: String)
        /// How many rows of a CSV table have these values, and something in the column.
        case count(row: [String: JSON], column: String)
    }

    /// The name: letters, digits, `-`, `_`; LaTeX macros are named by it.
    package let name: String
    /// What the paper says.
    package let statement: String
    /// The action.
    package let action: String
    /// The output; `nil` for the first one that the kind declares.
    package let output: String?
    /// Where it stands there.
    package let spot: Spot
    /// What the output's number is multiplied by before it is compared, such as 100 for percent.
    package let scale: Double
    /// What is claimed.
    package let value: Value
    /// How far the number may be away; `nil` where it has to round to the written one.
    package let tolerance: Double?
    /// The line of the claims file.
    package let line: Int

    /// What is claimed, as it is printed.
    package var printed: String {
        switch value {
        case .number(let number): number.text
        case .text(let text): text
        case .figure(let digest): digest.hex
        }
    }
}

/// Why a claim has no value.
package struct ClaimFailure: Error, Equatable {
    /// What was expected and found.
    package let reason: String

    /// Names a reason.
    package init(reason: String) { self.reason = reason }
}
