"""The runs of this process: a task each, owned here and not by the request that began it."""

import asyncio
import logging
from contextlib import aclosing
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from apps.chat import frames
from apps.chat.models import Message, State
from apps.chat.prompts import BuiltPrompt, budget_of
from apps.chat.schemas import ChatRequest
from apps.chat.services.finishing import INTERRUPTED, Outcome, generation_finish
from apps.chat.services.prompting import prompt_prepare
from apps.chat.services.starting import Started, generation_start
from apps.chat.stream_log import AnswerTooLong, MemoryStreamLog, StreamLog
from apps.core.access import Caller
from apps.core.async_client import error_of, worker
from apps.core.errors import ApiError, ProviderError, Unavailable
from apps.core.problems import UNEXPECTED, problem
from apps.core.sse import blocks, is_frame, members_of
from apps.core.units_of_work import unit_of_work
from apps.documents.extraction.results import ExtractedDocument

log = logging.getLogger("lamla.generation")
EPOCH = 1  # a run is never taken over while its log lives in one process's memory
SAVE_RETRY_SECONDS = (0.2, 0.5, 1, 2, 5, 10)
STOPPING_SECONDS = 5.0  # to close the socket and save
LAST_SAVE_SECONDS = 1.0  # the same while the process ends, which others wait for


@dataclass
class Run:
    """A generation that this process answers."""

    started: Started
    prompt: BuiltPrompt | None = None
    reading: asyncio.Task[Outcome] | None = None
    stop_wanted: bool = False
    task: asyncio.Task[Message | None] | None = None
    problem: dict[str, Any] | None = None


