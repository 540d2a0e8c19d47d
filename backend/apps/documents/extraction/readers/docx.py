"""Word documents (DOCX). They have no pages until they are printed, so they are read in sections."""

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.oxml import parse_xml

from apps.documents.extraction.packages import xml_parts_only
from apps.documents.extraction.readers.ooxml import PARAGRAPH, ROW, SKIPPED, paragraph_text, row_text
from apps.documents.extraction.readers.xml import Element, local_name
from apps.documents.extraction.sections import Line, sections_of
from apps.documents.extraction.task import RawPages, Task

HEADING = re.compile(r"^(title|heading [1-3])$", re.IGNORECASE)  # python-docx gives built-in styles English names
NOTE_PARTS = ("/footnotes", "/endnotes")
NO_NOTE = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def read(content: bytes, task: Task) -> RawPages:
    """Yield sections in the order of the document, footnotes and endnotes last.

    Headers and footers are left out: they repeat on every page. Raises: Refused.
    """
    document = docx.Document(io.BytesIO(xml_parts_only(content, max_bytes=task.job.limits.xml_bytes)))
    task.opened()
    yield from sections_of(_lines(document))


def _lines(document: Document) -> Iterator[Line]:
    headings = {style.style_id for style in document.styles if HEADING.match(style.name or "")}
    yield from _body_lines(document.element.body, headings)
    for relationship in document.part.rels.values():
        if relationship.reltype.endswith(NOTE_PARTS) and not relationship.is_external:
            yield from _note_lines(parse_xml(relationship.target_part.blob))


def _body_lines(parent: Element, headings: set[str]) -> Iterator[Line]:
    """Paragraphs and tables at any depth: content controls and inserted blocks wrap them."""
    for child in parent:
        name = local_name(child)
        if name == PARAGRAPH:
            yield Line(paragraph_text(child), is_heading=_style(child) in headings)
            yield Line("")  # a paragraph of Word is one of text: a blank line sets it apart
        elif name == ROW:
            yield Line(row_text(child))
        elif name not in SKIPPED:
            yield from _body_lines(child, headings)


def _style(paragraph: Element) -> str | None:
    styles = paragraph.xpath("./w:pPr/w:pStyle/@w:val")
    return str(styles[0]) if styles else None


def _note_lines(notes: Element) -> Iterator[Line]:
    for note in notes:
        kind = next((value for name, value in note.items() if name.endswith("}type")), "")
        if kind not in NO_NOTE:
            yield Line(paragraph_text(note).strip())
