"""After a round: all that is known of each prompt, from the database, the API, the readers and the providers."""

import asyncio
from collections.abc import Callable, Sequence

from chaos.evidence import PromptEvidence, RoundEvidence, Screen, StoredGeneration, StoredMessage
from chaos.plan import Fault, RoundPlan
from chaos.requests_log import Asked, asked
from chaos.site import Site
from chaos.student import BROKEN, Refused, Student
from tests.streams import tokens

POLL_SECONDS = 0.05
# An answer that its readers have seen to the end is saved; one without readers gets a lease's time and more.
ENDED_WITHIN_SECONDS = 10.0
CLOSED_WITHIN_SECONDS = 5.0


async def gather(
    plan: RoundPlan, site: Site, students: Sequence[Student], *, accidents: Sequence[str]
) -> RoundEvidence:
    """Start what is dead, give what is late a little time, and read everything."""
    gone = {site.stack.gateways[plan.victim].name} if plan.fault == Fault.GATEWAY_GONE else set()
    died = [f"{name} had ended" for name in site.dead() if name not in gone]
    await asyncio.to_thread(site.revive)
    await until(lambda: not site.database.live(prefix=plan.prefix), within_s=ENDED_WITHIN_SECONDS)
    await until(lambda: unclosed(site, plan) == 0, within_s=CLOSED_WITHIN_SECONDS)
    stored = await asyncio.to_thread(site.database.messages, prefix=plan.prefix)
    generations = await asyncio.to_thread(site.database.generations, prefix=plan.prefix)
    requests = await asyncio.to_thread(asked, site.providers, prefix=plan.prefix)
    prompts = [await evidence_of(student, stored, generations, requests) for student in students]
    return RoundEvidence(
        prompts=prompts,
        owners=await asyncio.to_thread(site.database.owners),
        unclosed=await asyncio.to_thread(unclosed, site, plan),
        accidents=[*accidents, *died],
    )


async def until(holds: Callable[[], bool], *, within_s: float) -> None:
    """Wait for it, but not for ever: whether it came true is looked at afterwards."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not await asyncio.to_thread(holds) and loop.time() < deadline:  # noqa: ASYNC110  nothing to be told by
        await asyncio.sleep(POLL_SECONDS)


def unclosed(site: Site, plan: RoundPlan) -> int:
    """Requests of the round and sockets that are still open at the providers, each request counted once."""
    requests = sum(each.closed_at is None for each in asked(site.providers, prefix=plan.prefix))
    return max(requests, sum(provider.open_sockets() for provider in site.providers))


async def evidence_of(
    student: Student,
    stored: dict[str, list[StoredMessage]],
    generations: dict[str, list[StoredGeneration]],
    requests: Sequence[Asked],
) -> PromptEvidence:
    name = student.plan.name
    mine = [pk for pk, rows in stored.items() if any(row.client_message_id == name for row in rows)]
    branch, running = await final_branch(student)
    return PromptEvidence(
        name=name,
        answer=tokens(student.plan.tokens),
        conversations=len(mine),
        messages=[row for pk in mine for row in stored[pk]],
        generations=[row for pk in mine for row in generations.get(pk, [])],
        branch=branch,
        running_at_end=running,
        screens=[Screen(shown.who, shown.text, shown.ended) for shown in student.screens],
        glances=student.glances,
        continued_from=[each.begun for each in requests if each.prompt == name and each.begun],
    )


async def final_branch(student: Student) -> tuple[list[StoredMessage], bool]:
    """Nothing when the API does not give it, which differs from what is stored, and so is found."""
    if not student.conversation_id:
        return [], False
    try:
        return await student.branch(gateway=student.plan.gateway)
    except (*BROKEN, Refused):
        return [], False
