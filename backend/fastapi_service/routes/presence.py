"""Notices when a client goes away, so that nothing is computed for nobody."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

from fastapi_service.core.errors import ClientGone

Result = TypeVar("Result")


async def when_gone(receive: Receive, then: Callable[[], object]) -> None:
    """Call `then` when the client has closed its connection; to be started after the body was read."""
    while (await receive())["type"] != "http.disconnect":
        pass
    then()


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of `work`, which is cancelled when the client leaves. Raises: ClientGone, then."""
    working = asyncio.create_task(work)
    watching = asyncio.create_task(when_gone(receive, working.cancel))
    try:
        return await working
    except asyncio.CancelledError:
        if watching.done():
            raise ClientGone from None
        raise
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.wait({working, watching})
