"""All that a user has, as one ZIP that is made while it is read. Its format stands in docs/archive.md."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import UUID
from zipfile import ZipFile

import orjson

from apps.accounts.models import User
from apps.archive.parts import PARTS
from apps.archive.zip_stream import Sink, entry_info, file_info, json_pieces
from apps.core.units_of_work import unit_of_work
from apps.documents.archive_files import files_export

FORMAT, VERSION = "lamla-archive", 1
MANIFEST = "manifest.json"
FILES = "files"
ZIP64_FROM_BYTES = 2**31 - 2**20  # which must be said before the first byte


async def archive_stream(*, user: User) -> AsyncIterator[bytes]:
    """The bytes of the ZIP. While the reader takes its time, no thread, connection or transaction is held."""
    pieces = archive_pieces(user=user)
    # Who leaves in mid-step leaves the generator to a thread that runs it; it ends when it is let go of.
    while (piece := await unit_of_work(_next, pieces)) is not None:
        if piece:
            yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def archive_pieces(*, user: User) -> Iterator[bytes]:
    """The same for who may block; each step is a unit of work: it reads and packs one page. A piece may be empty."""
    sink, counts, exported = Sink(), Counter[str](), set[UUID]()
    now = datetime.now(UTC)
    made_at = now.timetuple()[:6]
    with ZipFile(sink, "w") as archive:
        for part in PARTS:
            for pk, members in part.export(user_id=user.pk, exported=exported):
                path = f"{part.name}/{pk}.json" if pk else f"{part.name}.json"
                with archive.open(entry_info(path, made_at=made_at), "w") as entry:
                    for piece in json_pieces(members, counts):
                        entry.write(piece)
                        yield sink.take()
                if pk:
                    exported.add(pk)
                    counts[part.name] += 1
        for sha256, size_bytes, chunks in files_export(user_id=user.pk, exported=exported):
            is_large = size_bytes > ZIP64_FROM_BYTES
            with archive.open(file_info(f"{FILES}/{sha256}", made_at=made_at), "w", force_zip64=is_large) as entry:
                for chunk in chunks:
                    entry.write(chunk)
                    yield sink.take()
            counts[FILES] += 1
        # The last entry, since it counts what was really written.
        told = {"format": FORMAT, "version": VERSION, "made_at": now, "email": user.email or None, "counts": counts}
        archive.writestr(entry_info(MANIFEST, made_at=made_at), orjson.dumps(told, option=orjson.OPT_INDENT_2))
    yield sink.take()
