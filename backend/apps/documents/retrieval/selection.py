"""What of some documents goes into a prompt, and a sentence about what does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from apps.documents.passages import Passage
from apps.documents.ranges import listed

Basis = Literal["whole", "pages", "words", "place"]
BASES: dict[Basis, str] = {
    "pages": "they were chosen by the pages that it names",
    "words": "they were chosen by what it asks",
    "place": "they are the beginning and parts from all over the text",
}
PagesByFile = Mapping[tuple[str, str], Sequence[int]]  # numbers by (filename, unit), such as "page"


@dataclass(frozen=True)
class Selection:
    """`passages` in reading order, of `total`; `ranks` are their positions, the best one for the question first.

    `note` is for student and model, empty when nothing was left out.
    """

    passages: tuple[Passage, ...] = ()
    ranks: tuple[int, ...] = ()
    total: int = 0
    note: str = ""

    @property
    def left_out(self) -> int:
        return self.total - len(self.passages)


def note_of(*, chosen: int, total: int, basis: Basis, pages_left_out: PagesByFile) -> str:
    if chosen == total:
        return ""
    what = f"{chosen:,} of {total:,} passages of the files fit into this question"
    how = f"; {BASES[basis]}." if chosen else "."
    pages = "; ".join(f"{listed(unit, numbers)} of {filename}" for (filename, unit), numbers in pages_left_out.items())
    return what + how + (f" Not included: {pages}." if pages else "")
