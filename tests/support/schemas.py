"""The JSON Schemas of docs/schemas as validators; one may refer to another by its $id."""

import json

import jsonschema

from imnorm_test import SOURCE

FOLDER = SOURCE / "docs/schemas"


def schema_files():
    """Name ("manifest") -> schema."""
    return {
        path.name.split("-1.")[0].removeprefix("imnorm."): json.loads(path.read_text())
        for path in sorted(FOLDER.glob("*.schema.json"))
    }


def whole(name):
    """A schema with those that it refers to inside, which any validator takes."""
    text = (FOLDER / f"imnorm.{name}-1.schema.json").read_text()
    schema = json.loads(text)
    for other in schema_files():
        reference = f'"urn:imnorm:{other}:1"'
        if other == name or f'"$ref": {reference}' not in text:
            continue
        inner = (FOLDER / f"imnorm.{other}-1.schema.json").read_text()
        inner = json.loads(inner.replace('"#/$defs/', f'"#/$defs/{other}/$defs/'))
        del inner["$id"], inner["$schema"]
        schema = json.loads(json.dumps(schema).replace(reference, f'"#/$defs/{other}"'))
        schema["$defs"][other] = inner
    return schema


def faults(name, document):
    """What of a document the schema does not allow, each with its place."""
    found = []
    for error in jsonschema.Draft202012Validator(whole(name)).iter_errors(document):
        deepest = [error, *error.context]
        found += [f"{list(e.absolute_path)}: {e.message[:300]}" for e in deepest]
    return found
