"""One generation, from its first frame to its last: what a gateway process does for it while it holds its lease."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from django.conf import settings

from apps.chat import frames
from apps.chat.models import State
from apps.chat.notices import Notice
from apps.chat.outcomes import Outcome
from apps.chat.pictures import BLIND, NO_ANSWER, blind_can_answer, can_see
from apps.chat.prompts import BuiltPrompt, budget_of
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.frame_log import Piece
from apps.chat.services.metering import NOTHING_ASKED, Asked, output_left
from apps.chat.services.preparing import prompt_prepare
from apps.chat.services.starting import Started
from apps.chat.stream_log import AnswerTooLong, Log, StreamLog
from apps.chat.written import opened, written_of
from apps.core.async_client import error_of, worker
from apps.core.errors import ApiError, ProviderError, Unavailable
from apps.core.pauses import pause_at_most
from apps.core.problems import UNEXPECTED, problem
from apps.core.sse import is_frame, members_of
from apps.core.units_of_work import DATABASE_AWAY, unit_of_work
from apps.usage.services.tariffs import Tariff, tariff_of, tariff_unknown

log = logging.getLogger("lamla.generation")
# Both mean that the worker process, not a model, has let us down.
WORKER_GONE = frozenset({"worker_unavailable", "stream_broken"})
NOBODY_SEES = "images_not_supported"
RETRY_FIRST_SECONDS, RETRY_LONGEST_SECONDS = 0.1, 1.0
SAVE_LONGEST_SECONDS = 5.0
PREPARE_SECONDS, TARIFF_SECONDS = 2.0, 0.5
GIVEN_UP = "The servers that wrote this answer went down one after the other. Your question is saved; try again."


class Leave(Enum):
    """Why a run is made to end before its model has."""

    STOPPED = auto()  # somebody wants it to: the partial answer is saved
    LOST = auto()  # the lease is gone: another process goes on
    RELEASED = auto()  # this process ends: another one goes on, or this one after its restart


@dataclass(frozen=True)
class Surroundings:
    """What a run needs of its process."""

    stream_log: StreamLog
    room: asyncio.Event  # set while frames may be added
    settled: Callable[[], Awaitable[None]]  # returns when no commit of the log is under way


class AnswerRun:
    """Asks the worker, passes its frames on, saves the answer. `task` is owned by the runner."""

    def __init__(self, key: RunKey, started: Started, answer_log: Log, around: Surroundings) -> None:
        self.key, self.started, self.log = key, started, answer_log
        self._around = around
        self._prompt: BuiltPrompt | None = None
        self._unseen, self._blind_can_answer = "", False  # why no picture goes to a model, once that was tried
        self._seen: list[Notice] = []  # told once somebody who sees has begun to answer
        self._reading = False  # so that it may be cut short: what follows must not be
        self._leave: Leave | None = None
        self._heard = False  # of the worker, in this try
        self._parsed = (0, "")  # the text of so many frames of the log
        self._requests = key.epoch - 1  # that a provider may have read: one for each epoch before
        self._begun = ""  # what the last of them was to go on from, without what the answer began with
        self._first_token_at: datetime | None = None
        self._awaits_first = not written_of(answer_log.frames).since(started.begun)  # else another run has seen it
        self.task: asyncio.Task[State | None] | None = None

    def leave(self, why: Leave) -> None:
        """End it as soon as possible; the first reason counts, but a lost one saves nothing whatever was wished."""
        if self._leave is None or why is Leave.LOST:
            self._leave = why
        if self._reading and self.task:
            self.task.cancel()

    async def answer(self) -> State | None:
        """Run to the end; None when the run was left to another process, which tells its readers."""
        outcome = await self._outcome()
        last = await self._finish(outcome) if outcome else None
        if outcome is None or last is None:
            if self._leave is not Leave.RELEASED:
                self._around.stream_log.lose(self.log)
            return None
        self._around.stream_log.end(self.log, last)
        code = (outcome.problem or {}).get("code", "-")
        named = {"request_id": self.started.request_id}
        log.info("generation=%s state=%s code=%s", self.key.generation_id, outcome.state, code, extra=named)
        return outcome.state

    async def _outcome(self) -> Outcome | None:
        """How it ended; None when it is no longer ours to end."""
        if self.key.epoch > settings.GENERATION_MAX_EPOCHS:
            return self._failed(Unavailable(GIVEN_UP, code="interrupted_too_often"))
        self._reading = True
        try:
            async with asyncio.timeout(settings.GENERATION_DEADLINE_SECONDS) as deadline:
                return await (self._prepare_for_end() if self._leave else self._read())
        except asyncio.CancelledError:
            if self._leave is None or self.task is None:
                raise
            while self.task.uncancel():
                pass  # it was `leave` that cancelled, maybe more than once
            return Outcome(State.STOPPED) if self._leave is Leave.STOPPED else None
        except ApiError as error:
            return self._failed(error)
        except Exception as error:
            if isinstance(error, TimeoutError) and deadline.expired():
                return self._failed(ProviderError("The answer took too long.", code="deadline_exceeded", status=504))
            log.exception("generation=%s failed", self.key.generation_id)
            return self._failed(ApiError(UNEXPECTED))
        finally:
            self._reading = False

    def _failed(self, error: ApiError) -> Outcome:
        return Outcome(State.FAILED, problem=problem(error, request_id=self.started.request_id))

    async def _read(self) -> Outcome:
        """Ask the worker until it has answered; one that goes away is waited for. Raises: ApiError."""
        now = asyncio.get_running_loop().time
        pause_s, told, away_since = RETRY_FIRST_SECONDS, False, now()
        while True:
            self._heard = False
            try:
                prompt = self._prompt = self._prompt or await self._prepare()
                return await self._pass_on(prompt)
            except AnswerTooLong:
                raise ProviderError("The answer grew too long and was ended.", code="answer_too_long") from None
            except DATABASE_AWAY:
                away_since = now()  # it is waited for as long as it takes: the prompt is committed
            except ApiError as error:
                if self._goes_without_pictures(error):
                    continue
                if pause_s == RETRY_FIRST_SECONDS or self._heard:
                    away_since, pause_s = now(), RETRY_FIRST_SECONDS  # until this moment it was there
                if error.code not in WORKER_GONE or now() - away_since > settings.WORKER_PATIENCE_SECONDS:
                    raise
                if not told:
                    self._around.stream_log.append(self.log, frames.WORKER_AWAY)
                told = True
                left_s = settings.WORKER_PATIENCE_SECONDS - (now() - away_since)
                await worker().back(within_s=max(0.0, left_s))
            pause_s = min(2 * pause_s, RETRY_LONGEST_SECONDS)
            await pause_at_most(pause_s)

    def _goes_without_pictures(self, error: ApiError) -> bool:
        """Whether to ask again, with what OCR read: who sees has said nothing, and there is who does not need to."""
        may = error.code == NOBODY_SEES or (self._blind_can_answer and error.code not in WORKER_GONE)
        shown = may and self._prompt and self._prompt.pictures
        if not shown or written_of(self.log.frames).since(self.started.begun):
            return False
        self._unseen, self._prompt = BLIND if error.code == NOBODY_SEES else NO_ANSWER, None
        return True

    async def _prepare_for_end(self) -> Outcome:
        """A run that was taken over to be stopped: only its passages are looked up, if that goes quickly."""
        with suppress(ApiError, TimeoutError, *DATABASE_AWAY):
            async with asyncio.timeout(PREPARE_SECONDS):
                self._prompt = await self._prepare()
        return Outcome(State.STOPPED)

    async def _prepare(self) -> BuiltPrompt:
        started = self.started
        models = await worker().models(request_id=started.request_id)
        budget = budget_of(models, provider=started.provider, cap_tokens=settings.CHAT_HISTORY_MAX_TOKENS)
        prompt = await prompt_prepare(
            user_message_id=started.user_message_id,
            budget_tokens=budget,
            request_id=started.request_id,
            unseen=self._unseen or ("" if can_see(models, provider=started.provider) else BLIND),
            tell=self._tell,
        )
        self._blind_can_answer = blind_can_answer(models, provider=started.provider)
        self._seen = [notice for notice in prompt.notices if notice.code == "image_seen"]
        for notice in prompt.notices:
            if notice not in self._seen:
                self._tell(notice)
        return prompt

    def _tell(self, notice: Notice) -> None:
        self._around.stream_log.append(self.log, frames.notice(notice))

    def _body(self, prompt: BuiltPrompt) -> dict[str, Any]:
        """What the worker is asked: the answer, or the rest of it."""
        started, granted_tokens = self.started, self.started.granted_tokens
        written = self._text_so_far()
        self._begun = written[len(started.begun.text) :]
        if opened(self.log.frames, "reasoning"):
            self._around.stream_log.append(self.log, frames.REASONING_END)
        return {
            "messages": prompt.sent(),
            "text_id": frames.TEXT_ID,
            **({"provider": started.provider} if started.provider else {}),
            **({"model": started.model} if started.model else {}),
            **({"continue_from": written} if written else {}),
            **({"max_output_tokens": output_left(granted_tokens, begun=self._begun)} if granted_tokens else {}),
        }

    def _text_so_far(self) -> str:
        """Parsed again only when it has grown, since it is asked for at each try while the worker is away."""
        if self._parsed[0] != len(self.log.frames):
            self._parsed = (len(self.log.frames), written_of(self.log.frames).text)
        return self._parsed[1]

    async def _pass_on(self, prompt: BuiltPrompt) -> Outcome:
        """Pass the worker's frames on as bytes. Raises: ApiError, AnswerTooLong."""
        stream_log, answer_log, room = self._around.stream_log, self.log, self._around.room
        text_open = opened(answer_log.frames, "text")
        async with aclosing(worker().stream(self._body(prompt), request_id=self.started.request_id)) as whole_frames:
            async for frame in whole_frames:
                if self._awaits_first or not self._heard:
                    self._note(frame)
                if not is_frame(frame, "text-delta"):
                    if is_frame(frame, "data-outcome"):
                        return Outcome(State.COMPLETE, said=members_of(frame)["data"])
                    if is_frame(frame, "data-problem"):
                        raise error_of(members_of(frame)["data"])
                    # The text is one part from its first word on, and ends with the answer.
                    if is_frame(frame, "text-end") or (text_open and is_frame(frame, "text-start")):
                        continue
                    if is_frame(frame, "text-start"):
                        while self._seen:
                            self._tell(self._seen.pop())
                if not room.is_set():
                    await room.wait()
                stream_log.append(answer_log, frame)
        raise ProviderError("The answer broke off before its end.", code="stream_broken")

    def _note(self, frame: bytes) -> None:
        """What the first frames of a request tell: that somebody has read it, and when the first token came."""
        self._requests, self._heard = self._requests + (not self._heard), True
        if self._awaits_first and (is_frame(frame, "text-delta") or is_frame(frame, "reasoning-delta")):
            self._awaits_first, self._first_token_at = False, datetime.now(UTC)

    async def _finish(self, outcome: Outcome) -> list[bytes] | None:
        """Save the answer and return its last frames; None when the run is another's by now."""
        self.log.closing = True
        await self._around.settled()
        written, unsaved = list(self.log.frames), self.log.unsaved()  # as they are now: a log may be lost meanwhile
        try:
            return await self._save(outcome, read=written, unsaved=unsaved, asked=self._asked())
        except Exception as error:
            # What was written cannot be read. A run must end all the same, or its readers wait for ever. The error is
            # named and not quoted: it may hold what was written. What was used is settled by the sweep.
            log.error("generation=%s cannot be saved as it came: %s", self.key.generation_id, type(error).__name__)
            failed = self._failed(ApiError(UNEXPECTED))
            return await self._save(failed, read=[], unsaved=unsaved, asked=NOTHING_ASKED)

    async def _save(self, outcome: Outcome, *, read: list[bytes], unsaved: Piece, asked: Asked) -> list[bytes] | None:
        """Save what the frames `read` say. A database that is away is waited for; the answer stays in memory."""
        pause_s = RETRY_FIRST_SECONDS
        while self._leave is not Leave.LOST:
            with suppress(*DATABASE_AWAY):
                return await unit_of_work(
                    generation_finish,
                    self.key,
                    outcome=outcome,
                    frames=read,
                    unsaved=unsaved,
                    passages=self._prompt.passages if self._prompt else (),
                    best=self._prompt.best if self._prompt else (),
                    notices=self._prompt.notices if self._prompt else (),
                    asked=asked,
                )
            log.warning("generation=%s waits to be saved: the database is away", self.key.generation_id)
            await pause_at_most(pause_s)
            pause_s = min(2 * pause_s, SAVE_LONGEST_SECONDS)
        return None

    def _asked(self) -> Asked:
        return Asked(
            messages=self._prompt.messages if self._prompt else (),
            pictures=len(self._prompt.pictures) if self._prompt else 0,
            requests=self._requests,
            begun=self._begun,
            granted_tokens=self.started.granted_tokens,
            continued=self.started.begun,
            first_token_at=self._first_token_at,
        )


async def tariff_ask(*, provider: str, model: str, request_id: str) -> Tariff:
    """What an answer will cost at most; where the worker does not say it soon, as if it were not free."""
    try:
        async with asyncio.timeout(TARIFF_SECONDS):
            models = await worker().models(request_id=request_id)
    except (ApiError, TimeoutError):
        return tariff_unknown()
    return tariff_of(models, provider=provider, model=model)
