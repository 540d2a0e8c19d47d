"""Everything that touches the database runs here: one synchronous function, in a thread of a bounded pool.

The async ORM has no transactions, and Django's way of a thread and a connection per request would hold both for as
long as a stream lives. Units are short; the pool's threads live as long as the process and keep their connection.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.db import InterfaceError, OperationalError, close_old_connections, reset_queries

P = ParamSpec("P")
T = TypeVar("T")

# What the database raises when it is away, busy for too long, or has cut the line: the same unit may succeed later.
DATABASE_AWAY = (OperationalError, InterfaceError)
_pool = ThreadPoolExecutor(settings.UNIT_OF_WORK_THREADS, thread_name_prefix="unit-of-work")
_pulse = ThreadPoolExecutor(1, thread_name_prefix="pulse")


async def unit_of_work(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` in the pool and return what it returns; it opens its own transaction.

    A caller that is cancelled does not interrupt it: a transaction is never cut in the middle.
    """
    return await asyncio.get_running_loop().run_in_executor(_pool, partial(_run, function, *args, **kwargs))


async def pulse_unit_of_work(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The same in a thread of its own: a process must not lose its lease because its requests queue."""
    return await asyncio.get_running_loop().run_in_executor(_pulse, partial(_run, function, *args, **kwargs))


def _run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


def connections_leave_requests() -> None:
    """Disconnect Django's per-request receivers: each would open a thread for every request.

    Here connections are looked after around each unit of work, and by `django_middlewares.Connections`.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    request_finished.disconnect(close_caches)
