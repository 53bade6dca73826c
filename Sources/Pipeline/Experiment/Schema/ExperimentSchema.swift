package import Canon

/// The JSON Schema (draft 7, which editors know) of experiment files.
package enum ExperimentSchema {
    /// The schema with the parameters, inputs and outputs of every kind.
    package static func json(_ all: [Kind]) -> JSON {
        let kinds = all.filter { !$0.isDownload }
        var stage: [String: JSON] = [
            "kind": ["enum": .array(kinds.map { .string($0.name) })],
            "over": ["type": "array", "items": ["type": "string"]],
            "inputs": inputs, "params": ["type": "object"],
            "when": ["type": "string", "description": "An expression; only these actions exist."],
            "stream": ["type": "string", "description": "The name that the seed derives from."],
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
            "properties": [
                "experiment": ["type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$"],
                "description": ["type": "string"],
                "include": [
                    "anyOf": [
                        ["type": "string"], ["type": "array", "items": ["type": "string"]],
                    ],
                    "description":
                        "Files whose constants, axes and stages stand before this file's own.",
                ],
                "seed": orExpression(["type": "integer", "minimum": 0]),
                "constants": ["type": "object"],
                "axes": ["type": "object", "additionalProperties": axis],
                "stages": [
                    "type": "object", "minProperties": 1,
                    "additionalProperties": .object(stageSchema),
                ],
            ],
        ]
    }

    /// The ways to write an axis.
    private static var axis: JSON {
        let number = orExpression(["type": "number"])
        let count = orExpression(["type": "integer", "minimum": 1])
        let truth = orExpression(["type": "boolean"])
        let list: JSON = ["type": "array", "minItems": 1]
        return [
            "anyOf": [
                list, expression,
                object(["count": count, "replicate": truth], required: ["count"]),
                object(
                    ["values": ["anyOf": [list, expression]], "replicate": truth],
                    required: ["values"]),
                object(
                    ["from": number, "to": number, "step": number, "replicate": truth],
                    required: ["from", "to", "step"]),
                object(
                    [
                        "from": number, "to": number, "points": count,
                        "scale": ["enum": ["linear", "log"]], "round": truth, "replicate": truth,
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
            (schema.members ?? [:]).merging(["description": .string(text)]) { first, _ in first })
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
        "type": "boolean",
        "description": "Take the outputs that the lock file names; nothing is executed.",
    ]

    /// How the actions of a stage are executed; none of it is in a key.
    private static let rules: [String: JSON] = [
        "limits": limits, "retry": retry,
        "grace": described(
            ["type": ["number", "string"]],
            "How long a program has to end by itself, once it was asked to: 10s unless told otherwise."
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
                orExpression(["type": "integer", "minimum": 1, "maximum": 4096]),
                "How many processors it uses: it counts as so many of --jobs."),
            "gpus": described(
                orExpression(["type": "integer", "minimum": 0, "maximum": 64]),
                "How many GPUs it is given."),
            "log": described(
                ["type": ["number", "string"]],
                "The most bytes of the log, 16MiB unless told otherwise: its beginning and its end stay."
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
