"""The text of a paragraph in Office Open XML, for Word and PowerPoint alike."""

from collections.abc import Iterator

from apps.documents.extraction.readers.xml import Element, local_name

# Local names, since the same ones stand in the namespaces of Word (w:), drawings (a:) and formulas (m:).
TEXT = "t"
SUBSTITUTES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# An older spelling of what stands beside it; deleted text of tracked changes; properties, which hold tab stops.
SKIPPED = frozenset({"Fallback", "del", "moveFrom", "pPr", "rPr", "tabs"})
PARAGRAPH, TABLE, ROW, CELL = "p", "tbl", "tr", "tc"
CELL_SEPARATOR = " | "


def paragraph_text(element: Element) -> str:
    """All text in `element`, formulas and inserted text of tracked changes included."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == TEXT:
            yield child.text or ""
        elif name in SUBSTITUTES:
            yield SUBSTITUTES[name]
        elif name == PARAGRAPH:  # of a text box inside the paragraph
            yield "\n" + paragraph_text(child)
        elif name not in SKIPPED:
            yield from _pieces(child)


def row_text(row: Element) -> str:
    """The cells of a table's row in one line."""
    cells = (child for child in row.iterdescendants() if local_name(child) == CELL)
    return CELL_SEPARATOR.join(" ".join(paragraph_text(cell).split()) for cell in cells)
