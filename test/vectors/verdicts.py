#!/usr/bin/python3
"""What the independent reader of test/python says of vectors.

Reads a JSON list of {"file": BASE64, "credentials": {NAME: BASE64}} from standard input, and prints a JSON list of
"ok" or the code of the broken rule. The names are those of the reader's arguments, without "-file".
"""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))

import reader  # noqa: E402  (found by the line above)

PARSE = {
    "password": reader.parse_password,
    "key": reader.parse_key_file,
    "recovery": lambda text: reader.parse_code(text, "PMR1", reader.LABELS[4]),
    "token": reader.parse_token,
    "secret": lambda text: reader.parse_code(text, "PMS1", reader.LABELS[6]),
}


def verdict(case: dict) -> str:
    given = {name: PARSE[name](base64.b64decode(text)) for name, text in case["credentials"].items()}
    try:
        reader.read_vault(base64.b64decode(case["file"]), reader.Credentials(*map(given.get, PARSE)))
    except reader.FormatError as error:
        return str(error)
    return "ok"


print(json.dumps([verdict(case) for case in json.load(sys.stdin)]))
