import Canon
import Experiment

/// What a person says of a file's form; the rest is seen from its bytes.
struct ReadingManner {
    /// What a file can be.
    enum Format: String, CaseIterable {
        /// Whatever its first bytes say.
        case auto
        /// Lines of fields.
        case csv
        /// JSON of any shape, or JSON lines.
        case json
        /// The same.
        case jsonl
        /// TensorBoard's events, a row for each value.
        case events
        /// TensorBoard's events, a row for each step and a column for each tag.
        case eventSteps = "events-by-step"
        /// A metric's file of MLflow.
        case mlflow
    }

    var format = Format.auto
    /// What stands between fields; seen from the header where it is `nil`.
    var delimiter: Delimiter?
    var numbers = NumberStyle.point
    /// How a line begins that is no row; empty where each is one.
    var comment: [UInt8] = []
    /// Whether fields stay texts, for a schema that knows their types.
    var keepsTexts = false

    /// The parameters of a kind that reads one file.
    static let parameters = [
        Parameter(
            "format", .choice(Format.allCases.map { $0.rawValue }), default: "auto",
            """
            The file's format. auto sees it from the bytes; csv is lines of fields, json and jsonl are JSON \
            of any shape, events are TensorBoard's (a row for each value: step, wall_time, tag, value), \
            events-by-step have a column for each tag, mlflow is one metric's file.
            """),
        Parameter(
            "delimiter", .choice(["auto"] + Delimiter.allCases.map { $0.rawValue }),
            default: "auto",
            "What stands between fields of a line; auto sees it from the header and says so."),
        Parameter(
            "decimal", .choice([".", ","]), default: ".",
            "The decimal mark of numbers in lines of fields."),
        Parameter(
            "comment", .text, default: "",
            "Lines that begin with this are left out, such as #; none is where it is empty."),
    ]

    /// Takes all from the bytes.
    init() {}

    /// Reads the parameters.
    init(_ parameters: Parameters) {
        format = Format(rawValue: parameters.text("format")) ?? .auto
        delimiter = Delimiter(rawValue: parameters.text("delimiter"))
        numbers = parameters.text("decimal") == "," ? .comma : .point
        comment = Array(parameters.text("comment").utf8)
        keepsTexts = true
    }
}
