"""Answers to a schema: whatever a model says, only what satisfies it leaves."""

from collections.abc import Sequence
from typing import Any

import pytest

from fastapi_service.core.errors import InvalidInput, SchemaBroken
from fastapi_service.orchestration.events import Attempt
from fastapi_service.orchestration.fitting import tokens_of
from fastapi_service.orchestration.structured import ANSWER_MAX_CHARS, SCHEMA_MAX_BYTES, schema_check
from fastapi_service.providers.base import Abilities, Answer, Message, Prompt, TextDelta
from fastapi_service.tests.orchestration.scripted import END, Collected, Scripted, Step, chain_of
from fastapi_service.tests.orchestration.virtual_time import run_virtually

SCHEMA = {
    "type": "object",
    "properties": {"number": {"type": "integer"}},
    "required": ["number"],
    "additionalProperties": False,
}
PROMPT = Prompt((Message("user", "How many?"),), response_schema=SCHEMA)
GOOD = '{"number": 7}'
NATIVE, IN_WORDS = Abilities(json_schema=True), Abilities(json_schema=False)


def saying(*answers: str, name: str = "a", abilities: Abilities = NATIVE) -> Scripted:
    scripts: list[list[Step]] = [[TextDelta(answer), END] for answer in answers]
    return Scripted(*scripts[0], then=scripts[1:], name=name, abilities=abilities)


async def asked(*providers: Scripted, **patience: Any) -> tuple[str, Sequence[Attempt]]:
    """Any: fields of Patience."""
    with chain_of(*providers, **patience).admit(PROMPT, provider=None, model=None) as run:
        answer, _, outcome = await run.whole()
        return answer.text, outcome.attempts


@pytest.mark.parametrize(
    "said",
    [GOOD, f"```json\n{GOOD}\n```", f"```\n{GOOD}\n```\n", f"\n {GOOD} \n"],
    ids=["bare", "json", "fence", "space"],
)
def test_what_stands_around_the_json_is_taken_off(said: str) -> None:
    text, attempts = run_virtually(asked(saying(said)))
    assert (text, [attempt.outcome for attempt in attempts]) == (GOOD, ["ok"])


def test_an_api_with_schemas_is_asked_by_the_schema_and_another_in_words() -> None:
    native, in_words = saying(GOOD), saying(GOOD, abilities=IN_WORDS)
    run_virtually(asked(native))
    run_virtually(asked(in_words))
    assert native.prompts[0] == PROMPT
    system, question = in_words.prompts[0].messages
    assert (system.role, question) == ("system", PROMPT.messages[0])
    assert '"additionalProperties":false' in system.text


@pytest.mark.parametrize("abilities", [NATIVE, IN_WORDS], ids=["native", "in words"])
@pytest.mark.parametrize("bad", ["seven", '{"number": "seven"}', "{}", '{"number": 7, "unit": "m"}', ""])
def test_what_is_wrong_is_told_and_may_be_mended_once(bad: str, abilities: Abilities) -> None:
    provider = saying(bad, GOOD, abilities=abilities)
    text, attempts = run_virtually(asked(provider))
    assert (text, [attempt.outcome for attempt in attempts]) == (GOOD, ["schema", "ok"])
    *_, said, told = provider.prompts[1].messages
    assert said == Message("assistant", bad)
    assert told.text.startswith("That does not satisfy the schema: ")


def test_who_cannot_mend_it_is_followed_by_another() -> None:
    text, attempts = run_virtually(asked(saying("no"), saying(GOOD, name="b")))
    assert text == GOOD
    assert [(attempt.provider, attempt.outcome) for attempt in attempts] == [
        ("a", "schema"),
        ("a", "schema"),
        ("b", "ok"),
    ]


def test_what_does_not_satisfy_it_never_leaves() -> None:
    provider = saying("no")
    with pytest.raises(SchemaBroken) as raised:
        run_virtually(asked(provider, tries=2))
    assert raised.value.code == "schema_not_satisfied"
    assert "no" not in str(raised.value.details)
    assert len(provider.prompts) == 4  # each try with its repair


def test_a_streamed_answer_is_checked_before_its_first_word() -> None:
    async def check() -> Collected:
        sink = Collected()
        with chain_of(saying("no", GOOD)).admit(PROMPT, provider=None, model=None) as run:
            await run.stream(sink)
        return sink

    assert run_virtually(check()).text == GOOD


NO_SCHEMAS: list[Any] = [
    pytest.param({"type": 5}, id="type is a number"),
    pytest.param({"type": "text"}, id="type is unknown"),
    pytest.param({"required": "number"}, id="required is a word"),
    pytest.param({"$ref": "#/nowhere"}, id="leads nowhere"),
    pytest.param({"properties": {"a": {"$ref": "#/nowhere"}}}, id="leads nowhere, deep inside"),
    pytest.param({"type": "object", "properties": {"a": {"$ref": "#/type"}}}, id="leads to no schema"),
    pytest.param({"$ref": "http://127.0.0.1:1/schema"}, id="leads to an address"),
    pytest.param({"properties": {"a": {"items": {"$ref": "file:///etc/passwd"}}}}, id="leads to a file"),
    pytest.param({"$dynamicRef": "#x"}, id="dynamic reference"),
    pytest.param({"$defs": {"a": {"$id": "http://a.test/"}}}, id="another base"),
    pytest.param({"pattern": "^(a+)+$"}, id="pattern"),
    pytest.param({"items": {"pattern": "("}}, id="pattern that is none"),
    pytest.param({"patternProperties": {"a": {}}}, id="pattern for names"),
    pytest.param({"uniqueItems": True}, id="comparing all with all"),
    pytest.param({"maximum": 2**70}, id="a very large number"),
    pytest.param({"description": "\ud800"}, id="half a character"),
    pytest.param({"description": "x" * SCHEMA_MAX_BYTES}, id="too large"),
]


@pytest.mark.parametrize("schema", NO_SCHEMAS)
def test_what_is_no_schema_is_refused_before_anybody_is_asked(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as raised:
        schema_check(schema)
    assert raised.value.code == "invalid_schema"
    assert raised.value.__cause__ is None  # which would quote it in a log


SCHEMAS: list[Any] = [
    pytest.param({"$defs": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}, id="reference"),
    pytest.param({"properties": {"child": {"$ref": "#"}}}, id="recursion"),
    pytest.param({"properties": {"$ref": {"type": "string"}, "pattern": {"type": "string"}}}, id="names of properties"),
    pytest.param({"const": {"$ref": "#/nowhere"}}, id="a value that looks like a reference"),
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_is_a_schema_is_taken(schema: dict[str, Any]) -> None:
    schema_check(schema)


def test_too_long_an_answer_is_not_checked_at_length() -> None:
    with pytest.raises(SchemaBroken):
        schema_check({}).checked(Answer(f'"{"x" * ANSWER_MAX_CHARS}"', "", END), saying(GOOD))


def test_the_schema_in_words_takes_its_room_of_the_budget() -> None:
    turns = tuple(Message(("user", "assistant")[n % 2], "word " * 40) for n in range(8))
    provider = saying(GOOD, abilities=IN_WORDS)
    provider.prompt_budget_tokens = 400
    prompt = Prompt((*turns, Message("user", "How many?")), response_schema=SCHEMA)

    async def check() -> None:
        with chain_of(provider).admit(prompt, provider=None, model=None) as run:
            await run.whole()

    run_virtually(check())
    assert sum(map(tokens_of, provider.prompts[0].messages)) <= 400
