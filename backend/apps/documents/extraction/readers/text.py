"""Plain text and Markdown, in sections of about a printed page."""

import codecs
from collections.abc import Iterator

from apps.documents.extraction.results import Refused, Texts
from apps.documents.extraction.sections import Line, sections_of

UNIT = "section"
ENCODINGS_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HEADINGS = ("# ", "## ", "### ")
FALLBACK = "cp1252"  # what old Windows programs write; it can decode nearly anything, rightly or not


def read_plain(content: bytes, notes: list[str]) -> Texts:
    """Yield sections, broken between paragraphs.

    Raises: Refused.
    """
    yield from sections_of(Line(text) for text in _decode(content, notes).split("\n"))


def read_markdown(content: bytes, notes: list[str]) -> Texts:
    """Yield sections, each of which begins at a heading where there are headings.

    Raises: Refused.
    """
    yield from sections_of(_markdown_lines(_decode(content, notes)))


def _markdown_lines(markdown: str) -> Iterator[Line]:
    fenced = False  # a "#" in a block of code is a comment of its language
    for text in markdown.split("\n"):
        if text.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        yield Line(text, is_heading=not fenced and text.startswith(HEADINGS))


def _decode(content: bytes, notes: list[str]) -> str:
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
