"""What an answer cites: "page 3", "section 4: Stomata", "sheet Results, rows 1–40"."""

from apps.documents.extraction.clean import clean_text

MAX_CHARACTERS = 120  # as the database has room for


def label(unit: str, number: int, heading: str = "") -> str:
    """`unit` and `number`, with the heading where there is one."""
    shown = _line(heading)
    return clipped(f"{unit} {number}: {shown}" if shown else f"{unit} {number}")


def sheet_label(title: str, first: int, last: int) -> str:
    """Rows of a sheet; a long title is cut rather than the rows."""
    rows = rows_label("row", first, last)
    return f"sheet {clipped(_line(title), MAX_CHARACTERS - len(rows) - len('sheet , '))}, {rows}"


def rows_label(unit: str, first: int, last: int) -> str:
    """Rows or lines, as "rows 1–50"."""
    return f"{unit} {first}" if first == last else f"{unit}s {first}–{last}"


def clipped(text: str, max_characters: int = MAX_CHARACTERS) -> str:
    return text if len(text) <= max_characters else text[: max_characters - 1].rstrip() + "…"


def _line(text: str) -> str:
    return " ".join(clean_text(text)[0].split())
