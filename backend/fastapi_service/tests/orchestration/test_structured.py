"""Answers to a schema: whatever a model says, only what satisfies it leaves."""

from collections.abc import Sequence
from typing import Any

import pytest

from fastapi_service.core.errors import InvalidInput, SchemaBroken
from fastapi_service.orchestration.events import Attempt
from fastapi_service.orchestration.structured import SCHEMA_MAX_BYTES, SchemaCheck
from fastapi_service.providers.base import Abilities, Message, Prompt, TextDelta
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


NO_SCHEMAS: list[dict[str, Any]] = [
    {"type": 5},
    {"type": "text"},
    {"required": "number"},
    {"pattern": "("},
    {"$ref": "#/nowhere"},
    {"$ref": "http://127.0.0.1:1/schema"},
    {"properties": {"a": {"items": {"$ref": "file:///etc/passwd"}}}},
    {"description": "x" * SCHEMA_MAX_BYTES},
]


@pytest.mark.parametrize("schema", NO_SCHEMAS, ids=lambda schema: next(iter(schema)))
def test_what_is_no_schema_is_refused_before_anybody_is_asked(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as raised:
        SchemaCheck(schema)
    assert raised.value.code == "invalid_schema"
