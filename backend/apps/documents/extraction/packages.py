"""Files that are ZIP archives of parts: told apart, and unpacked within bounds before any library sees them."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from apps.documents.extraction.results import Kind, Refused

MAX_MEMBERS = 20_000
CHUNK_BYTES = 65_536
FLAG_ENCRYPTED = 0x1
TYPES, TYPES_MAX_BYTES = "[Content_Types].xml", 1_000_000
MIMETYPE, EPUB_CONTAINER = "mimetype", "META-INF/container.xml"
END_SIGNATURE, END_BYTES, COMMENT_MAX_BYTES = b"PK\x05\x06", 22, 65_535
# The main part of Office's kinds, and of what is the same but for macros, or for how it is opened.
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
SHEETS = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OFFICE = b"application/vnd.openxmlformats-officedocument."
MAIN_TYPES: dict[bytes, Kind] = {WORD: "docx", SLIDES: "pptx", SHEETS: "xlsx"}
ALIKE = {
    b"application/vnd.ms-word.document.macroEnabled.main+xml": WORD,
    b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml": WORD,
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": WORD,
    b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml": SLIDES,
    b"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml": SLIDES,
    b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml": SLIDES,
    b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml": SLIDES,
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml": SHEETS,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": SHEETS,
}
MIMETYPES: dict[bytes, Kind] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
    b"application/epub+zip": "epub",
}
OTHER_OFFICE = b"application/vnd.oasis.opendocument."


def package_kind(content: bytes) -> Kind:
    """Raises: Refused, when it is a package of something else, or none."""
    with _damage_is_refused(), zipfile.ZipFile(io.BytesIO(content)) as source:
        if TYPES in source.NameToInfo:
            types = _main_as_plain(_start(source, TYPES))
            if kind := next((kind for main, kind in MAIN_TYPES.items() if main.removeprefix(OFFICE) in types), None):
                return kind
            raise Refused("unsupported")
        mimetype = _start(source, MIMETYPE).strip() if MIMETYPE in source.NameToInfo else b""
        if mimetype in MIMETYPES:
            return MIMETYPES[mimetype]
        if EPUB_CONTAINER in source.NameToInfo:
            return "epub"
    raise Refused("unsupported" if mimetype.startswith(OTHER_OFFICE) else "archive")


def ends_as_zip(content: bytes) -> bool:
    """Whether a ZIP archive ends exactly where the file does: then it is one too, whatever its beginning is."""
    tail = content[-COMMENT_MAX_BYTES - END_BYTES :]
    at = tail.rfind(END_SIGNATURE)
    if at < 0 or len(tail) - at < END_BYTES:
        return False
    return len(tail) - at == END_BYTES + int.from_bytes(tail[at + 20 : at + 22], "little")


def xml_parts_only(content: bytes, *, max_bytes: int) -> bytes:
    """A copy of an Office file whose XML is stored uncompressed and whose pictures, films and fonts are empty.

    So a library that loads every part takes memory for text alone, and meets no compressed data.
    `max_bytes` bounds the XML of all parts: by the declared sizes first, then by what is really read.
    Raises: Refused.
    """
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as target:
        for name, data in parts(content, lambda name: name.lower().endswith((".xml", ".rels")), max_bytes=max_bytes):
            target.writestr(name, _main_as_plain(data) if name == TYPES else data)
    return copy.getvalue()


def parts(content: bytes, wanted: Callable[[str], bool], *, max_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Every part by its name, those that are not `wanted` empty; as many bytes as `max_bytes`. Raises: Refused."""
    with _damage_is_refused(), zipfile.ZipFile(io.BytesIO(content)) as source:
        _check_declared(source.infolist(), wanted, max_bytes)
        left = max_bytes
        for name, member in source.NameToInfo.items():  # a name that stands twice counts once
            data = _read(source, member, left) if wanted(name) else b""
            left -= len(data)
            yield name, data


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    """For what zipfile and its decompressors raise on damaged archives and on unknown methods."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise Refused("broken") from error


def _main_as_plain(types: bytes) -> bytes:
    for name, plain in ALIKE.items():
        types = types.replace(b'"' + name + b'"', b'"' + plain + b'"')
    return types


def _start(source: zipfile.ZipFile, name: str) -> bytes:
    if source.NameToInfo[name].flag_bits & FLAG_ENCRYPTED:
        raise Refused("encrypted")
    with source.open(name) as member:
        return member.read(TYPES_MAX_BYTES)


def _check_declared(members: list[zipfile.ZipInfo], wanted: Callable[[str], bool], max_bytes: int) -> None:
    if any(member.flag_bits & FLAG_ENCRYPTED for member in members):
        raise Refused("encrypted")
    declared = sum(member.file_size for member in members if wanted(member.filename))
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
