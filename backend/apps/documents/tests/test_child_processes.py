"""The processes that read files: few, bounded, without secrets, and gone when they should be."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import pytest
import uvloop
from pytest_django import Settings

from apps.documents.errors import DocumentTooLarge, ExtractionBusy
from apps.documents.extraction.pool import extract
from apps.documents.extraction.recovery import CHILD
from apps.documents.tests import sample_files
from apps.documents.tests.extracting import extracted
from apps.documents.tests.hostile_files import pdf_bomb
from apps.documents.tests.processes import children_of, eventually, eventually_blocking, is_alive, read_proc

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]
GATEWAY = """
import asyncio, sys
from apps.documents.tests.extracting import extracted
asyncio.run(extracted(sys.stdin.buffer.read(), "slow.pdf"))
"""


class Endless(io.BytesIO):
    """An upload that never ends."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        return b"%PDF-" + bytes(size - 5)


class Unreadable(Endless):
    """An upload whose disk fails."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


async def opened(content: io.BytesIO) -> object:
    """The first that is told of a file."""
    async with aclosing(extract(filename="a.pdf", media_type="", content=content)) as results:
        return await anext(results)


def slow_pdf() -> io.BytesIO:
    """Several seconds of work."""
    return io.BytesIO(pdf_bomb(200, operator=b"0 0 m "))


def extraction_children(pid: int | None = None) -> list[int]:
    return [child for child in children_of(pid or os.getpid()) if CHILD in read_proc(child, "cmdline")]


@asynccontextmanager
async def running_extraction() -> AsyncIterator[int]:
    """The id of a child that is busy; cancelled at the end."""
    task = asyncio.create_task(extracted(slow_pdf().getvalue(), "slow.pdf"))
    try:
        await eventually(lambda: bool(extraction_children()))
        yield extraction_children()[0]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_cancelled_caller_leaves_no_child() -> None:
    before = children_of(os.getpid())
    async with running_extraction() as child:
        assert is_alive(child)
    assert children_of(os.getpid()) == before
    assert not is_alive(child)


async def test_a_child_is_bounded_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "sk-hush")
    async with running_extraction() as child:
        await eventually(lambda: limit_of(child, "Max file size") == "0")
        assert limit_of(child, "Max address space") == str(1024 * 2**20)
        assert limit_of(child, "Max cpu time") == "186"
        assert limit_of(child, "Max open files") == "32"
        assert os.getsid(child) == child
        assert "sk-hush" not in read_proc(child, "environ")
        assert "SECRET" not in read_proc(child, "environ")


def limit_of(pid: int, name: str) -> str | None:
    """The soft limit in /proc/<pid>/limits."""
    line = next((line for line in read_proc(pid, "limits").splitlines() if line.startswith(name)), None)
    return line.removeprefix(name).split()[0] if line else None


async def test_no_process_descriptor_or_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    await extracted(sample_files.study_pdf(2), "a.pdf")
    children, descriptors = children_of(os.getpid()), len(os.listdir("/proc/self/fd"))
    for content in (sample_files.study_pdf(2), sample_files.encrypted_pdf(), sample_files.not_a_pdf()):
        with suppress(Exception):
            await extracted(content, "a.pdf")
    await eventually(lambda: len(os.listdir("/proc/self/fd")) <= descriptors)
    assert children_of(os.getpid()) == children
    assert os.listdir(tmp_path) == []


async def test_no_more_than_the_limit_run_at_once(settings: Settings) -> None:
    settings.EXTRACTION_CONCURRENCY = 1
    content = sample_files.study_pdf(2)
    tasks = [asyncio.create_task(extracted(content, "a.pdf")) for _ in range(3)]
    most = 0

    def all_done() -> bool:
        nonlocal most
        most = max(most, len(extraction_children()))
        return all(task.done() for task in tasks)

    await eventually(all_done)
    assert most == 1
    assert [len(task.result().pages) for task in tasks] == [2, 2, 2]


async def test_a_file_that_finds_no_place_in_time_is_told_to_come_back(settings: Settings) -> None:
    settings.EXTRACTION_CONCURRENCY = 1
    async with running_extraction():
        settings.EXTRACTION_TIMEOUT_SECONDS = 0.1
        with pytest.raises(ExtractionBusy) as caught:
            await extracted(b"text", "a.txt")
    assert caught.value.status == 503
    assert caught.value.retry_after_s


@pytest.mark.parametrize("new_loop", LOOPS, ids=["asyncio", "uvloop"])
def test_an_endless_file_is_refused(settings: Settings, new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    settings.EXTRACTION_MEMORY_MB = 128
    before = children_of(os.getpid())
    with asyncio.Runner(loop_factory=new_loop) as runner, pytest.raises(DocumentTooLarge):
        runner.run(opened(Endless()))
    assert children_of(os.getpid()) == before


@pytest.mark.parametrize("new_loop", LOOPS, ids=["asyncio", "uvloop"])
def test_an_upload_that_cannot_be_read_is_our_fault(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    before = children_of(os.getpid())
    with asyncio.Runner(loop_factory=new_loop) as runner, pytest.raises(OSError, match="Input/output error"):
        runner.run(opened(Unreadable()))
    assert children_of(os.getpid()) == before


def test_a_child_dies_with_its_gateway() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    gateway = subprocess.Popen([sys.executable, "-c", GATEWAY], stdin=subprocess.PIPE, env=environment)
    try:
        assert gateway.stdin is not None
        gateway.stdin.write(slow_pdf().getvalue())
        gateway.stdin.close()
        eventually_blocking(lambda: bool(extraction_children(gateway.pid)))
        child = extraction_children(gateway.pid)[0]
    finally:
        gateway.send_signal(signal.SIGKILL)
        gateway.wait()
    eventually_blocking(lambda: not is_alive(child))
