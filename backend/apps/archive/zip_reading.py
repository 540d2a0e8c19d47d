"""Opening a ZIP that somebody sends: within bounds, and only entries that an archive has. No path is ever followed."""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings

from apps.archive.parts import PARTS, ArchivePart
from apps.core.errors import InvalidInput

DIRECTORY_BYTES_PER_ENTRY = 256  # of an entry of ours it is about a hundred
DIRECTORY_MIN_BYTES = 2**16 + 22  # which are read to find it, behind a comment
CHUNK_BYTES = 2**16
# A page has five, a message twenty and an answer with eight sources a hundred. Each may take some 300 bytes of memory.
MARKS_PER_RECORD = 64
FLAG_ENCRYPTED = 0x1
# What zipfile and its decompressor raise on archives that are damaged, or made to hurt.
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error)
ENTRY = re.compile(r"(?P<part>[a-z_]+)/(?P<id>[0-9a-f-]{36})\.json")
FILE = re.compile(r"files/(?P<sha256>[0-9a-f]{64})")
NO_ARCHIVE = "This file is no archive that can be read. Send the ZIP as it was exported, unchanged."


class ArchiveInvalid(InvalidInput):
    code = "archive_invalid"


class _BoundedReads:
    """A file that gives at most `max_bytes` at once: zipfile reads a whole directory in one piece, into memory."""

    def __init__(self, file: BinaryIO, *, max_bytes: int) -> None:
        self._file, self._max = file, max_bytes
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(self._max + 1 if not 0 <= size <= self._max else size)
        if len(data) > self._max:
            raise ArchiveInvalid("The archive has more entries than are taken.", code="archive_too_large")
        return data


class Marks:
    """Counts commas and opening brackets outside of strings: JSON has no more values than these, and one.

    A parser makes an object of each value before it is known whether that belongs there, which of an entry of small
    ones is a hundred times its size.
    """

    def __init__(self) -> None:
        self.count = 0
        self._in_string = self._escaped = False

    def add(self, chunk: bytes) -> None:
        """The next bytes, wherever they are cut."""
        chunk = chunk[self._escaped :].replace(b"\\\\", b"")
        self._escaped = chunk.endswith(b"\\")
        pieces = chunk.replace(b'\\"', b"").split(b'"')
        outside = b"".join(pieces[self._in_string :: 2])
        self._in_string ^= len(pieces) % 2 == 0
        self.count += sum(map(outside.count, (b",", b"[", b"{")))


@contextmanager
def archive_open(file: BinaryIO) -> Iterator[ZipFile]:
    """Raises: ArchiveInvalid."""
    max_bytes = max(DIRECTORY_MIN_BYTES, settings.ARCHIVE_MAX_ENTRIES * DIRECTORY_BYTES_PER_ENTRY)
    try:
        archive = ZipFile(_BoundedReads(file, max_bytes=max_bytes))
    except BROKEN as error:
        raise ArchiveInvalid(NO_ARCHIVE) from error
    with archive:
        yield archive


def entries_by_part(archive: ZipFile, *, told: Sequence[str]) -> Iterator[tuple[ArchivePart, ZipInfo]]:
    """What is to be read, part after part; `told` are files that may be there and are not.

    Raises: ArchiveInvalid when there are too many, too large ones, packed otherwise, or any that an archive has not.
    """
    infos = archive.infolist()
    if len(infos) > settings.ARCHIVE_MAX_ENTRIES:
        raise ArchiveInvalid("The archive has more entries than are taken.", code="archive_too_large")
    if sum(info.file_size for info in infos if not FILE.fullmatch(info.filename)) > settings.ARCHIVE_MAX_UNPACKED_BYTES:
        raise _too_large(settings.ARCHIVE_MAX_UNPACKED_BYTES, "The archive")
    if len({info.filename for info in infos}) < len(infos):
        raise ArchiveInvalid("The archive has two entries of one name.")
    found: dict[str, list[ZipInfo]] = {part.name: [] for part in PARTS if part.restore}
    for info in infos:
        if info.flag_bits & FLAG_ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise ArchiveInvalid("The archive is encrypted, or packed in a way that is not taken.")
        if info.filename in told or FILE.fullmatch(info.filename):
            continue
        name = ENTRY.fullmatch(info.filename)
        if name is None or name["part"] not in found or not _is_uuid(name["id"]):
            raise ArchiveInvalid("There is an entry in the archive that does not belong there.")
        found[name["part"]].append(info)
    for part in PARTS:
        for info in found.get(part.name, ()):
            yield part, info


def files_by_sha256(archive: ZipFile) -> dict[str, ZipInfo]:
    """The files of documents, as they are declared. Raises: ArchiveInvalid when one, or all, are larger than taken."""
    found = {name["sha256"]: info for info in archive.infolist() if (name := FILE.fullmatch(info.filename))}
    if any(info.file_size > settings.UPLOAD_MAX_BYTES for info in found.values()):
        raise _too_large(settings.UPLOAD_MAX_BYTES, "A file in the archive")
    if sum(info.file_size for info in found.values()) > settings.DOCUMENTS_MAX_BYTES_PER_USER:
        raise _too_large(settings.DOCUMENTS_MAX_BYTES_PER_USER, "What the archive has of files")
    return found


@contextmanager
def file_open(archive: ZipFile, sha256: str, info: ZipInfo) -> Iterator[BinaryIO]:
    """The bytes of a file, which were read through once: they are what the name says, and no more than declared.

    Raises: ArchiveInvalid.
    """
    try:
        with archive.open(info) as entry:
            digest, left = hashlib.sha256(), info.file_size
            while left >= 0 and (chunk := entry.read(CHUNK_BYTES)):
                digest.update(chunk)
                left -= len(chunk)
        if digest.hexdigest() != sha256:
            raise ArchiveInvalid(f"{info.filename}: The file is damaged: its content is not what its name says.")
        with archive.open(info) as entry:
            yield cast(BinaryIO, entry)
    except BROKEN as error:
        raise ArchiveInvalid(NO_ARCHIVE) from error


def entry_read(archive: ZipFile, info: ZipInfo, marks: Marks) -> bytearray:
    """JSON that may be parsed: neither its bytes nor its values are without bounds.

    `marks` has those of the entries before, which were whole, and gets those of this one. Raises: ArchiveInvalid.
    """
    limit, marks_limit = settings.ARCHIVE_ENTRY_MAX_BYTES, settings.ARCHIVE_MAX_RECORDS * MARKS_PER_RECORD
    data = bytearray()
    try:
        with archive.open(info) as entry:
            while len(data) <= limit and marks.count <= marks_limit and (chunk := entry.read(CHUNK_BYTES)):
                data += chunk
                marks.add(chunk)
    except BROKEN as error:
        raise ArchiveInvalid(NO_ARCHIVE) from error
    if len(data) > limit:
        raise _too_large(limit, "An entry of the archive")
    if marks.count > marks_limit:
        raise ArchiveInvalid("The archive holds more than is taken at once.", code="archive_too_large")
    return data


def _too_large(limit: int, what: str) -> ArchiveInvalid:
    return ArchiveInvalid(
        f"{what} is larger than is taken: unpacked at most {limit / 2**20:.0f} MB.", code="archive_too_large"
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
