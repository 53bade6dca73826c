import Canon

/// The schema of what a stage says of its bits.
enum BitRulesSchema {
    /// The members of a stage.
    static let members: [String: JSON] = [
        "deterministic": [
            "type": "boolean", "default": true,
            "description": "false: the bits of its outputs may differ each time.",
        ],
        "compare": [
            "type": "object", "minProperties": 1, "additionalProperties": tolerance,
            "description": "By output: how far its numbers may be apart in an audit.",
        ],
        "check": [
            "anyOf": [check, ["type": "array", "items": check]],
            "description": """
            twice: each new action is executed two times, and published only where the bits agree. \
            resume: it is killed once, goes on from its checkpoint, and has to give the same bits.
            """,
        ],
    ]

    private static let tolerance: JSON = [
        "type": "object", "additionalProperties": false, "minProperties": 1,
        "properties": [
            "rtol": bound("The largest relative error; one of the two bounds suffices."),
            "atol": bound("The largest absolute error."),
        ],
    ]

    private static func bound(_ text: String) -> JSON {
        [
            "description": .string(text),
            "anyOf": [
                ["type": "number", "minimum": 0], ["type": "string", "pattern": "\\$\\{"],
            ],
        ]
    }

    private static let check: JSON = [
        "enum": .array(ResultCheck.allCases.map { .string($0.rawValue) })
    ]
}
