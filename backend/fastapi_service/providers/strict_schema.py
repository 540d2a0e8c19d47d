"""Whether a JSON schema fits OpenAI's strict mode, which refuses a request whose schema does not.

Source: OpenAI API documentation, "Structured outputs", section "Supported schemas".
"""

from collections.abc import Iterator, Mapping
from typing import Any

UNSUPPORTED = frozenset(
    {
        *("allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas"),
        *("patternProperties", "propertyNames", "unevaluatedProperties", "prefixItems", "contains", "uniqueItems"),
    }
)


def fits_strict_mode(schema: Mapping[str, Any]) -> bool:  # Any: a JSON schema
    """True where the root is an object, and each object names all its properties, requires them and allows no more."""
    return schema.get("type") == "object" and "anyOf" not in schema and all(map(_is_closed, _subschemas(schema)))


def _is_closed(schema: object) -> bool:
    if not isinstance(schema, dict) or UNSUPPORTED & schema.keys():
        return False
    kind = schema.get("type")
    if kind == "object" or "properties" in schema or (isinstance(kind, list) and "object" in kind):
        names = set(schema.get("properties") or ())
        return schema.get("additionalProperties") is False and names == set(schema.get("required") or ())
    return bool({"type", "$ref", "anyOf", "enum", "const"} & schema.keys())


def _subschemas(schema: object) -> Iterator[object]:
    """The schema and all that stand in it where a schema can stand."""
    yield schema
    if not isinstance(schema, dict):
        return
    for name in ("properties", "$defs", "definitions"):
        if isinstance(schema.get(name), dict):
            for each in schema[name].values():
                yield from _subschemas(each)
    for each in schema.get("anyOf") or ():
        yield from _subschemas(each)
    if "items" in schema:
        yield from _subschemas(schema["items"])
