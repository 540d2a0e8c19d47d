"""Answers that must satisfy a JSON schema: asked for in words where the API has no schema, checked always.

Source: JSON Schema, draft 2020-12, without the keywords of COSTLY and without references to elsewhere.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError, best_match
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from fastapi_service.core.errors import InvalidInput, SchemaBroken
from fastapi_service.providers.base import Answer, Message, Provider

SCHEMA_MAX_BYTES = 32_768
ANSWER_MAX_CHARS = 262_144  # above that the check would hold up all other streams
PROBLEM_MAX_CHARS = 300
SCHEMAS_KEPT = 64
# One answer could keep these busy for minutes; the others cost time in proportion to schema and answer.
COSTLY = frozenset({"pattern", "patternProperties", "uniqueItems"})
# These change what a reference means, or what a schema is checked against.
ELSEWHERE = frozenset({"$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$schema", "$vocabulary"})
FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)

ASK = (
    "Answer with one JSON document and nothing else: no explanation, no Markdown. "
    "It must satisfy this JSON schema:\n{schema}"
)
REPAIR = "That does not satisfy the schema: {problem}. Answer with the whole corrected JSON document and nothing else."


def schema_check(schema: dict[str, Any]) -> "SchemaCheck":
    """The check of a schema; Any: JSON. Raises: InvalidInput when it is none, or cannot be used here."""
    with _schema_faults():
        text = orjson.dumps(schema)
    if len(text) > SCHEMA_MAX_BYTES:
        raise _unusable(f"It is larger than {SCHEMA_MAX_BYTES // 1024} KiB.")
    return _checked_once(text)


@lru_cache(SCHEMAS_KEPT)
def _checked_once(text: bytes) -> "SchemaCheck":
    return SchemaCheck(text)


class SchemaCheck:
    """One schema, given as JSON text, checked once."""

    def __init__(self, text: bytes) -> None:
        """Raises: InvalidInput."""
        schema = orjson.loads(text)
        self._text = text.decode()
        with _schema_faults():
            Draft202012Validator.check_schema(schema)
            _check_keywords(schema)
        # The registry knows nothing, so that a $ref cannot make the worker fetch an address.
        self._validator = Draft202012Validator(schema, registry=Registry())

    def added(
        self, provider: Provider, *, broken: SchemaBroken | None
    ) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
        """What stands before and behind the prompt's messages for `provider`: the schema in words where its API has
        none, and the wish to mend `broken`."""
        before = () if provider.abilities.json_schema else (Message("system", ASK.format(schema=self._text)),)
        if broken is None:
            return before, ()
        said = Message("assistant", broken.answer)
        return before, (said, Message("user", REPAIR.format(problem=broken.problem)))

    def checked(self, answer: Answer, provider: Provider) -> Answer:
        """The answer with nothing around its JSON. Raises: SchemaBroken."""
        fenced = FENCED.match(answer.text[:ANSWER_MAX_CHARS])
        text = fenced[1] if fenced else answer.text.strip()
        problem = self._problem(text)
        if problem:
            raise SchemaBroken(
                f"{provider.label} did not keep to the form that was asked for. Please try again.",
                provider=provider.name,
                answer=answer.text[:ANSWER_MAX_CHARS],
                problem=problem,
            )
        return replace(answer, text=text)

    def _problem(self, text: str) -> str:
        if len(text) > ANSWER_MAX_CHARS:
            return f"it is longer than {ANSWER_MAX_CHARS} characters"
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            return f"it is not JSON ({error})"
        try:
            worst = best_match(self._validator.iter_errors(value))
        except RecursionError:
            return "it is nested too deeply"
        return f"at {worst.json_path}: {_short(worst)}" if worst else ""


def _short(error: ValidationError) -> str:
    message: str = error.message
    return message if len(message) <= PROBLEM_MAX_CHARS else f"it breaks the rule {error.validator}"


def _check_keywords(schema: Any) -> None:
    """Every keyword can be used, and every reference leads to a schema. Raises: InvalidInput, Unresolvable."""
    resolver = Registry().with_resource("", Resource.from_contents(schema, DRAFT202012)).resolver()
    for each in _subschemas(schema):
        if refused := sorted((COSTLY | ELSEWHERE) & each.keys()):
            raise _unusable(f"{refused[0]} cannot be used here.")
        if isinstance(each.get("$ref"), str):
            target = resolver.lookup(each["$ref"]).contents
            if not isinstance(target, dict | bool):
                raise _unusable("A $ref leads to something that is no schema.")
            Draft202012Validator.check_schema(target)


def _subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all in it, at any depth; Any: JSON."""
    if isinstance(schema, dict):
        yield schema
        for subschema in DRAFT202012.subresources_of(schema):
            yield from _subschemas(subschema)


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(f"`response_schema` is no JSON schema that can be used here. {why}", code="invalid_schema")


@contextmanager
def _schema_faults() -> Iterator[None]:
    """Whatever a library says of a schema that is none; its text is not repeated, and not logged."""
    try:
        yield
    except (SchemaError, Unresolvable, RecursionError, TypeError, ValueError, OverflowError, AttributeError, re.error):
        raise _unusable("It should be one of draft 2020-12.") from None
