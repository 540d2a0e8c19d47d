"""Reading an archive into an account: all of it or nothing, and what is there already is left as it is."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO, Literal, cast
from uuid import UUID
from zipfile import ZipFile, ZipInfo

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from ninja.files import UploadedFile
from pydantic import BaseModel, ValidationError

from apps.accounts.services.identity import identity_ensure, user_lock, user_of
from apps.archive.parts import PARTS, Restore
from apps.archive.services.exporting import MANIFEST, VERSION
from apps.archive.zip_reading import NO_ARCHIVE, ArchiveInvalid, archive_open, entries_by_part, entry_read
from apps.core.access import Caller
from apps.core.errors import Conflict
from apps.core.units_of_work import unit_of_work

TOLD = (MANIFEST, *(f"{part.name}.json" for part in PARTS if not part.restore))
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
        _check_manifest(archive)
        try:
            return _restore(archive, entries, caller=caller)
        except DataError as error:
            raise ArchiveInvalid(NO_ARCHIVE) from error
        except IntegrityError as error:
            raise Conflict("Something was changed meanwhile. Import it again.", code="import_conflict") from error


def _check_manifest(archive: ZipFile) -> None:
    if MANIFEST not in archive.namelist():
        raise ArchiveInvalid(NO_ARCHIVE)
    try:
        manifest = Manifest.model_validate_json(entry_read(archive, archive.getinfo(MANIFEST)))
    except ValidationError as error:
        raise ArchiveInvalid(NO_ARCHIVE) from error
    if manifest.version != VERSION:
        raise ArchiveInvalid(
            f"The archive has version {manifest.version} of its format; this server reads version {VERSION}.",
            code="archive_version",
        )


@transaction.atomic
def _restore(archive: ZipFile, entries: list[tuple[Restore, ZipInfo]], *, caller: Caller) -> Restored:
    identity = identity_ensure(caller=caller)
    user_lock(identity.user.pk)  # as prompts do, and another import
    counts, ids = Counter[str](), dict[UUID, UUID]()
    for restore, info in entries:
        try:
            counts.update(restore(data=entry_read(archive, info), user=identity.user, ids=ids))
        except ValidationError as error:
            raise ArchiveInvalid(f"{info.filename}: {_reason(error)}") from error
        if counts.total() > settings.ARCHIVE_MAX_RECORDS:
            raise ArchiveInvalid(
                f"The archive holds more than the {settings.ARCHIVE_MAX_RECORDS:,} rows that are taken at once.",
                code="archive_too_large",
            )
    return Restored(counts=counts, session_key=identity.session_key)


def _reason(error: ValidationError) -> str:
    """The first thing that is wrong, and where; never the value itself."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
