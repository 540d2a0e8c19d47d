"""Bytes of text files as text."""

import codecs

from apps.documents.extraction.results import Refused

# UTF-32's mark begins with UTF-16's, so it comes first.
ENCODINGS_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"  # what old Windows programs write; it can decode nearly anything, rightly or not


def decoded(content: bytes, notes: list[str]) -> str:
    """The text with "\\n" between lines; `notes` says when the encoding was guessed. Raises: Refused."""
    encoding = next((name for mark, name in ENCODINGS_BY_MARK if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise Refused("broken") from None
        text = content.decode(FALLBACK, errors="replace")
        notes.append("The file is not in UTF-8; it was read as Windows-1252, so some letters may be wrong.")
    if not text.strip():
        raise Refused("empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")
