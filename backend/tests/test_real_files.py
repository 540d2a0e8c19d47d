"""Files that nobody of this project wrote: every page in its place, known sentences on their pages.

What must be found was taken from the files without the code under test: see files/README.md. With `-s` a table of the
formats is printed.
"""

import asyncio
import hashlib
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from apps.documents.extraction.results import UNITS, ExtractedPage, Kind
from apps.documents.passages.quotes import find_quote
from apps.documents.tests.extracting import Extracted, extracted

FOLDER = Path(__file__).parent / "files"
LICENCES = FOLDER / "licences"
BESIDE_THEM = {"MANIFEST.toml", "README.md", ".gitattributes"}
ADDRESS_IS_ENOUGH = {"CC0-1.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "LicenseRef-Public-Domain"}
MAX_BYTES = 8_000_000
MIN_FOUND = 0.98  # of the sentences of each format
MIN_FOUND_DIFFICULT = 0.8  # of those on pages that OCR cannot read without an error
LETTERS_OFF, LETTERS_OFF_BY_OCR = 0.01, 0.03
HAS_OCR = shutil.which("tesseract") is not None
needs_ocr = pytest.mark.skipif(not HAS_OCR, reason="tesseract is not installed, so pages that are pictures stay unread")


@dataclass(frozen=True)
class RealFile:
    """An entry of the manifest; `sentences` are page, words and, of pages with headings, that of their label."""

    name: str
    title: str
    language: str
    source: str
    licence: str
    licence_stated_in: str
    attribution: str
    sha256: str
    kind: Kind
    pages: int
    empty: int
    by_ocr: int
    letters: int
    sentences: list[tuple[int, str] | tuple[int, str, str]]
    licence_text: str = ""
    made_from: str = ""
    difficult: str = ""

    @property
    def format(self) -> str:
        return self.kind + (" by OCR" if self.by_ocr else "") + (", difficult" if self.difficult else "")

    def content(self) -> bytes:
        return (FOLDER / self.name).read_bytes()


MANIFEST = [RealFile(**entry) for entry in tomllib.loads((FOLDER / "MANIFEST.toml").read_text())["file"]]
ORDINARY = [file for file in MANIFEST if not file.difficult]
DIFFICULT = [file for file in MANIFEST if file.difficult]


def each(files: list[RealFile]) -> list[Any]:
    return [pytest.param(file, id=file.name, marks=needs_ocr if file.by_ocr else ()) for file in files]


def each_format() -> list[Any]:
    names = sorted({file.format for file in ORDINARY})
    return [pytest.param(name, marks=needs_ocr if "OCR" in name else ()) for name in names]


def read_all(files: list[RealFile]) -> dict[str, Extracted]:
    """What the product reads of them, by name; nothing of those that need an OCR which is not there."""
    readable = [file for file in files if HAS_OCR or not file.by_ocr]

    async def read() -> list[Extracted]:
        room = asyncio.Semaphore(2)  # the reader turns away who has waited long for a place, as on a busy machine

        async def one(file: RealFile) -> Extracted:
            async with room:
                return await extracted(file.content(), file.name)

        return await asyncio.gather(*map(one, readable))

    return dict(zip((file.name for file in readable), asyncio.run(read()), strict=True))


@pytest.fixture(scope="module")
def read() -> dict[str, Extracted]:
    return read_all(ORDINARY)


def misses(file: RealFile, read: Extracted) -> list[str]:
    """The known sentences that are not on their page, or on a page with another label."""
    pages = {page.number: page for page in read.pages}
    return [
        f"{file.name}, page {number}: {words!r} {heading}"
        for number, words, *heading in file.sentences
        if not is_there(file.kind, pages[number], words, *heading)
    ]


def is_there(kind: Kind, page: ExtractedPage, words: str, heading: str = "") -> bool:
    label = heading if kind == "xlsx" else f"{UNITS[kind]} {page.number}: {heading}"
    is_labelled = not heading or page.label == label or page.label.startswith(label[:100])
    return is_labelled and find_quote(page.text, words) is not None


def letters_of(read: Extracted) -> int:
    return sum(character.isalpha() for page in read.pages for character in page.text)


def row(name: str, files: list[RealFile], read: dict[str, Extracted]) -> str:
    pages = sum(len(read[file.name].pages) for file in files)
    characters = sum(len(page.text) for file in files for page in read[file.name].pages)
    known = sum(len(file.sentences) for file in files)
    found = known - sum(len(misses(file, read[file.name])) for file in files)
    off = sum(letters_of(read[file.name]) for file in files) / sum(file.letters for file in files) - 1
    return (
        f"{name:24}{len(files):>6}{pages:>7}{characters:>12,}{off:>+10.2%}{found:>6} of {known:<4}{found / known:>7.1%}"
    )


def test_the_manifest_names_every_file_as_it_is() -> None:
    files = {path.name: path for path in FOLDER.iterdir() if path.is_file()}
    assert files.keys() - BESIDE_THEM == {file.name for file in MANIFEST}
    for file in MANIFEST:
        assert hashlib.sha256(file.content()).hexdigest() == file.sha256, file.name
        assert file.source, file.name
        assert file.attribution, file.name
        assert file.licence in ADDRESS_IS_ENOUGH or (LICENCES / file.licence_text).is_file(), file.name
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= MAX_BYTES


def test_there_is_a_file_of_every_kind() -> None:
    assert {file.kind for file in ORDINARY} == UNITS.keys()
    assert {file.kind for file in ORDINARY if file.by_ocr} == {"pdf", "image"}
    assert sum(len(file.sentences) for file in ORDINARY) >= 150


@pytest.mark.parametrize("file", each(ORDINARY))
def test_every_page_is_read(read: dict[str, Extracted], file: RealFile) -> None:
    found = read[file.name]
    assert (found.opened.kind, found.ended.language) == (file.kind, file.language)
    assert [page.number for page in found.pages] == list(range(1, file.pages + 1))
    assert (found.ended.page_count, found.ended.pages_cut) == (file.pages, 0)
    assert [page.state for page in found.pages].count("failed") == 0
    assert [page.state for page in found.pages].count("empty") == file.empty
    assert [page.method for page in found.pages].count("ocr") == file.by_ocr
    assert letters_of(found) == pytest.approx(file.letters, rel=LETTERS_OFF_BY_OCR if file.by_ocr else LETTERS_OFF)


@pytest.mark.parametrize("name", each_format())
def test_known_sentences_are_on_their_pages(read: dict[str, Extracted], name: str) -> None:
    files = [file for file in ORDINARY if file.format == name]
    missed = [miss for file in files for miss in misses(file, read[file.name])]
    known = sum(len(file.sentences) for file in files)
    assert known - len(missed) >= MIN_FOUND * known, "\n".join(missed)


def test_the_formats_in_a_table(read: dict[str, Extracted]) -> None:
    readable = [file for file in ORDINARY if file.name in read]
    print(f"\n{'format':24}{'files':>6}{'pages':>7}{'characters':>12}{'letters':>10}{'sentences':>14}{'found':>8}")
    for name in sorted({file.format for file in readable}):
        print(row(name, [file for file in readable if file.format == name], read))
    assert len(readable) == len(ORDINARY) or not HAS_OCR


@pytest.mark.long
@pytest.mark.parametrize("file", each(DIFFICULT))
def test_of_a_difficult_page_most_is_read(file: RealFile) -> None:
    read = read_all([file])
    missed = misses(file, read[file.name])
    print(f"\n{row(file.name, [file], read)}", *missed, sep="\n")
    assert len(missed) <= (1 - MIN_FOUND_DIFFICULT) * len(file.sentences)
    assert letters_of(read[file.name]) == pytest.approx(file.letters, rel=LETTERS_OFF_BY_OCR)
