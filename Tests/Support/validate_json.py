#!/usr/bin/env python3
"""validate_json.py FILE: checks documents against their schemas, by the package jsonschema.

Each line of the file is an object of `of` (what was run), `schema` and `document`. Exit code 1 where a document is
not as its schema says, or a schema is none.
"""
import json
import sys

from jsonschema import Draft202012Validator

problems = 0
with open(sys.argv[1]) as lines:
    for line in lines:
        one = json.loads(line)
        Draft202012Validator.check_schema(one["schema"])
        for error in Draft202012Validator(one["schema"]).iter_errors(one["document"]):
            problems += 1
            print(f"{one['of']}: {list(error.path)}: {error.message[:400]}")
sys.exit(1 if problems else 0)
