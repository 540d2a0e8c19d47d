"""One round: ask, wait for mid-answer, strike, follow all to their end, and judge what is known then."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from chaos.check import Violation, violations_of
from chaos.evidence import RoundEvidence
from chaos.faults import Struck, about_to_be_hit, strike
from chaos.gathering import gather
from chaos.plan import MID_ANSWER_TOKENS, Fault, RoundPlan, dice
from chaos.recovery import Sighting, first_new_token_s, recovery_s
from chaos.requests_log import Asked, asked
from chaos.site import Site
from chaos.student import Student
from chaos.watching import LogWatch, glance_about

MID_ANSWER_WITHIN_SECONDS = 30.0
END_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.05
# What a process had sent before it froze arrives in this time; thawed, it may go on for a moment.
ON_ITS_WAY_SECONDS = 0.3
# These end no process that writes an answer: whatever is new after them is new.
NOTHING_DIES = frozenset({Fault.DATABASE_LOCKED, Fault.DATABASE_CUT, Fault.DATABASE_STOPPED, Fault.READERS_VANISHED})
# Which answers these have really hit is seen in the providers' log: those that had to be asked for again.
SEEN_IN_REQUESTS = frozenset(
    {Fault.WORKER_KILLED, Fault.WORKER_PROCESS_KILLED, Fault.PROVIDER_KILLED, Fault.PROVIDER_CUT}
)


@dataclass
class RoundResult:
    """`recovery`: seconds, of each interrupted answer that had tokens left to come; `start_s`: see `faults.Struck`."""

    plan: RoundPlan
    interrupted: int
    recovery: list[float]
    start_s: float | None
    violations: list[Violation]
    seconds: float
    evidence: RoundEvidence


async def play_round(plan: RoundPlan, site: Site) -> RoundResult:
    """Play it, and judge it."""
    began = time.monotonic()
    await asyncio.to_thread(site.forget_requests)
    struck, over = asyncio.Event(), asyncio.Event()
    students = [Student(prompt, site.gateway_urls, struck=struck, over=over) for prompt in plan.prompts]
    watch = LogWatch(site.database, prefix=plan.prefix)
    async with AsyncExitStack() as clients:
        for student in students:
            await clients.enter_async_context(student)
        hit, fate = await play(plan, site, students, watch)
        evidence = await gather(plan, site, students, accidents=[fate.accident] if fate.accident else [])
    requests: defaultdict[str, list[Asked]] = defaultdict(list)
    for each in await asyncio.to_thread(asked, site.providers, prefix=plan.prefix):
        requests[each.prompt].append(each)
    if plan.fault in SEEN_IN_REQUESTS:
        hit = {name for name in hit if requests[name][-1].started_at > interrupted_at(plan, fate, requests[name])}
    return RoundResult(
        plan=plan,
        interrupted=len(hit),
        recovery=recoveries(plan, fate, {name: requests[name] for name in hit}, sightings(students, watch)),
        start_s=fate.start_s,
        violations=violations_of(evidence),
        seconds=time.monotonic() - began,
        evidence=evidence,
    )


async def play(plan: RoundPlan, site: Site, students: Sequence[Student], watch: LogWatch) -> tuple[set[str], Struck]:
    """Up to the end of all readers, or of our patience: which prompts' answers the fault hit, and when."""
    rng = dice(plan.seed, plan.number, "glances")
    async with beside(watch.run()), beside(glance_about(students, gateways=len(site.gateway_urls), rng=rng)):
        reading = asyncio.gather(*(student.run() for student in students))
        await mid_answer(plan, site)
        await asyncio.sleep(plan.pause_s)
        hit = await asyncio.to_thread(about_to_be_hit, plan, site)
        fate = await strike(plan, site, students)
        for student in students:
            student.struck.set()
            student.over.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(END_WITHIN_SECONDS):
                await reading
    return hit, fate


@asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do it until the block is left."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def mid_answer(plan: RoundPlan, site: Site) -> None:
    """Return when each answer has some tokens, or has taken too long to begin."""
    waiting = {prompt.name for prompt in plan.prompts if not prompt.in_the_fault}
    with suppress(TimeoutError):
        async with asyncio.timeout(MID_ANSWER_WITHIN_SECONDS):
            while waiting:
                requests = await asyncio.to_thread(asked, site.providers, prefix=plan.prefix)
                waiting -= {each.prompt for each in requests if _has_begun(each)}
                await asyncio.sleep(POLL_SECONDS)


def _has_begun(request: Asked) -> bool:
    """Also one that its fault has ended early."""
    return request.tokens_sent >= MID_ANSWER_TOKENS or request.closed_at is not None


def interrupted_at(plan: RoundPlan, fate: Struck, requests: Sequence[Asked]) -> float:
    """Seconds since the epoch: of the fault, or where each answer has one of its own, of that."""
    if plan.fault == Fault.PROVIDER_CUT:
        return next((each.closed_at for each in requests if each.closed_at is not None), fate.interrupted_at)
    return fate.interrupted_at


def recoveries(
    plan: RoundPlan, fate: Struck, hit: Mapping[str, Sequence[Asked]], seen: Mapping[str, Sequence[Sighting]]
) -> list[float]:
    """Seconds, of each of the prompts `hit` that had tokens left to come."""
    found = []
    for name, requests in hit.items():
        at = interrupted_at(plan, fate, requests)
        found.append(recovery_s(seen.get(name, ()), interrupted_at=at, new_from=new_from(plan, requests, at)))
    return [seconds for seconds in found if seconds is not None]


def new_from(plan: RoundPlan, requests: Sequence[Asked], at: float) -> float:
    """From when on (s since the epoch) a token of an answer that was interrupted `at` is a new one."""
    if plan.fault in NOTHING_DIES:
        return at
    if plan.fault == Fault.GATEWAY_FROZEN:
        return at + ON_ITS_WAY_SECONDS
    return first_new_token_s([each.timing for each in requests], interrupted_at=at)


def sightings(students: Sequence[Student], watch: LogWatch) -> dict[str, list[Sighting]]:
    """Of readers and of the database together, by prompt."""
    return {
        student.plan.name: [
            *watch.sightings[student.plan.name],
            *(sighting for shown in student.screens for sighting in shown.sightings),
        ]
        for student in students
    }
