"""PowerPoint presentations (PPTX), slide by slide: title, text, tables, the speaker's notes."""

import io
from collections.abc import Iterator

import pptx
from pptx.slide import Slide, Slides

from apps.documents.extraction.labels import label
from apps.documents.extraction.packages import xml_parts_only
from apps.documents.extraction.readers.ooxml import PARAGRAPH, ROW, SKIPPED, paragraph_text, row_text
from apps.documents.extraction.readers.xml import Element, local_name
from apps.documents.extraction.task import RawPage, RawPages, Task
from apps.documents.ranges import listed

UNIT = "slide"
SHAPE = "sp"
REPEATED = frozenset({"dt", "ftr", "sldNum"})  # placeholders that stand on every slide: date, footer, number
# One that lost its place in the layout is a title all the same.
TITLES = "./p:cSld/p:spTree//p:sp[p:nvSpPr/p:nvPr/p:ph[@type='title' or @type='ctrTitle']]"
GRAPHIC_KINDS = ("/chart", "/diagram")  # the text of charts and SmartArt lies in other parts of the file


def read(content: bytes, task: Task) -> RawPages:
    """Yield the text of each slide in order; None for one that is missing in the file. Raises: Refused."""
    slides = pptx.Presentation(io.BytesIO(xml_parts_only(content, max_bytes=task.job.limits.xml_bytes))).slides
    task.opened(len(slides))
    with_graphics: list[int] = []
    try:
        for number in range(1, len(slides) + 1):
            slide = _slide(slides, number - 1)
            if slide is None:
                yield RawPage(label(UNIT, number), None)
                continue
            if _has_graphics(slide):
                with_graphics.append(number)
            title = _title(slide)
            heading = paragraph_text(title) if title is not None else ""
            yield RawPage(label(UNIT, number, heading), _slide_text(slide, title))
    finally:  # also when no more slides are wanted
        if with_graphics:
            task.notes.append(f"Charts and diagrams are not read; there are some on {listed(UNIT, with_graphics)}.")


def _title(slide: Slide) -> Element | None:
    title = slide.shapes.title
    return title.element if title is not None else next(iter(slide.element.xpath(TITLES)), None)


def _slide(slides: Slides, index: int) -> Slide | None:
    try:
        return slides[index]
    except KeyError:
        return None


def _has_graphics(slide: Slide) -> bool:
    return any(str(uri).endswith(GRAPHIC_KINDS) for uri in slide.element.xpath(".//a:graphicData/@uri"))


def _slide_text(slide: Slide, title: Element | None) -> str:
    lines = [paragraph_text(title).strip(), ""] if title is not None else []
    lines += _lines(slide.shapes._spTree, title)
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if frame is not None and frame.text.strip():
        lines += ["", "Notes:", frame.text]
    return "\n".join(lines).strip("\n")


def _lines(parent: Element, title: Element | None) -> Iterator[str]:
    """Paragraphs and rows of tables at any depth; a blank line after each shape."""
    for child in parent:
        name = local_name(child)
        if child is title or name in SKIPPED or (name == SHAPE and _is_repeated(child)):
            continue
        if name == PARAGRAPH:
            yield paragraph_text(child)
        elif name == ROW:
            yield row_text(child)
        else:
            yield from _lines(child, title)
            if name == SHAPE:
                yield ""


def _is_repeated(shape: Element) -> bool:
    return not REPEATED.isdisjoint(shape.xpath("./p:nvSpPr/p:nvPr/p:ph/@type"))
