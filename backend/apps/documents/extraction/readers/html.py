"""Web pages: the text that a browser shows, in sections at its headings."""

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from apps.documents.extraction.decoding import decoded
from apps.documents.extraction.readers.ooxml import CELL_SEPARATOR
from apps.documents.extraction.readers.xml import Element, local_name
from apps.documents.extraction.results import Refused
from apps.documents.extraction.sections import Line, sections_of
from apps.documents.extraction.task import RawPages, Task

HEADINGS = frozenset({"h1", "h2", "h3"})
_SKIPPED = """
    script style noscript template head iframe object svg canvas audio video select datalist textarea
"""
_BLOCKS = """
    address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody tfoot thead tr ul
"""
_PARAGRAPHS = "blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul"  # with a blank line around
SKIPPED = frozenset(_SKIPPED.split())
BLOCKS = frozenset(_BLOCKS.split())
PARAGRAPHS = frozenset(_PARAGRAPHS.split())
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CELLS = frozenset({"td", "th"})
ENCODING = re.compile(rb"""<(?:meta[^>]*?charset|\?xml[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
HEAD_BYTES = 4096
SPACE = re.compile(r"[ \t\n\r\f]+")


def read(content: bytes, task: Task) -> RawPages:
    """Yield sections in the order of the page. Raises: Refused."""
    root = parsed_html(content, task.notes)
    task.opened()
    yield from sections_of(html_lines(root))


def parsed_html(content: bytes, notes: list[str]) -> Element:
    """The root, however badly it is written. Raises: Refused, when there is nothing."""
    text = _decoded(content, notes)
    root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    if root is None:
        raise Refused("empty")
    return root


def _decoded(content: bytes, notes: list[str]) -> str:
    try:
        content.decode()
    except UnicodeDecodeError:
        if named := ENCODING.search(content[:HEAD_BYTES]):
            try:
                return content.decode(named[1].decode(), errors="replace")
            except LookupError:
                pass
    return decoded(content, notes).encode("utf-8", "replace").decode()


def html_lines(root: Element) -> Iterator[Line]:
    """Line by line what is shown; a blank line between paragraphs. Deep pages are walked without recursion."""
    walk = _Walk()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element).lower()
        if event == "start":
            yield from walk.start(element, name)
        else:
            yield from walk.end(element, name)
    yield from walk.flush()


class _Walk:
    """The line that is being made, and where in the page it stands."""

    def __init__(self) -> None:
        self._text = ""
        self._hidden: Element | None = None
        self._heading = self._pre = self._row = 0  # how many of each are open
        self._blank = True  # whether the last line was

    def start(self, element: Element, name: str) -> Iterator[Line]:
        if self._hidden is not None:
            return
        if not name or name in SKIPPED or "hidden" in element.attrib or HIDDEN.search(element.get("style") or ""):
            self._hidden = element
            return
        if name in BLOCKS and not (self._row and name != "tr"):
            yield from self._break(name)
        self._count(name, 1)
        if name in CELLS and self._text.strip():
            self._text = self._text.rstrip() + CELL_SEPARATOR
        if name == "br":
            yield from self._break_line()
        yield from self._add(element.text)

    def end(self, element: Element, name: str) -> Iterator[Line]:
        if self._hidden is not None and self._hidden is not element:
            return
        if self._hidden is element:
            self._hidden = None
        else:
            if name in BLOCKS and not (self._row and name != "tr"):
                yield from self._break(name)
            self._count(name, -1)
        yield from self._add(element.tail)

    def flush(self) -> Iterator[Line]:
        """The line at hand, when there is anything in it."""
        text, self._text = self._text.strip(" ") if not self._pre else self._text.rstrip(), ""
        if text.strip():
            self._blank = False
            yield Line(text, is_heading=bool(self._heading))

    def _count(self, name: str, step: int) -> None:
        self._heading += step * (name in HEADINGS)
        self._pre += step * (name == "pre")
        self._row += step * (name == "tr")

    def _break(self, name: str) -> Iterator[Line]:
        yield from self.flush()
        if name in PARAGRAPHS and not self._blank:
            self._blank = True
            yield Line("")

    def _break_line(self) -> Iterator[Line]:
        if self._row or self._heading:
            self._text += " "
        else:
            yield from self.flush()

    def _add(self, text: str | None) -> Iterator[Line]:
        if not text:
            return
        if not self._pre or self._row:
            joined = SPACE.sub(" ", text)
            self._text += joined.lstrip(" ") if self._text.endswith(" ") or not self._text else joined
            return
        first, *more = text.split("\n")
        self._text += first
        for line in more:
            yield Line(self._text)
            self._text = line
