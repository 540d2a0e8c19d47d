"""What a file is, by its content; its name only decides between kinds that look alike."""

import io
import re
import zipfile

from apps.documents.extraction.results import Kind, Refused

HEAD_BYTES = 1024  # PDF allows its signature anywhere in the first 1,024 bytes
SAMPLE_BYTES = 65_536
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO]: the stream of a protected Office file
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Readable as characters, or nearly so, and still not text.
NO_TEXT_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"%!PS", b"RIFF", b"OggS", b"ID3")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MAX_CONTROL_SHARE = 0.05
CONTENT_TYPES_MAX_BYTES = 1_000_000
SUFFIXES: dict[str, Kind] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
}


def kind_of(content: bytes, *, suffix: str, media_type: str) -> Kind:
    """The kind of `content`; `suffix` (".pdf") and `media_type` are what its sender says of it.

    Raises: Refused, when no reader fits.
    """
    claimed = SUFFIXES.get(suffix) or ("markdown" if media_type == "text/markdown" else None)
    if not content:
        raise Refused("empty")
    if _is_pdf(content, claimed):
        return "pdf"
    if content.startswith(ZIP_SIGNATURES):
        return _office_kind(content)
    if content.startswith(OLE_SIGNATURE):
        raise Refused("encrypted" if ENCRYPTED_PACKAGE in content else "old_office")
    if claimed in ("pdf", "docx", "pptx"):
        raise Refused("misnamed")
    if not _is_text(content):
        raise Refused("unsupported")
    return "markdown" if claimed == "markdown" else "text"


def _is_pdf(content: bytes, claimed: Kind | None) -> bool:
    # Notes about PDF may name its signature too, so only a file that claims to be one may have it further down.
    return content.lstrip().startswith(b"%PDF-") or (claimed == "pdf" and b"%PDF-" in content[:HEAD_BYTES])


def _office_kind(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("[Content_Types].xml") as member:
            types = member.read(CONTENT_TYPES_MAX_BYTES)
    except KeyError:
        raise Refused("unsupported") from None  # a ZIP of something else
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError):
        raise Refused("broken") from None
    if b"wordprocessingml.document.main+xml" in types:
        return "docx"
    if b"presentationml.presentation.main+xml" in types:
        return "pptx"
    raise Refused("unsupported")


def _is_text(content: bytes) -> bool:
    if content.startswith(UTF16_MARKS):
        return True
    sample = content[:SAMPLE_BYTES]
    return (
        not content.startswith(NO_TEXT_SIGNATURES) and len(CONTROL.findall(sample)) <= len(sample) * MAX_CONTROL_SHARE
    )
