"""Reading an archive into an account: all of it or nothing, and what is there already is left as it is.

First all of it is read, checked and counted, without the database; only then a transaction begins, which stores it.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal, cast
from uuid import UUID
from zipfile import ZipFile, ZipInfo

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from ninja.files import UploadedFile
from pydantic import BaseModel, ValidationError

from apps.accounts.services.identity import identity_ensure, user_lock, user_of
from apps.archive.parts import PARTS, Prepared, Restore
from apps.archive.services.exporting import MANIFEST, VERSION
from apps.archive.zip_reading import (
    NO_ARCHIVE,
    ArchiveInvalid,
    Marks,
    archive_open,
    entries_by_part,
    entry_read,
    file_open,
    files_by_sha256,
)
from apps.core.access import Caller
from apps.core.errors import Conflict
from apps.core.units_of_work import unit_of_work
from apps.documents.archive_files import KeptFile, file_keep, files_attach, files_leave, files_wanted
from apps.documents.services.deleting import removed_files_delete_now

TOLD = (MANIFEST, *(f"{part.name}.json" for part in PARTS if not part.restore))
# Of entries as they were unpacked: so much is kept, parsed, until it is stored, and the rest is read again then. Text
# takes up to four times as much in memory, small parts of messages twenty times.
HELD_MAX_BYTES = 8 * 2**20
PLACE_MAX = 100  # characters; the name of an unknown member may be as long as the entry
ERRORS_MAX = 1000  # above it, none is told
# Each holds the database's write lock (SQLite) for seconds, and a thread.
_one_at_a_time = asyncio.Semaphore(1)


class Manifest(BaseModel):
    """As far as it decides anything."""

    format: Literal["lamla-archive"]
    version: int


@dataclass(frozen=True)
class Restored:
    """What was made, and the caller's session, of a guest that may be new."""

    counts: Counter[str]
    session_key: str


async def archive_import(*, caller: Caller, file: UploadedFile) -> Restored:
    """Raises: Unauthorized, Forbidden; ArchiveInvalid with the reason; nothing is stored then."""
    content = cast(BinaryIO, file)  # Django's wrapper passes the methods of a file on
    async with _one_at_a_time:
        return await unit_of_work(archive_restore, caller=caller, file=content)


def archive_restore(*, caller: Caller, file: BinaryIO) -> Restored:
    """A unit of work. Raises: as above; Conflict when somebody else made a row of the same id meanwhile."""
    user_of(caller=caller)  # who may not do this is told so before anything is read
    with archive_open(file) as archive:
        # First the whole directory, so that nothing is unpacked by a method that takes memory as it likes.
        entries = [(part.restore, info) for part, info in entries_by_part(archive, told=TOLD) if part.restore]
        files = files_by_sha256(archive)
        _check_manifest(archive)
        held = _prepared(archive, entries)
        kept: dict[str, KeptFile] = {}
        try:
            if files:
                caller = _with_files(caller, archive, files, kept)
            return _store(archive, entries, held, caller=caller, kept=kept)
        except DataError as error:
            raise ArchiveInvalid(NO_ARCHIVE) from error
        except IntegrityError as error:
            raise Conflict("Something was changed meanwhile. Import it again.", code="import_conflict") from error
        finally:
            if kept:
                files_leave(kept)
                removed_files_delete_now()


def _with_files(caller: Caller, archive: ZipFile, files: Mapping[str, ZipInfo], kept: dict[str, KeptFile]) -> Caller:
    """Store the bytes that the caller has not, before the transaction, which must be short; return who owns them.

    That is the caller with its session. `kept` gets the bytes, by SHA-256. Raises: Unauthorized, Forbidden,
    ArchiveInvalid, Unavailable.
    """
    with transaction.atomic():
        identity = identity_ensure(caller=caller)
    for sha256 in sorted(files_wanted(user=identity.user, found=files.keys())):
        info = files[sha256]
        with file_open(archive, sha256, info) as content:
            kept[sha256] = file_keep(user=identity.user, sha256=sha256, size_bytes=info.file_size, content=content)
    return replace(caller, session_key=identity.session_key) if identity.session_key else caller


def _check_manifest(archive: ZipFile) -> None:
    if MANIFEST not in archive.namelist():
        raise ArchiveInvalid(NO_ARCHIVE)
    try:
        manifest = Manifest.model_validate_json(entry_read(archive, archive.getinfo(MANIFEST), Marks()))
    except ValidationError as error:
        raise ArchiveInvalid(NO_ARCHIVE) from error
    if manifest.version != VERSION:
        raise ArchiveInvalid(
            f"The archive has version {manifest.version} of its format; this server reads version {VERSION}.",
            code="archive_version",
        )


def _prepared(archive: ZipFile, entries: Sequence[tuple[Restore, ZipInfo]]) -> list[Prepared | None]:
    """Every entry, known to be good; None for those that are to be read again. Raises: ArchiveInvalid."""
    held: list[Prepared | None] = []
    rows, held_bytes, marks = 0, 0, Marks()
    for read, info in entries:
        record = _record(archive, read, info, marks)
        rows += record.rows
        if rows > settings.ARCHIVE_MAX_RECORDS:
            raise ArchiveInvalid(
                f"The archive holds more than the {settings.ARCHIVE_MAX_RECORDS:,} rows that are taken at once.",
                code="archive_too_large",
            )
        held_bytes += info.file_size  # which it was found to have
        held.append(record if held_bytes <= HELD_MAX_BYTES else None)
    return held


def _record(archive: ZipFile, read: Restore, info: ZipInfo, marks: Marks) -> Prepared:
    """Raises: ArchiveInvalid."""
    try:
        return read(entry_read(archive, info, marks))
    except ValidationError as error:
        code, reason = _reason(error)
        raise ArchiveInvalid(f"{info.filename}: {reason}", code=code) from error
    except ValueError as error:
        raise ArchiveInvalid(f"{info.filename}: This is no JSON that can be read.") from error


@transaction.atomic
def _store(
    archive: ZipFile,
    entries: Sequence[tuple[Restore, ZipInfo]],
    held: Sequence[Prepared | None],
    *,
    caller: Caller,
    kept: Mapping[str, KeptFile],
) -> Restored:
    identity = identity_ensure(caller=caller)
    user_lock(identity.user.pk)  # as prompts do, and another import
    counts, ids = Counter[str](), {part.name: dict[UUID, UUID]() for part in PARTS}
    for (read, info), prepared in zip(entries, held, strict=True):
        record = prepared or _record(archive, read, info, Marks())
        counts.update(record.store(user=identity.user, ids=ids))
    for part in PARTS:
        if part.finish:
            part.finish(ids[part.name].values())
    if kept and (attached := files_attach(user=identity.user, kept=kept)):
        counts["files"] = attached
    return Restored(counts=counts, session_key=identity.session_key)


def _reason(error: ValidationError) -> tuple[str, str]:
    """A code, and the first thing that is wrong, and where; never the value itself."""
    if error.error_count() > ERRORS_MAX:
        return ArchiveInvalid.code, "There is more wrong with it than can be told."
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])[:PLACE_MAX]
    is_long_list = first["type"] == "too_long" and first["ctx"]["field_type"] == "List"
    code = "archive_too_large" if is_long_list else ArchiveInvalid.code
    return code, f"{place}: {first['msg']}" if place else str(first["msg"])