class Runner:
    """Starts, stops and drains runs, and lets readers follow them."""

    def __init__(self) -> None:
        self.stream_log: StreamLog = MemoryStreamLog(
            epoch=EPOCH,
            max_bytes=settings.GENERATION_MAX_BYTES,
            keep_s=settings.GENERATION_LOG_KEEP_SECONDS,
            keepalive_s=settings.SSE_KEEPALIVE_SECONDS,
        )
        self.draining = False
        self._runs: dict[UUID, Run] = {}
        self._beginning: set[asyncio.Task[Started]] = set()

    def refuse_when_full(self) -> None:
        """Raises: Unavailable while the process ends, or answers as many as it may."""
        if self.draining:
            raise Unavailable("The server is restarting; try again in a moment.", code="draining", retry_after_s=5)
        if len(self._runs) >= settings.GENERATIONS_MAX_RUNNING:
            raise Unavailable("The server is answering as many as it can; try again shortly.", retry_after_s=5)

    async def begin(self, *, caller: Caller, body: ChatRequest, files: tuple[ExtractedDocument, ...] = ()) -> Started:
        """Commit the prompt and begin to answer it, or find the answer that the same prompt began before.

        A client that leaves in between interrupts nothing: what is committed is also run.
        Raises: NotFound, Conflict, Unavailable.
        """
        self.refuse_when_full()
        beginning = asyncio.create_task(self._begin(caller=caller, body=body, files=files))
        self._beginning.add(beginning)
        beginning.add_done_callback(self._beginning.discard)
        return await asyncio.shield(beginning)

    async def _begin(self, *, caller: Caller, body: ChatRequest, files: tuple[ExtractedDocument, ...]) -> Started:
        started = await unit_of_work(generation_start, caller=caller, body=body, files=files)
        if started.is_new:
            self._launch(started)
        return started

    def _launch(self, started: Started) -> None:
        run = Run(started)
        self._runs[started.generation_id] = run
        self.stream_log.open(started.generation_id)
        # A fresh context: nothing of the request (its id in the log, its language) may leak into the run.
        run.task = asyncio.get_running_loop().create_task(self._answer(run), context=Context())
        run.task.add_done_callback(lambda _: self._runs.pop(started.generation_id, None))

    async def result(self, generation_id: UUID) -> Run | None:
        """Wait for the end of a run of this process; the waiter may be cancelled, the run goes on."""
        run = self._runs.get(generation_id)
        if run and run.task:
            await asyncio.shield(run.task)
        return run

    async def stop(self, generation_id: UUID) -> None:
        """Close the provider's socket, and return when the partial answer is saved."""
        run = self._runs.get(generation_id)
        if run is None or run.task is None:
            return
        run.stop_wanted = True
        if run.reading:
            run.reading.cancel()
        await asyncio.wait({run.task}, timeout=STOPPING_SECONDS)

    async def drain(self) -> None:
        """Take no new runs, let those that run end within DRAIN_SECONDS, save what is left as interrupted."""
        self.draining = True
        if self._beginning:
            await asyncio.wait(self._beginning, timeout=LAST_SAVE_SECONDS)
        tasks = {run.task for run in self._runs.values() if run.task}
        if not tasks:
            return
        _, left = await asyncio.wait(tasks, timeout=settings.DRAIN_SECONDS)
        for run in list(self._runs.values()):
            if run.task in left and run.reading:
                run.reading.cancel()
        if left:
            await asyncio.wait(left, timeout=LAST_SAVE_SECONDS)

    async def _answer(self, run: Run) -> Message | None:
        """From the first frame to the last; whatever fails in between ends as a state that is saved."""
        started = run.started
        self.stream_log.append(started.generation_id, frames.start(started))
        self.stream_log.append(started.generation_id, frames.START_STEP)
        outcome = Outcome(State.STOPPED)
        if not run.stop_wanted:
            run.reading = asyncio.create_task(self._read(run))
            outcome = await self._outcome_of(run)
        frames_so_far = self.stream_log.frames(started.generation_id)
        try:
            message = await self._save(run, outcome, frames_so_far)
        except Exception:
            # What was written cannot be read. A run must end all the same, or its readers wait for ever.
            log.exception("generation=%s cannot be saved as it came", started.generation_id)
            outcome = _failed(ApiError(UNEXPECTED), started.request_id)
            message = await self._save(run, outcome, [])
        run.problem = outcome.problem
        self.stream_log.end(started.generation_id, *frames.ending(message, outcome))
        code = (outcome.problem or {}).get("code", "-")
        named = {"request_id": started.request_id}
        log.info("generation=%s state=%s code=%s", started.generation_id, outcome.state, code, extra=named)
        return message

    async def _outcome_of(self, run: Run) -> Outcome:
        assert run.reading
        request_id = run.started.request_id
        done, _ = await asyncio.wait({run.reading}, timeout=settings.GENERATION_DEADLINE_SECONDS)
        if not done:
            run.reading.cancel()
            await asyncio.wait({run.reading})
            return _failed(ProviderError("The answer took too long.", code="deadline_exceeded", status=504), request_id)
        if run.reading.cancelled():
            if run.stop_wanted:
                return Outcome(State.STOPPED)
            return _failed(Unavailable(INTERRUPTED["detail"], code=INTERRUPTED["code"]), request_id)
        error = run.reading.exception()
        if error is None:
            return run.reading.result()
        if isinstance(error, ApiError):
            return _failed(error, request_id)
        log.error("generation=%s failed", run.started.generation_id, exc_info=error)
        return _failed(ApiError(UNEXPECTED), request_id)

    async def _read(self, run: Run) -> Outcome:
        """Ask the worker and pass its frames on as bytes. Raises: ApiError."""
        started = run.started
        models = await worker().models(request_id=started.request_id)
        budget = budget_of(models, provider=started.provider, cap_tokens=settings.CHAT_HISTORY_MAX_TOKENS)
        run.prompt = await unit_of_work(prompt_prepare, user_message_id=started.user_message_id, budget_tokens=budget)
        for notice in run.prompt.notices:
            self.stream_log.append(started.generation_id, frames.notice(notice))
        body = {
            "messages": run.prompt.messages,
            "text_id": frames.TEXT_ID,
            **({"provider": started.provider} if started.provider else {}),
            **({"model": started.model} if started.model else {}),
        }
        try:
            return await self._pass_on(started, body)
        except AnswerTooLong:
            raise ProviderError("The answer grew too long and was ended.", code="answer_too_long") from None

    async def _pass_on(self, started: Started, body: dict[str, Any]) -> Outcome:
        async with (
            worker().stream(body, request_id=started.request_id) as response,
            aclosing(blocks(response.aiter_raw())) as whole_frames,
        ):
            async for frame in whole_frames:
                if is_frame(frame, "data-outcome"):
                    return Outcome(State.COMPLETE, said=members_of(frame)["data"])
                if is_frame(frame, "data-problem"):
                    raise error_of(members_of(frame)["data"])
                self.stream_log.append(started.generation_id, frame)
        raise ProviderError("The answer broke off before its end.", code="stream_broken")

    async def _save(self, run: Run, outcome: Outcome, written: list[bytes]) -> Message | None:
        """Save the answer; a database that is briefly away does not lose it."""
        started = run.started
        for delay in (*SAVE_RETRY_SECONDS, None):
            try:
                return await unit_of_work(
                    generation_finish,
                    generation_id=started.generation_id,
                    epoch=EPOCH,
                    outcome=outcome,
                    frames=written,
                    passages=run.prompt.passages if run.prompt else (),
                    notices=run.prompt.notices if run.prompt else (),
                )
            except DatabaseError:
                log.exception("generation=%s could not be saved", started.generation_id)
                if delay is None:
                    return None
                await asyncio.sleep(delay)
        return None


def _failed(error: ApiError, request_id: str) -> Outcome:
    return Outcome(State.FAILED, problem=problem(error, request_id=request_id))


_runner: Runner | None = None


def runner() -> Runner:
    """The runner of this process."""
    global _runner
    if _runner is None:
        _runner = Runner()
    return _runner
