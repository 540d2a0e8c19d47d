"""Every adapter over real HTTP, against every fault: fills the table in docs/providers.md, and holds it to be true.

To write the table anew: `LAMLA_WRITE_DOCS=1 pytest backend/fastapi_service/tests/providers/test_matrix.py`.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from environment import REPOSITORY
from fake_provider.testing import FakeHere
from fastapi_service.core.config import KEY_VARIABLES, LOCAL, ProviderSettings, Settings
from fastapi_service.core.errors import ProviderError
from fastapi_service.orchestration.chain import Chain, Patience
from fastapi_service.orchestration.policy import RETRY_AFTER_PATIENCE_SECONDS, Step, rule_for
from fastapi_service.providers.base import Message, Prompt, Provider, TextDelta, Timeouts
from fastapi_service.providers.registry import open_providers
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.scripted import Collected

PROVIDERS = (*KEY_VARIABLES, LOCAL)
PAGE = REPOSITORY / "docs" / "providers.md"
BEGIN, END = "<!-- table: filled by test_matrix.py -->\n", "<!-- end of table -->"
PATIENT = Timeouts(connect_s=5, first_token_s=10, between_tokens_s=10, total_s=20)
IMPATIENT = Timeouts(connect_s=5, first_token_s=1, between_tokens_s=0.3, total_s=1.2)
SILENCES = ("hang", "stall")
FAST = "first=0 rate=0"
AT = 5
TOKENS = 20
FAULTS = {
    "refuse": "connection refused or reset",
    "401": "401",
    "429": "429",
    "429 retry_after=7": "429 with Retry-After: 7",
    "500": "500",
    "503": "503",
    "hang": "no byte of an answer",
    "stall": "silence in mid-answer",
    "cut": "connection cut in mid-answer",
    "utf8": "half a UTF-8 character",
    "garbage": "broken JSON",
    "error": "an error event in the stream",
    "longline": "a line of 2 MB",
    "empty": "an empty answer",
    "filter": "content filter",
    "context": "prompt too long",
    "badrequest": "400",
}
STEPS = {
    Step.SAME: "again",
    Step.OTHERS: "others",
    Step.ONLY_OTHERS: "only others",
    Step.LARGER: "larger",
    Step.RETURN: "told",
}


def step_after(error: ProviderError, *, written: bool) -> str:
    step = rule_for(error).step
    if (error.retry_after_s or 0) > RETRY_AFTER_PATIENCE_SECONDS:
        return f"others, or told to wait {error.retry_after_s} s"
    return "continued" if written and step in (Step.SAME, Step.OTHERS) else STEPS[step]


def prompt_of(directive: str, **fields: object) -> Prompt:
    text = f"hello [[{FAST} tokens={TOKENS} {directive}]]"
    return Prompt((Message("system", "Be brief."), Message("user", text)), **fields)  # type: ignore[arg-type]  # named


@pytest.fixture(params=PROVIDERS)
async def provider(request: pytest.FixtureRequest, fake: FakeHere) -> AsyncIterator[Provider]:
    """One adapter after the other, on the fake provider's wire for it."""
    settings = ProviderSettings(
        request.param, api_key="a-private-key", base_url=fake.url_of(request.param), models=("one",)
    )
    async with open_providers(Settings(secrets=("s",), providers=(settings,))) as (opened,):
        yield opened


async def asked(provider: Provider, prompt: Prompt, *, whole: bool, timeouts: Timeouts = PATIENT) -> tuple[str, str]:
    """One try: the text that came, and what became of it: `ok`, or the reason and the step that follows."""
    chain = Chain([provider], timeouts=timeouts, patience=Patience(tries=1))
    sink = Collected()
    with chain.admit(prompt, provider=None, model=None) as run:
        try:
            if whole:
                answer, _, outcome = await run.whole()
                return answer.text, outcome.finish_reason
            outcome = await run.stream(sink)
        except ProviderError as error:
            assert len(run.attempts) == 1
            return sink.text, f"{run.attempts[0].outcome}, {step_after(error, written=bool(sink.text))}"
        return sink.text, outcome.finish_reason


async def cell_of_fault(provider: Provider, fault: str) -> str:
    """What a fault becomes, streamed and whole."""
    prompt = prompt_of(f"fault={fault} at={AT}")
    timeouts = IMPATIENT if fault in SILENCES else PATIENT
    text, streamed = await asked(provider, prompt, whole=False, timeouts=timeouts)
    _, whole = await asked(provider, prompt, whole=True, timeouts=timeouts)
    assert numbered(TOKENS).startswith(text)
    kept = f", {text.count(' ')} kept" if text else ""
    return f"{streamed}{kept}" if streamed == whole else f"{streamed}{kept} / {whole}"


async def cell_of_answer(provider: Provider, *, whole: bool) -> str:
    text, reason = await asked(provider, prompt_of(""), whole=whole)
    assert text == numbered(TOKENS)
    return f"{TOKENS} of {TOKENS} tokens, {reason}"


