"""Child processes that do what is dangerous: few at a time, without secrets, none that outlives its caller."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from weakref import WeakKeyDictionary

from django.conf import settings

from apps.documents.errors import ExtractionBusy
from apps.documents.extraction.results import Refused

BACKEND = Path(__file__).resolve().parents[3]
CHUNK_BYTES = 262_144
# Of what a child has said and nobody has read yet: more would be memory of the gateway that children decide on.
BUFFER_BYTES = 65_536
# Parsers of strangers' files see no secret: of our environment they get what finds Python and its libraries.
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "LANG", "LC_ALL")
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
RETRY_AFTER_S = 10


class Places:
    """As many at once as a setting says; each event loop has its own, since semaphores belong to one."""

    def __init__(self, setting: str, busy: str) -> None:
        self._setting, self._busy = setting, busy
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    @asynccontextmanager
    async def place(self, *, within_s: float) -> AsyncIterator[None]:
        """Raises: ExtractionBusy."""
        count = getattr(settings, self._setting)
        places = self._of_loops.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(count))
        try:
            async with asyncio.timeout(within_s):
                await places.acquire()
        except TimeoutError:
            raise ExtractionBusy(self._busy, retry_after_s=RETRY_AFTER_S) from None
        try:
            yield
        finally:
            places.release()


@asynccontextmanager
async def copied(content: BinaryIO, *, max_bytes: int) -> AsyncIterator[BinaryIO]:
    """A file without a name that has what `content` has from its start: children read it as often as they must.

    Raises: Refused, when it is larger than `max_bytes`; what reading `content` raises.
    """
    with await asyncio.to_thread(tempfile.TemporaryFile) as file:
        await asyncio.to_thread(content.seek, 0)
        size = 0
        while chunk := await asyncio.to_thread(content.read, CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise Refused("too_large")
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.flush)
        yield file


@asynccontextmanager
async def child(module: str, *, job: dict[str, str], file: BinaryIO) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that runs `module` with `file` as its input and the variables of `job`; ended and reaped afterwards."""
    file.seek(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=file,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # it could hold text of the file, which belongs in no log
        cwd=BACKEND,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | ONE_THREAD | job,
        start_new_session=True,  # Ctrl-C is the gateway's to act on; and what it starts ends with it
        limit=BUFFER_BYTES,
    )
    try:
        yield process
    finally:
        await _end(process)


def cpu_seconds(process: asyncio.subprocess.Process) -> float | None:
    """Processor time that a child took, without what it started; None where that cannot be told, or when it is gone."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def line_of(stream: asyncio.StreamReader, *, max_bytes: int) -> bytes:
    """The next line, whole; what is left at the end, which is nothing when all was read. Raises: ValueError."""
    parts: list[bytes] = []
    size = 0
    while size <= max_bytes:
        try:
            return b"".join([*parts, await stream.readuntil()])
        except asyncio.IncompleteReadError as error:
            return b"".join([*parts, error.partial])
        except asyncio.LimitOverrunError as error:  # longer than the buffer: take what there is
            parts.append(await stream.readexactly(error.consumed))
            size += error.consumed
    raise ValueError("a line has no end")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the child, with what it started, if it still runs, and reap it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        # Reads what is left in the pipe too, since a pipe that is not read to its end is never closed.
        await _drained(process)


async def _drained(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    while await process.stdout.read(CHUNK_BYTES):
        pass
    await process.wait()
