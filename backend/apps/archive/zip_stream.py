"""Writing a ZIP to somebody who reads it while it is written: never whole anywhere, and JSON in pages."""

from collections import Counter
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

import orjson

from apps.archive.parts import Members


class Sink:
    """Keeps what was written until it is taken. It has no `tell`, so zipfile never goes back to what is gone."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def write(self, data: bytes, /) -> int:
        self._kept += data
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def take(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def entry_info(path: str, *, made_at: tuple[int, int, int, int, int, int]) -> ZipInfo:
    """A compressed entry; `made_at` is year, month, day, hour, minute and second, UTC."""
    info = ZipInfo(path, date_time=made_at)
    info.compress_type = ZIP_DEFLATED
    return info


def file_info(path: str, *, made_at: tuple[int, int, int, int, int, int]) -> ZipInfo:
    """An entry as it is: most kinds of files are compressed in themselves."""
    info = ZipInfo(path, date_time=made_at)
    info.compress_type = ZIP_STORED
    return info


def json_pieces(members: Members, counts: Counter[str]) -> Iterator[bytes]:
    """A JSON object; a piece for each page of a list in it, whose rows are counted under its name."""
    held, mark = b"", b"{"
    for name, value in members:
        held += mark + orjson.dumps(name) + b":"
        mark = b",\n"
        if not isinstance(value, Iterator):
            held += orjson.dumps(value)
            continue
        held, between = held + b"[", b"\n"
        for page in value:
            counts[name] += len(page)
            for row in page:
                held, between = held + between + orjson.dumps(row), b",\n"
            yield held
            held = b""
        held += b"]"
    yield held + b"}\n"
