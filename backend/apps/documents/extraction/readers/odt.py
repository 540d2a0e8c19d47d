"""OpenDocument text (ODT): its one part with the content, in sections at its headings, footnotes last."""

from collections.abc import Iterator

from apps.documents.extraction.packages import parts
from apps.documents.extraction.readers.ooxml import CELL_SEPARATOR
from apps.documents.extraction.readers.xml import Element, attribute, local_name, parsed_xml
from apps.documents.extraction.results import Refused
from apps.documents.extraction.sections import Line, sections_of
from apps.documents.extraction.task import RawPages, Task

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
HEADING, PARAGRAPH, ROW, CELLS = "h", "p", "table-row", frozenset({"table-cell", "covered-table-cell"})
HEADING_LEVELS = frozenset({"", "1", "2", "3"})
NOTE, NOTE_BODY = "note", "note-body"
# What was deleted, what readers said of it, and what the program made to find its way.
SKIPPED = frozenset({"tracked-changes", "annotation", "sequence-decls", "forms", NOTE})
MAX_SPACES = 80


def read(content: bytes, task: Task) -> RawPages:
    """Yield sections in the order of the document. Raises: Refused."""
    wanted = {CONTENT, MANIFEST}
    found = {
        name: data
        for name, data in parts(content, wanted.__contains__, max_bytes=task.job.limits.xml_bytes)
        if name in wanted
    }
    if b"encryption-data" in found.get(MANIFEST, b""):
        raise Refused("encrypted")
    if CONTENT not in found:
        raise Refused("broken")
    root = parsed_xml(found[CONTENT])
    task.opened()
    yield from sections_of(_lines(root))


def _lines(root: Element) -> Iterator[Line]:
    yield from _body_lines(root)
    for note in root.iter("{*}" + NOTE_BODY):
        yield Line(" ".join(_text(paragraph) for paragraph in note.iter("{*}" + PARAGRAPH)).strip())


def _body_lines(parent: Element) -> Iterator[Line]:
    """Paragraphs and rows of tables at any depth."""
    for child in parent:
        name = local_name(child)
        if name in (HEADING, PARAGRAPH):
            is_heading = name == HEADING and attribute(child, "outline-level") in HEADING_LEVELS
            yield Line(_text(child), is_heading)
            yield Line("")
        elif name == ROW:
            cells = (cell for cell in child if local_name(cell) in CELLS)
            yield Line(CELL_SEPARATOR.join(" ".join(_cell_text(cell).split()) for cell in cells))
        elif name and name not in SKIPPED:
            yield from _body_lines(child)


def _cell_text(cell: Element) -> str:
    return " ".join(line.text for line in _body_lines(cell))


def _text(element: Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local_name(child)
        if name == "s":
            count = attribute(child, "c")
            yield " " * (min(int(count), MAX_SPACES) if count.isdecimal() else 1)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name in (HEADING, PARAGRAPH):  # of a text box
            yield "\n" + _text(child)
        elif name and name not in SKIPPED:
            yield from _pieces(child)
        yield child.tail or ""
