"""What a file is, by its content; its name only decides between kinds that look alike."""

import re

from apps.documents.extraction.packages import ends_as_zip, package_kind
from apps.documents.extraction.results import Kind, Refused
from apps.documents.extraction.suffixes import CODE_NAMES, CODE_SUFFIXES, SUFFIXES

HEAD_BYTES = 1024  # PDF allows its signature anywhere in the first 1,024 bytes
SAMPLE_BYTES = 65_536
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO]: the stream of a protected Office file
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # UTF-16, UTF-32
PICTURES = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|II\*\x00|MM\x00\*|BM.{4}\x00{4}.\x00\x00\x00[\x0c\x28-\x7c]\x00",
    re.DOTALL,
)
HEIC = re.compile(rb".{4}ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL)
ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
TAR_MARK, TAR_MARK_AT = b"ustar", 257
RTF = b"{\\rtf"
# Readable as characters, or nearly so, and still not text.
NO_TEXT_SIGNATURES = (b"%!PS", b"RIFF", b"OggS", b"ID3", b"SQLite format 3\x00")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MAX_CONTROL_SHARE = 0.05
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
BEFORE_HTML = {b"<?xml": b">", b"<!--": b"-->"}  # and where each ends
UTF8_MARK = b"\xef\xbb\xbf"
TEXT_MEDIA_TYPES: dict[str, Kind] = {"text/markdown": "markdown", "text/csv": "csv", "text/html": "html"}


def kind_of(content: bytes, *, filename: str, suffix: str, media_type: str) -> Kind:
    """The kind of `content`; `filename`, its `suffix` (".pdf") and `media_type` are what its sender says of it.

    Raises: Refused, when no reader fits.
    """
    claimed = SUFFIXES.get(suffix)
    if not content:
        raise Refused("empty")
    signed = _signed_kind(content, claimed)
    if signed in ("pdf", "image") and ends_as_zip(content):
        raise Refused("two_in_one")
    if signed:
        return signed
    if claimed in ("pdf", "docx", "pptx", "xlsx", "odt", "epub", "image"):
        raise Refused("misnamed")
    if not _is_text(content):
        raise Refused("unsupported")
    return _text_kind(content, claimed or TEXT_MEDIA_TYPES.get(media_type), suffix, filename)


def _signed_kind(content: bytes, claimed: Kind | None) -> Kind | None:
    """By the first bytes. Raises: Refused, of kinds that are known and not read."""
    # Notes about PDF may name its signature too, so only a file that claims to be one may have it further down.
    if content[:HEAD_BYTES].lstrip().startswith(b"%PDF-") or (claimed == "pdf" and b"%PDF-" in content[:HEAD_BYTES]):
        return "pdf"
    if content.startswith(ZIP_SIGNATURES):
        return package_kind(content)
    if content.startswith(OLE_SIGNATURE):
        raise Refused("encrypted" if ENCRYPTED_PACKAGE in content else "old_office")
    if PICTURES.match(content):
        return "image"
    if HEIC.match(content):
        raise Refused("heic")
    if content.startswith(RTF):
        raise Refused("rtf")
    if content.startswith(ARCHIVES) or content[TAR_MARK_AT:].startswith(TAR_MARK):
        raise Refused("archive")
    return None


def _text_kind(content: bytes, claimed: Kind | None, suffix: str, filename: str) -> Kind:
    is_program = suffix in CODE_SUFFIXES or filename.lower() in CODE_NAMES
    if claimed == "html" or (_begins_as_html(content[:SAMPLE_BYTES]) and not is_program):
        return "html"
    if claimed in ("markdown", "csv"):
        return claimed
    if is_program or (content.startswith(b"#!") and suffix != ".txt"):
        return "code"
    return "text"


def _begins_as_html(sample: bytes) -> bool:
    """Whether nothing but comments and a declaration comes before its first tag."""
    at, space = len(UTF8_MARK) * sample.startswith(UTF8_MARK), re.compile(rb"\s*")
    while found := space.match(sample, at):
        at = found.end()
        ending = next((end for mark, end in BEFORE_HTML.items() if sample.startswith(mark, at)), None)
        if ending is None or (closed := sample.find(ending, at)) < 0:
            break
        at = closed + len(ending)
    return HTML.match(sample, at) is not None


def _is_text(content: bytes) -> bool:
    if content.startswith(WIDE_MARKS):
        return True
    sample = content[:SAMPLE_BYTES]
    return (
        not content.startswith(NO_TEXT_SIGNATURES) and len(CONTROL.findall(sample)) <= len(sample) * MAX_CONTROL_SHARE
    )
