/// A stage whose kind is known.
package struct ResolvedStage: Sendable {
    /// The name in the file.
    package let name: String
    /// What it does.
    package let kind: Kind
    /// The axes it varies over, in the order of `over`.
    package let axes: [String]
    /// Where it stands in the file, counted from 1.
    package let line: Int
    /// How its actions are executed.
    package let rules: StageRules
    /// Where the file says `freeze: true`; `nil` where the stage is not frozen.
    package let freeze: Place?

    /// Names a resolved stage.
    package init(
        name: String, kind: Kind, axes: [String], line: Int,
        rules: StageRules = StageRules(), freeze: Place? = nil
    ) {
        self.name = name
        self.kind = kind
        self.axes = axes
        self.line = line
        self.rules = rules
        self.freeze = freeze
    }
}
