"""Reads files for the gateway: a child process for each, few at a time, none that outlives its caller."""

import asyncio
import math
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from weakref import WeakKeyDictionary

from django.conf import settings

from apps.documents.errors import ExtractionBusy, refusal
from apps.documents.extraction.filenames import clean_filename
from apps.documents.extraction.job import Job, Limits
from apps.documents.extraction.report import Report
from apps.documents.extraction.results import ExtractedDocument, Reason, Refused

log = getLogger(__name__)

BACKEND = Path(__file__).resolve().parents[3]
CHILD = "apps.documents.extraction.child"
CHUNK_BYTES = 262_144
# Parsers of strangers' files see no secret: of our environment they get what finds Python and its libraries.
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")
# How a child dies of its limits; other signals are crashes of a parser.
SIGNAL_REASONS: dict[int, Reason] = {
    signal.SIGXCPU: "timeout",
    signal.SIGKILL: "too_large",  # the system ran out of memory
    signal.SIGABRT: "too_large",  # PDFium was refused more
}
RETRY_AFTER_S = 10

# A gateway has one loop; each has its own places, since a semaphore belongs to the loop that waits on it.
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def extract(*, filename: str, media_type: str, content: BinaryIO) -> ExtractedDocument:
    """Read a file in a child process of its own; `content` is seekable and is read from its start, in threads.

    Raises: DocumentEncrypted, DocumentBroken, DocumentEmpty, DocumentTypeUnsupported, DocumentTooLarge,
    DocumentTimeout; ExtractionBusy when no place was free within EXTRACTION_TIMEOUT_SECONDS. A caller that is
    cancelled ends the child.
    """
    name = clean_filename(filename)
    timeout_s = settings.EXTRACTION_TIMEOUT_SECONDS
    job = Job(os.getpid(), PurePosixPath(name).suffix.lower(), media_type, _limits(timeout_s))
    try:
        async with _place(timeout_s):
            report = await _run(job, content, timeout_s)
    except Refused as refused:
        raise refusal(refused.reason, filename=name, timeout_s=timeout_s) from refused
    return report.document(name)


def _limits(timeout_s: float) -> Limits:
    return Limits(
        memory_mb=settings.EXTRACTION_MEMORY_MB,
        cpu_s=math.ceil(timeout_s) + 1,  # the clock of the gateway ends it first, and says so better
        max_pages=settings.DOCUMENT_MAX_PAGES,
        max_characters=settings.DOCUMENT_MAX_CHARACTERS,
    )


@asynccontextmanager
async def _place(timeout_s: float) -> AsyncIterator[None]:
    """One of EXTRACTION_CONCURRENCY places, waited for no longer than a file may take."""
    places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(settings.EXTRACTION_CONCURRENCY))
    try:
        async with asyncio.timeout(timeout_s):
            await places.acquire()
    except TimeoutError:
        raise ExtractionBusy(
            "Many files are being read right now. Try again in a moment.", retry_after_s=RETRY_AFTER_S
        ) from None
    try:
        yield
    finally:
        places.release()


async def _run(job: Job, content: BinaryIO, timeout_s: float) -> Report:
    """Start the child, feed it, collect its report, and see it end whatever happens. Raises: Refused."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", CHILD, job.to_argument()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # it could hold text of the file, which belongs in no log
        cwd=BACKEND,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        start_new_session=True,  # Ctrl-C is the gateway's to act on
        limit=job.limits.output_bytes,
    )
    try:
        async with asyncio.timeout(timeout_s):
            report = await _converse(process, content, job.limits)
            code = await process.wait()
    except TimeoutError:
        raise Refused("timeout") from None
    finally:
        await _end(process)
    if not report.is_whole:
        raise _death(code)
    return report


async def _converse(process: asyncio.subprocess.Process, content: BinaryIO, limits: Limits) -> Report:
    assert process.stdin is not None
    assert process.stdout is not None
    feeding = asyncio.create_task(_feed(process, process.stdin, content), name="feed extraction")
    report = Report(max_bytes=limits.output_bytes)
    try:
        async for line in process.stdout:
            report.add(line)
        await feeding  # raises what reading the upload raised
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
    return report


async def _feed(process: asyncio.subprocess.Process, stdin: asyncio.StreamWriter, content: BinaryIO) -> None:
    """Write `content` to the child until its end, or until the child stops listening, which its report explains.

    Raises: what reading `content` raises; the child is killed first, lest it takes half a file for a whole one.
    """
    try:
        await asyncio.to_thread(content.seek, 0)
        while chunk := await asyncio.to_thread(content.read, CHUNK_BYTES):
            if stdin.is_closing():
                return
            stdin.write(chunk)
            await stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return
    except Exception:
        _kill(process)
        raise
    finally:
        stdin.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the child if it still runs, and reap it."""
    if process.returncode is None:
        _kill(process)
        # Reads what is left in the pipe too, since a pipe that is not read to its end is never closed.
        await process.communicate()


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def _death(code: int) -> Exception:
    """What became of a child that ended without a whole report."""
    if code < 0:
        reason = SIGNAL_REASONS.get(-code, "broken")
        log.warning("extraction died of signal %d: %s", -code, reason)
        return Refused(reason)
    return RuntimeError(f"the extraction child ended with code {code} before its report did; run {CHILD} by hand")
