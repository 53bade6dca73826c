package import Canon

/// The JSON Schema (draft 7, which editors know) of experiment files.
package enum ExperimentSchema {
    /// The schema with the parameters, inputs and outputs of every kind.
    package static func json(_ all: [Kind]) -> JSON {
        let kinds = all.filter { !$0.isDownload }
        var stage: [String: JSON] = [
            "kind": described(
                ["enum": .array(kinds.map { .string($0.name) })],
                "What the stage does; bitlaw kinds lists the kinds."),
            "over": described(
                ["type": "array", "items": ["type": "string"], "default": []],
                "The axes that the stage varies over; without any it is one action."),
            "inputs": inputs,
            "params": described(["type": "object"], "The parameters of the kind, by name."),
            "when": described(
                ["type": "string"], "An expression; only the actions where it is true exist."),
            "stream": described(
                ["type": "string"],
                "The name that the seed derives from; the name of the stage unless told otherwise."),
        ]
        stage.merge(rules) { first, _ in first }
        stage.merge(BitRulesSchema.members) { first, _ in first }
        stage["freeze"] = freeze
        var stageSchema = object(stage, required: ["kind"]).members ?? [:]
        stageSchema["allOf"] = .array(kinds.map(condition))
        return [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Bitlaw experiment", "type": "object", "additionalProperties": false,
            "required": ["experiment", "seed", "stages"],
            "properties": properties(.object(stageSchema)),
        ]
    }

    /// The members of a file, whose stages are of a schema.
    private static func properties(_ stage: JSON) -> JSON {
        [
            "experiment": described(
                ["type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$"],
                "The name of the experiment: letters, digits, dot, low line, hyphen."),
            "description": described(
                ["type": "string"], "What the experiment is for, in words; it is in no key."),
            "include": described(
                ["anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]],
                "Files whose constants, axes and stages stand before this file's own."),
            "seed": described(
                orExpression(["type": "integer", "minimum": 0]),
                "The number that every random number of the experiment derives from."),
            "constants": described(
                ["type": "object"],
                "Values by name, for expressions; one may use the constants above it."),
            "axes": described(
                ["type": "object", "additionalProperties": axis],
                "Lists of values by name, which stages vary over."),
            "stages": described(
                ["type": "object", "minProperties": 1, "additionalProperties": stage],
                "The stages by name, in any order."),
        ]
    }

    /// The ways to write an axis.
    private static var axis: JSON {
        let number = orExpression(["type": "number"])
        let count = described(
            orExpression(["type": "integer", "minimum": 1]), "How many values the axis has.")
        let truth = described(orExpression(["type": "boolean"]), default: false)
        let isReplicate = described(
            truth, "Whether the axis is one of replicates: only those change a stage's seed.")
        let scale = described(
            ["enum": ["linear", "log"], "default": "linear"],
            "Whether the points have equal distances, or equal ratios.")
        let (from, to) = (
            described(number, "The first value."), described(number, "The last value.")
        )
        let list: JSON = ["type": "array", "minItems": 1]
        return [
            "anyOf": [
                list, expression,
                object(
                    ["count": count, "replicate": described(isReplicate, default: true)],
                    required: ["count"]),
                object(
                    [
                        "values": described(["anyOf": [list, expression]], "The values."),
                        "replicate": isReplicate,
                    ],
                    required: ["values"]),
                object(
                    [
                        "from": from, "to": to,
                        "step": described(number, "How far a value is from the one before."),
                        "replicate": isReplicate,
                    ],
                    required: ["from", "to", "step"]),
                object(
                    [
                        "from": from, "to": to, "points": count,
                        "scale": scale,
                        "round": described(truth, "Whether the points become whole numbers."),
                        "replicate": isReplicate,
                    ], required: ["from", "to", "points"]),
                [
                    "type": "object", "required": ["choose"], "minProperties": 2,
                    "properties": ["choose": ["type": "string"]],
                    "description": "The case that the constant `choose` names.",
                ],
            ]
        ]
    }

    /// A text with an expression in it.
    private static let expression: JSON = ["type": "string", "pattern": "\\$\\{"]

    private static func orExpression(_ schema: JSON) -> JSON { ["anyOf": [schema, expression]] }

    private static func described(_ schema: JSON, _ text: String) -> JSON {
        .object(
            (schema.members ?? [:]).merging(["description": .string(text)]) { _, last in last })
    }

    private static func described(_ schema: JSON, default value: JSON) -> JSON {
        .object((schema.members ?? [:]).merging(["default": value]) { _, last in last })
    }

    private static func condition(_ kind: Kind) -> JSON {
        var parameters: [String: JSON] = [:]
        for parameter in kind.parameters {
            var schema: [String: JSON] = [
                "anyOf": [type(parameter.type), expression],
                "description": .string(parameter.summary),
            ]
            schema["default"] = parameter.defaultValue
            parameters[parameter.name] = .object(schema)
        }
        var inputs: [String: JSON] = [:]
        for port in kind.givenInputs {
            inputs[port.name] = ["description": .string(port.summary)]
        }
        let then: JSON = [
            "properties": [
                "params": object(
                    parameters,
                    required: kind.parameters.filter { $0.defaultValue == nil }.map { $0.name }),
                "inputs": kind.isOpen
                    ? ["type": "object"]
                    : object(
                        inputs,
                        required: kind.givenInputs.filter { !$0.isOptional }.map { $0.name }),
            ]
        ]
        return [
            "if": ["properties": ["kind": ["const": .string(kind.name)]]], "then": then,
        ]
    }

    private static let inputs: JSON = [
        "type": "object",
        "description": """
        For each input: STAGE, STAGE/OUTPUT, file:PATH or {url, sha256}. With \
        {stage: STAGE, partial: true} a collector goes on without what gave no result.
        """,
    ]

    private static let freeze: JSON = [
        "type": "boolean", "default": false,
        "description": "Take the outputs that the lock file names; nothing is executed.",
    ]

    /// How the actions of a stage are executed; none of it is in a key.
    private static let rules: [String: JSON] = [
        "limits": described(limits, "What one attempt and all of its processes may use."),
        "retry": described(retry, "How often an action is tried again, and after which ends."),
        "grace": described(
            ["type": ["number", "string"], "default": "10s"],
            "How long a program has to end by itself, once it was asked to."
        ),
        "checkpoints": described(
            ["type": "string"],
            "A folder of the work folder that is kept between attempts, such as ckpt/."),
    ]

    private static let limits: JSON = object(
        [
            "time": described(
                ["type": ["number", "string"]], "Seconds, or a text such as 90s, 10m, 2h, 1d."),
            "memory": described(
                ["type": ["number", "string"]], "Bytes, or a text such as 500MB, 2GB, 1GiB."),
            "cpus": described(
                described(
                    orExpression(["type": "integer", "minimum": 1, "maximum": 4096]), default: 1),
                "How many processors it uses: it counts as so many of --jobs."),
            "gpus": described(
                orExpression(["type": "integer", "minimum": 0, "maximum": 64]),
                "How many GPUs it is given."),
            "log": described(
                ["type": ["number", "string"], "default": "16MiB"],
                "The most bytes of the log: of a longer one its beginning and its end stay."
            ),
        ], required: [])

    private static let retry: JSON = object(
        [
            "times": described(
                orExpression(["type": "integer", "minimum": 1, "maximum": 100]),
                "How many further attempts."),
            "on": [
                "type": "array", "minItems": 1, "items": ["type": "string"],
                "description": """
                The ends that are worth another attempt: memory, time, signal (any), signal 9, exit 75.
                """,
            ],
            "memory": described(
                ["type": ["number", "string"]],
                "How much more memory each further attempt may use than the one before, such as 2x."
            ),
        ], required: ["times", "on"])

    private static func object(_ properties: [String: JSON], required: [String]) -> JSON {
        var schema: [String: JSON] = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        return .object(schema)
    }

    private static func type(_ type: ParameterType) -> JSON {
        switch type {
        case .integer(let range):
            return [
                "type": "integer", "minimum": .number(Double(range.lowerBound)),
                "maximum": .number(Double(range.upperBound)),
            ]
        case .number(let from, let to, let openLow, let openHigh):
            var schema: [String: JSON] = ["type": "number"]
            if from.isFinite { schema[openLow ? "exclusiveMinimum" : "minimum"] = .number(from) }
            if to.isFinite { schema[openHigh ? "exclusiveMaximum" : "maximum"] = .number(to) }
            return .object(schema)
        case .boolean: return ["type": "boolean"]
        // A plain number or truth value is the text that was written.
        case .text: return ["type": ["string", "number", "boolean"]]
        case .choice(let names): return ["enum": .array(names.map { .string($0) })]
        case .choiceOrText(let names, _):
            return ["anyOf": [["enum": .array(names.map { .string($0) })], ["type": "string"]]]
        case .list(let element, let count):
            var schema: [String: JSON] = [
                "type": "array", "items": self.type(element),
                "minItems": .number(Double(count.lowerBound)),
            ]
            if count.upperBound < .max { schema["maxItems"] = .number(Double(count.upperBound)) }
            return .object(schema)
        case .optional(let inner): return ["anyOf": [self.type(inner), ["type": "null"]]]
        case .words:
            return [
                "anyOf": [
                    ["type": "string"],
                    ["type": "array", "minItems": 1, "maxItems": 1000, "items": self.type(.text)],
                ]
            ]
        case .environment: return ["type": "object", "additionalProperties": self.type(.text)]
        case .any: return [:]
        }
    }
}
