"""A provider that says t0 t1 t2 …, goes on from where an answer broke off, and fails as it is told."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from fastapi_service.core.errors import BrokenStream, ProviderError
from fastapi_service.orchestration.continuation import GO_ON
from fastapi_service.orchestration.seam import SEAM_MIN_OVERLAP_CHARS
from fastapi_service.providers.base import Abilities, Answer, Delta, Finished, Prompt, Provider, TextDelta, Usage
from fastapi_service.tests.frames import numbered

FOR_EVER = 1e9
TOKENS = 12


@dataclass(frozen=True)
class Course:
    """How one call goes: seconds before the first token and between tokens, and after how many tokens it fails.

    `overlap`: where it is asked in words to go on, so many of the last tokens are said again. `fault`: an error's
    class, "silence", or None.
    """

    first_s: float = 0.0
    between_s: float = 0.0
    fails_at: int = 0
    fault: type[ProviderError] | str | None = None
    retry_after_s: int | None = None
    overlap: int = 0


class Numbered(Provider):
    """Takes the next course at each call; the last one serves all further calls."""

    name = "numbered"

    def __init__(self, name: str, *courses: Course, prefills: bool = False, streams: bool = True, slots: int = 2):
        self.name = name  # type: ignore[misc]  # several of one class, which no adapter has
        self.label = f"Provider {name}"
        self.models = (f"model of {name}",)
        self.abilities = Abilities(stream=streams, continues=prefills)
        self.context_tokens = self.prompt_budget_tokens = 100_000
        self.concurrency = slots
        self.courses = courses or (Course(),)
        self.calls = self.running = 0
        self.before_call: Any = lambda: None  # Any: a check of the test

    async def aclose(self) -> None:
        return None

    async def model_for(self, requested: str | None) -> str:
        return requested or self.models[0]

    async def stream(self, prompt: Prompt, *, model: str) -> AsyncGenerator[Delta, None]:
        self.before_call()
        course = self.courses[min(self.calls, len(self.courses) - 1)]
        self.calls += 1
        self.running += 1
        try:
            said = 0
            for number in range(self._begins_at(prompt, course), TOKENS):
                if said == course.fails_at:
                    await self._fail(course)
                await asyncio.sleep(course.between_s if said else course.first_s)
                yield TextDelta(f"t{number} ")
                said += 1
            if said <= course.fails_at:
                await self._fail(course)
            if not said:
                raise BrokenStream("An empty answer.", provider=self.name, reason="empty")
            yield Finished("stop", Usage(10, said))
        finally:
            self.running -= 1

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        text = ""
        finished = None
        async for delta in self.stream(prompt, model=model):
            if isinstance(delta, TextDelta):
                text += delta.text
            elif isinstance(delta, Finished):
                finished = delta
        assert finished
        return Answer(text, "", finished)

    def _begins_at(self, prompt: Prompt, course: Course) -> int:
        """The first token to say."""
        begun, overlap = prompt.continue_from, 0
        if prompt.messages[-1].text == GO_ON:
            begun, overlap = prompt.messages[-2].text, course.overlap
        assert re.fullmatch(r"(t\d+ )*", begun), begun
        count = begun.count(" ")
        assert begun == numbered(count)
        assert not begun or bool(prompt.continue_from) == self.abilities.continues
        again = numbered(count)[len(numbered(max(0, count - overlap))) :]
        # Fewer characters are not taken for a repetition, and no model repeats just a word.
        return count - again.count(" ") if len(again) >= SEAM_MIN_OVERLAP_CHARS else count

    async def _fail(self, course: Course) -> None:
        if isinstance(course.fault, str):
            await asyncio.sleep(FOR_EVER)
        elif course.fault:
            raise course.fault("It failed.", provider=self.name, reason="scripted", retry_after_s=course.retry_after_s)
