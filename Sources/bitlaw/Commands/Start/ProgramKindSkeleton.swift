import Experiment

/// The first files of a kind that a program of the project makes: they run as they are.
struct ProgramKindSkeleton {
    /// The kind's name, such as `ridge`.
    let name: String

    /// Takes the name of a kind.
    init(_ name: String) throws {
        guard KindFile.name(ofPath: KindFile.path(of: name)) == name, !name.hasSuffix(".yaml")
        else {
            throw UsageError(
                text: "`\(name)` is no name for a kind\n  expected: letters, digits, `.`, `_`, `-`")
        }
        self.name = name
    }

    /// The files by their paths below the project.
    var files: [(path: String, text: String)] {
        [(KindFile.path(of: name), description), (program, code)]
    }

    private var program: String { "\(KindFile.folder)/\(name).py" }

    private var description: String {
        """
        version: 1                       # raise it where one key would give other bits
        summary: Sums one column of a table.
        source: our own
        parameters:
          column: {type: text, default: y, summary: The column that is summed.}
          scale: {type: number, from: 0, default: 1, summary: What the sum is multiplied by.}
        inputs:
          data: {summary: "A table, CSV with a line of names."}
        outputs: {sum: sum.json}
        run: [python3, \(program), "${inputs.data}", "${column}", "${scale}", "${outputs.sum}"]
        files: [\(program)]

        # The example: stages as an experiment has them. `bitlaw run \(KindFile.path(of: name))` runs it, and
        # `bitlaw kinds --golden --record` pins its bits.
        example:
          table: {kind: command, params: {run: [printf, 'x,y\\n1,0.5\\n2,0.25\\n']}}
          \(stage):
            kind: \(name)
            inputs: {data: table}
            params: {scale: 4}

        """
    }

    /// The name of its stage in the example, where no dot can stand.
    private var stage: String {
        let plain = name.replacing(".", with: "_")
        return plain.first?.isLetter == true && plain != "table" ? plain : "of_\(plain)"
    }

    private var code: String {
        """
        import csv, json, sys

        data, column, scale, place = sys.argv[1:]
        with open(data, newline="") as file:
            total = sum(float(row[column]) for row in csv.DictReader(file))
        with open(place, "w") as file:
            json.dump({"sum": float(scale) * total}, file)

        """
    }

    /// What is next, for people.
    var next: String {
        """

        next:
          bitlaw kinds \(name)                       # what it takes and gives
          bitlaw run \(KindFile.path(of: name))            # its example
          bitlaw kinds \(name) --golden --record     # pins its bits; then, each time: bitlaw kinds --golden

        """
    }
}