async def cell_of_usage(provider: Provider) -> str:
    cells = []
    for whole in (False, True):
        chain = Chain([provider], timeouts=PATIENT)
        with chain.admit(prompt_of(""), provider=None, model=None) as run:
            outcome = (await run.whole())[2] if whole else await run.stream(Collected())
        assert outcome.usage.input_tokens > 0
        cells.append(f"{outcome.usage.output_tokens} out")
    assert cells[0] == cells[1]
    return cells[0]


async def cell_of_length(provider: Provider) -> str:
    _, reason = await asked(provider, prompt_of("fault=length"), whole=False)
    assert (await asked(provider, prompt_of("fault=length"), whole=True))[1] == reason
    return reason


async def cell_of_schema(provider: Provider, fake: FakeHere) -> str:
    """An answer that breaks the schema first and mends it when it is told."""
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    bad, good = '{"n": "seven"}', '{"n": 7}'
    fake.queue(bad, good)
    text, reason = await asked(provider, Prompt((Message("user", "How many?"),), response_schema=schema), whole=True)
    assert (text, reason) == (good, "stop")
    first = fake.entries[0]
    native = first.response_schema == schema
    assert native == provider.abilities.json_schema
    in_words = any("additionalProperties" in str(message) for message in first.messages)
    assert in_words != native
    return "native, one repair" if native else "in words, one repair"


async def cell_of_continuation(provider: Provider, fake: FakeHere) -> str:
    """The first call is cut; the second goes on, and says the last six tokens again where it was asked in words."""
    chain = Chain([provider], timeouts=PATIENT)
    sink = Collected()
    prompt = prompt_of(f"fault=cut@{AT + 5},none overlap=6")
    with chain.admit(prompt, provider=None, model=None) as run:
        await run.stream(sink)
    assert sink.text == numbered(TOKENS)
    assert len(fake.entries) == 2
    return "prefill" if provider.abilities.continues else "in words, seam cut"


async def cell_of_cancel(provider: Provider, fake: FakeHere) -> str:
    """A reader who leaves, streamed and whole: when the provider's socket is closed."""

    async def read_a_little() -> None:
        prompt = Prompt((Message("user", "x [[tokens=1000 rate=50 first=0]]"),))
        async with aclosing(provider.stream(prompt, model="one")) as deltas:
            async for delta in deltas:
                if isinstance(delta, TextDelta):
                    return

    async def leave_whole() -> None:
        prompt = Prompt((Message("user", "x [[fault=hang]]"),))
        asking = asyncio.create_task(provider.complete(prompt, model="one"))
        await fake.entry_when(lambda entry: "hang" in entry.directive)
        asking.cancel()
        await asyncio.wait({asking})

    for leave in (read_a_little, leave_whole):
        await leave()
        left_at = time.time()
        await fake.all_when(lambda entry: entry.closed_at is not None, deadline_s=1)
        assert fake.entries[-1].closed_by == "client"
        assert (fake.entries[-1].closed_at or 0) - left_at < 1
    return "closed within 1 s"


async def column_of(provider: Provider, fake: FakeHere) -> dict[str, str]:
    """All that the table says of one provider, by the name of the row."""
    cells = {
        "stream": await cell_of_answer(provider, whole=False),
        "whole answer": await cell_of_answer(provider, whole=True),
        "usage": await cell_of_usage(provider),
        "length reached": await cell_of_length(provider),
    }
    for row, cell_of in {"schema": cell_of_schema, "continue": cell_of_continuation, "cancel": cell_of_cancel}.items():
        fake.app.clear()
        cells[row] = await cell_of(provider, fake)
    for fault, row in FAULTS.items():
        cells[row] = await cell_of_fault(provider, fault)
    return cells


def read_table() -> dict[str, dict[str, str]]:
    """The cells of the page, by row and provider."""
    _, _, rest = PAGE.read_text().partition(BEGIN)
    lines = [line.strip("|").split("|") for line in rest.partition(END)[0].splitlines() if line.startswith("|")]
    return {row.strip(): dict(zip(PROVIDERS, map(str.strip, cells), strict=True)) for row, *cells in lines[2:]}


def write_column(name: str, column: dict[str, str]) -> None:
    table = read_table()
    rows = [
        f"| {row} | {' | '.join({**table.get(row, {}), name: cell}.get(each, '') for each in PROVIDERS)} |"
        for row, cell in column.items()
    ]
    head = f"| what happens | {' | '.join(PROVIDERS)} |\n|{'---|' * (len(PROVIDERS) + 1)}"
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + "\n".join([head, *rows]) + "\n" + END + rest.partition(END)[2])


async def test_the_table_of_the_docs_is_true(provider: Provider, fake: FakeHere) -> None:
    column = await column_of(provider, fake)
    if os.environ.get("LAMLA_WRITE_DOCS"):
        write_column(provider.name, column)
    assert {row: cells[provider.name] for row, cells in read_table().items()} == column
