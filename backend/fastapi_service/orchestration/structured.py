"""Answers that must satisfy a JSON schema: asked for in words where the API has no schema, checked always.

Source: JSON Schema, draft 2020-12.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError, best_match
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from fastapi_service.core.errors import InvalidInput, SchemaBroken
from fastapi_service.providers.base import Answer, Message, Prompt, Provider

SCHEMA_MAX_BYTES = 65_536
PROBLEM_MAX_CHARS = 300
FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)

ASK = (
    "Answer with one JSON document and nothing else: no explanation, no Markdown. "
    "It must satisfy this JSON schema:\n{schema}"
)
REPAIR = "That does not satisfy the schema: {problem}. Answer with the whole corrected JSON document and nothing else."


class SchemaCheck:
    """One schema, checked once. Raises: InvalidInput when it is none."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._text = _dumped(schema)
        with _schema_faults():
            Draft202012Validator.check_schema(schema)
            resolver = Registry().with_resource("", DRAFT202012.create_resource(schema)).resolver()
            for reference in _references(schema):
                resolver.lookup(reference)
        # The registry knows nothing, so that a $ref cannot make the worker fetch an address.
        self._validator = Draft202012Validator(schema, registry=Registry())

    def asked(self, prompt: Prompt, provider: Provider, *, broken: SchemaBroken | None) -> Prompt:
        """The prompt for `provider`: with the schema in words where its API has none, or to repair `broken`."""
        messages = prompt.messages
        if not provider.abilities.json_schema:
            messages = (Message("system", ASK.format(schema=self._text)), *messages)
        if broken:
            said = Message("assistant", broken.answer)
            messages = (*messages, said, Message("user", REPAIR.format(problem=broken.problem)))
        return replace(prompt, messages=messages)

    def checked(self, answer: Answer, provider: Provider) -> Answer:
        """The answer with nothing around its JSON. Raises: SchemaBroken."""
        fenced = FENCED.match(answer.text)
        text = fenced[1] if fenced else answer.text.strip()
        problem = self._problem(text)
        if problem:
            raise SchemaBroken(
                f"{provider.label} did not keep to the form that was asked for. Please try again.",
                provider=provider.name,
                answer=answer.text,
                problem=problem,
            )
        return replace(answer, text=text)

    def _problem(self, text: str) -> str:
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


def _dumped(schema: Mapping[str, Any]) -> str:
    text = orjson.dumps(schema)
    if len(text) > SCHEMA_MAX_BYTES:
        raise InvalidInput(f"The schema is larger than {SCHEMA_MAX_BYTES // 1024} KiB.", code="invalid_schema")
    return text.decode()


def _references(schema: Any) -> Iterator[str]:
    """All that `$ref` names, at any depth; Any: JSON."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


@contextmanager
def _schema_faults() -> Iterator[None]:
    try:
        yield
    except (SchemaError, Unresolvable, RecursionError, re.error) as error:
        raise InvalidInput("`response_schema` is no JSON schema (draft 2020-12).", code="invalid_schema") from error
