"""Office files are ZIP archives; here they are unpacked within bounds before any library sees them."""

import io
import zipfile
import zlib

from apps.documents.extraction.results import Refused

MAX_MEMBERS = 20_000
CHUNK_BYTES = 65_536
FLAG_ENCRYPTED = 0x1
XML_SUFFIXES = (".xml", ".rels")


def xml_parts_only(content: bytes, *, max_bytes: int) -> bytes:
    """A copy of an Office file whose XML is stored uncompressed and whose pictures, films and fonts are empty.

    So a library that loads every part takes memory for text alone, and meets no compressed data.
    `max_bytes` bounds the XML of all parts: by the declared sizes first, then by what is really read.
    Raises: Refused.
    """
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(copy, "w") as target:
            _check_declared(source.infolist(), max_bytes)
            left = max_bytes
            for name, member in source.NameToInfo.items():  # a name that stands twice counts once
                data = _read(source, member, left) if _is_xml(name) else b""
                left -= len(data)
                target.writestr(name, data)
    # What zipfile and its decompressors raise on damaged archives and on unknown methods.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeError) as error:
        raise Refused("broken") from error
    return copy.getvalue()


def _is_xml(name: str) -> bool:
    return name.lower().endswith(XML_SUFFIXES)


def _check_declared(members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    if any(member.flag_bits & FLAG_ENCRYPTED for member in members):
        raise Refused("encrypted")
    declared = sum(member.file_size for member in members if _is_xml(member.filename))
    if len(members) > MAX_MEMBERS or declared > max_bytes:
        raise Refused("too_large")


def _read(source: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """The bytes of one member, read in pieces, since the declared size of a hostile archive is a lie."""
    data = bytearray()
    with source.open(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            data += chunk
            if len(data) > max_bytes:
                raise Refused("too_large")
    return bytes(data)
