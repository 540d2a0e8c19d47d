"""Units of work of background tasks, which outlast a database that is away."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from apps.core.pauses import pause_at_most
from apps.core.units_of_work import DATABASE_AWAY, unit_of_work

P = ParamSpec("P")
T = TypeVar("T")
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 2.0


async def patient_unit_of_work(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Try until the database answers. It may run a second time after a commit whose answer got lost."""
    pause_s = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await unit_of_work(function, *args, **kwargs)
        except DATABASE_AWAY:
            await pause_at_most(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_SECONDS)
