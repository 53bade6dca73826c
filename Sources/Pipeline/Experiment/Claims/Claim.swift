package import Canon
import System

/// A statement about results: what is claimed, on what ground, and what in the results bears it.
///
/// Pages judge claims, `bitlaw claims` holds numbers of papers against outputs: one type, read from the same
/// files.
package struct Claim: Sendable {
    /// What stands behind a claim.
    package enum Basis: String, Sendable, CaseIterable {
        /// The work says so in its text.
        case paper
        /// The work's published code does so.
        case code
        /// It follows from mathematics.
        case theory
        /// We expect it; no source says so.
        case ours
    }

    /// Where the measured value comes from.
    package enum Measure: Sendable {
        /// A place in one output of one action; `nil` for the first output that the kind declares.
        case place(action: String, output: String?, Spot)
        /// An expression over results.
        case expression(ClaimText)
    }

    /// Where in an output it stands.
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

    /// What has to come out.
    package enum Expectation: Sendable {
        /// A number, as it is printed; `tolerance` is `nil` where the measured one has to round to it.
        case number(WrittenNumber, tolerance: Double?)
        /// A word, such as a verdict.
        case text(String)
        /// A figure: the digest of its bytes.
        case figure(Digest)
        /// A number between two bounds, each as it is printed; `nil` for none.
        case window(low: WrittenNumber?, high: WrittenNumber?)
        /// A condition over results.
        case condition(ClaimText)
    }

    /// The name: letters, digits, `-`, `_`; LaTeX macros are named by it.
    package let name: String
    /// What is claimed.
    package let statement: String
    /// How it is tested, in words.
    package let test: String
    /// What stands behind it; `nil` where the file does not say.
    package let basis: Basis?
    /// Where: a paper and its section, code and its commit.
    package let source: String
    /// Where the measured value comes from; `nil` where a condition says it all.
    package let measure: Measure?
    /// What the measured number is multiplied by before it is compared, such as 100 for percent.
    package let scale: Double
    /// What has to come out; `nil` for what is told and not judged.
    package let expectation: Expectation?
    /// When it is judged; `nil` for always.
    package let judged: ClaimText?
    /// Whether it is known not to hold: pages judge it all the same, `bitlaw claims check` expects so.
    package let isKnownToFail: Bool
    /// What was measured, in words with `${…}`; `nil` for the measured value alone.
    package let shows: ClaimText?
    /// The line of the claims file.
    package let line: Int

    /// What is claimed, as it is printed.
    package var printed: String {
        switch expectation {
        case .number(let number, _): number.text
        case .text(let text): text
        case .figure(let digest): digest.hex
        case .window(let low?, let high?): "\(low.text) to \(high.text)"
        case .window(let low?, nil): "at least \(low.text)"
        case .window(nil, let high?): "at most \(high.text)"
        case .window(nil, nil), nil: "no number"
        case .condition(let condition): test.isEmpty ? condition.text : test
        }
    }

    /// The action that a claim about one place names.
    package var action: String? {
        if case .place(let action, _, _) = measure { return action }
        return nil
    }

    /// The output that a claim about one place names.
    package var output: String? {
        if case .place(_, let output, _) = measure { return output }
        return nil
    }
}

/// An expression, condition or text with `${…}` of a claims file, and where it stands there.
package struct ClaimText: Sendable {
    /// As it was written.
    package let text: String
    /// The line of the file.
    package let line: Int

    /// Names a text.
    package init(_ text: String, line: Int) {
        self.text = text
        self.line = line
    }
}

/// Why a claim has no value.
package struct ClaimFailure: Error, Equatable, CustomStringConvertible {
    /// What was expected and found.
    package let reason: String

    /// Names a reason.
    package init(reason: String) { self.reason = reason }

    /// The reason.
    package var description: String { reason }
}
