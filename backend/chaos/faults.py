"""The faults: each is done to real processes, and returns when it is over."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from chaos.plan import AT_A_GATEWAY, Fault, RoundPlan
from chaos.site import Site
from chaos.student import Student
from fake_provider.testing import FakeProcess
from tests.stack import Service


@dataclass(frozen=True)
class Struck:
    """`interrupted_at` (s since the epoch): from when on an answer could be gone on with.

    That is the moment of the kill, but where the only process that could go on was kept away on purpose, its return.
    `start_s`: how long the process that was killed took to start again; `accident`: what went wrong with it.
    """

    interrupted_at: float
    start_s: float | None = None
    accident: str = ""


Fate = Callable[[RoundPlan, Site, Sequence[Student]], Awaitable[Struck]]


async def strike(plan: RoundPlan, site: Site, students: Sequence[Student]) -> Struck:
    return await FATES[plan.fault](plan, site, students)


async def _gateway_killed(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    gateway = site.stack.gateways[plan.victim]
    at = _kill(gateway)
    return Struck(at, await _start(gateway))


async def _gateway_killed_late(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    gateway = site.stack.gateways[plan.victim]
    killed_at = _kill(gateway)
    await asyncio.sleep(plan.lasts_s)
    returned_at = time.time()
    start_s = await _start(gateway)
    return Struck(killed_at if len(site.stack.gateways) > 1 else returned_at, start_s)


async def _gateway_gone(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    return Struck(_kill(site.stack.gateways[plan.victim]))


async def _gateway_killed_in_post(plan: RoundPlan, site: Site, students: Sequence[Student]) -> Struck:
    """The students of the fault send their prompts the moment that `struck` is set, just before the kill."""
    late = [student for student in students if student.plan.in_the_fault]
    await asyncio.gather(*(student.ready.wait() for student in late))
    for student in students:
        student.struck.set()
    await asyncio.sleep(plan.lasts_s)
    return await _gateway_killed(plan, site, students)


async def _gateway_frozen(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    gateway = site.stack.gateways[plan.victim]
    frozen_at = time.time()
    os.kill(gateway.pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(plan.lasts_s)
    finally:
        os.kill(gateway.pid, signal.SIGCONT)
    return Struck(frozen_at if len(site.stack.gateways) > 1 else time.time())


async def _gateway_ended(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    """It drains first: until its end its answers go on."""
    gateway = site.stack.gateways[plan.victim]
    accident = ""
    try:
        await asyncio.to_thread(gateway.end)
    except subprocess.TimeoutExpired:
        accident = f"{gateway.name} did not end on SIGTERM"
    ended_at = time.time()
    return Struck(ended_at, await _start(gateway), accident)


async def _worker_killed(_: RoundPlan, site: Site, __: Sequence[Student]) -> Struck:
    at = time.time()
    await asyncio.to_thread(site.stack.worker.kill_all)
    return Struck(at, await _start(site.stack.worker))


async def _worker_process_killed(_: RoundPlan, site: Site, __: Sequence[Student]) -> Struck:
    """The one that answers most."""
    busiest = max(site.stack.worker.server_processes(), key=lambda process: len(process.net_connections()))
    at = time.time()
    busiest.kill()
    return Struck(at)


async def _provider_killed(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    """The one that answers most."""
    provider = await asyncio.to_thread(max, site.providers, key=open_requests)
    at = time.time()
    provider.kill()
    await asyncio.sleep(plan.lasts_s)
    await asyncio.to_thread(provider.start_again)
    return Struck(at)


async def _provider_cut(_: RoundPlan, __: Site, ___: Sequence[Student]) -> Struck:
    """By the prompts' own directives."""
    return Struck(time.time())


async def _database_locked(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    at = time.time()
    await asyncio.to_thread(site.database.hold_write_lock, seconds=plan.lasts_s)
    return Struck(at)


async def _database_cut(_: RoundPlan, site: Site, __: Sequence[Student]) -> Struck:
    assert site.postgres
    at = time.time()
    await asyncio.to_thread(site.postgres.cut_connections)
    return Struck(at)


async def _database_stopped(plan: RoundPlan, site: Site, _: Sequence[Student]) -> Struck:
    assert site.postgres
    at = time.time()
    await asyncio.to_thread(site.postgres.stop)
    await asyncio.sleep(plan.lasts_s)
    await asyncio.to_thread(site.postgres.start)
    return Struck(at)


async def _readers_vanished(plan: RoundPlan, _: Site, students: Sequence[Student]) -> Struck:
    at = time.time()
    for student in students:
        student.vanish(away_s=plan.lasts_s)
    await asyncio.sleep(plan.lasts_s)
    return Struck(at)


FATES: Mapping[Fault, Fate] = {
    Fault.GATEWAY_KILLED: _gateway_killed,
    Fault.GATEWAY_KILLED_LATE: _gateway_killed_late,
    Fault.GATEWAY_GONE: _gateway_gone,
    Fault.GATEWAY_KILLED_IN_POST: _gateway_killed_in_post,
    Fault.GATEWAY_FROZEN: _gateway_frozen,
    Fault.GATEWAY_ENDED: _gateway_ended,
    Fault.WORKER_KILLED: _worker_killed,
    Fault.WORKER_PROCESS_KILLED: _worker_process_killed,
    Fault.PROVIDER_KILLED: _provider_killed,
    Fault.PROVIDER_CUT: _provider_cut,
    Fault.DATABASE_LOCKED: _database_locked,
    Fault.DATABASE_CUT: _database_cut,
    Fault.DATABASE_STOPPED: _database_stopped,
    Fault.READERS_VANISHED: _readers_vanished,
}


def about_to_be_hit(plan: RoundPlan, site: Site) -> set[str]:
    """Names of the prompts whose answers are being written, where a gateway is hit: by that one."""
    live = site.database.live(prefix=plan.prefix)
    if plan.fault not in AT_A_GATEWAY:
        return {each.prompt for each in live}
    victim = site.stack.gateways[plan.victim].env["GATEWAY_HOST_NAME"]
    return {each.prompt for each in live if each.owner.startswith(f"{victim}/")}


def open_requests(provider: FakeProcess) -> int:
    return sum(entry["closed_by"] is None for entry in provider.log())


def _kill(service: Service) -> float:
    """Kill it and return the moment (s since the epoch)."""
    at = time.time()
    service.kill()
    return at


async def _start(service: Service) -> float:
    """Start it and return after how many seconds it was healthy."""
    began = time.monotonic()
    await asyncio.to_thread(service.start)
    return time.monotonic() - began
