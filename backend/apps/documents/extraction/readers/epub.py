"""Electronic books (EPUB): its chapters in the order of their spine, each in sections at its headings."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from apps.documents.extraction.packages import EPUB_CONTAINER, parts
from apps.documents.extraction.readers.html import html_lines, parsed_html
from apps.documents.extraction.readers.xml import Element, parsed_xml
from apps.documents.extraction.results import Refused
from apps.documents.extraction.sections import Line, sections_of
from apps.documents.extraction.task import RawPages, Task

ENCRYPTION = "META-INF/encryption.xml"
TEXT_SUFFIXES = (".xhtml", ".html", ".htm", ".xml", ".opf")
CHAPTER_TYPES = frozenset({"application/xhtml+xml", "text/html", "application/xml"})


def read(content: bytes, task: Task) -> RawPages:
    """Yield sections of the chapters in their order. Raises: Refused."""
    found = dict(parts(content, lambda name: name.lower().endswith(TEXT_SUFFIXES), max_bytes=task.job.limits.xml_bytes))
    chapters = _chapters(found)
    _check_readable(found, chapters)
    task.opened()
    missing = sum(name not in found for name in chapters)
    if missing:
        task.notes.append(f"{missing} of the book's {len(chapters)} chapters are missing in the file.")
    yield from sections_of(_lines([found[name] for name in chapters if name in found], task.notes))


def _lines(chapters: list[bytes], notes: list[str]) -> Iterator[Line]:
    for chapter in chapters:
        if not chapter.strip():
            continue
        yield from html_lines(parsed_html(chapter, notes))
        yield Line("")


def _chapters(found: dict[str, bytes]) -> list[str]:
    """Names of the parts that the spine lists. Raises: Refused."""
    roots = [path for path in _attributes(_part(found, EPUB_CONTAINER), "rootfile", "full-path") if path]
    if not roots:
        raise Refused("broken")
    package = _part(found, roots[0])
    items = {
        item.get("id"): item.get("href") or ""
        for item in package.iter("{*}item")
        if item.get("media-type") in CHAPTER_TYPES
    }
    folder = posixpath.dirname(roots[0])
    wanted = [items[name] for name in _attributes(package, "itemref", "idref") if name in items]
    return [posixpath.normpath(posixpath.join(folder, unquote(path.partition("#")[0]))) for path in wanted]


def _check_readable(found: dict[str, bytes], chapters: list[str]) -> None:
    """Raises: Refused, for a book whose seller has locked its chapters; fonts alone may be scrambled."""
    if ENCRYPTION in found:
        locked = {unquote(uri) for uri in _attributes(_part(found, ENCRYPTION), "CipherReference", "URI")}
        if locked.intersection(chapters):
            raise Refused("encrypted")
    if not any(name in found for name in chapters):
        raise Refused("broken")


def _part(found: dict[str, bytes], name: str) -> Element:
    if not found.get(name):
        raise Refused("broken")
    return parsed_xml(found[name])


def _attributes(root: Element, tag: str, name: str) -> list[str]:
    return [str(element.get(name) or "") for element in root.iter("{*}" + tag)]
