"""Nasty XML and HTML: entities that unfold or reach out, depth, breadth, and tables that have no end."""

from functools import partial

from apps.documents.tests.hostile_files import replaced_document
from apps.documents.tests.nasty.case import BROKEN, EMPTY, TOO_LARGE, Nasty, read, refused
from apps.documents.tests.nasty.packages import CHAPTER, SHEET, SLIDE
from apps.documents.tests.nasty.packing import replaced
from apps.documents.tests.sample_files import docx_file, pptx_file
from apps.documents.tests.sample_formats import epub_file, odt_file, xlsx_file

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FILE = "file:///etc/passwd"
# Nobody answers there, as is the use of that block: who asks waits until the time is over.
UNANSWERED = "http://192.0.2.1/x.dtd"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
EXTERNAL = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l9 SYSTEM "{FILE}">]>'
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l9 "{"a" * 100_000}">]>'
FETCHED = f'<?xml version="1.0"?><!DOCTYPE d SYSTEM "{UNANSWERED}">'
PARAMETER = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY % p SYSTEM "{FILE}"> %p;]>'
ENTITY = "&l9;"


def word(body: str, *, before: str = "", attributes: str = "") -> bytes:
    """A Word file with this body."""
    return replaced_document(
        f'{before}<w:document xmlns:w="{WORD}"{attributes}><w:body>{body}</w:body></w:document>'.encode()
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def sheet(rows: str, *, before: str = "") -> bytes:
    """An Excel file whose first sheet has these rows; there is a second one."""
    xml = f'{before}<worksheet xmlns="{CELLS}"><sheetData>{rows}</sheetData></worksheet>'
    return replaced(xlsx_file(), {SHEET: xml.encode()})


def cell(place: str, text: str, row: int) -> str:
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def slide(before: str) -> bytes:
    return replaced(pptx_file(), {SLIDE: f"{before}<d>{ENTITY}</d>".encode()})


def chapter(text: str) -> bytes:
    return replaced(epub_file(), {CHAPTER: text.encode()})


def book(before: str) -> bytes:
    return replaced(epub_file(), {"OEBPS/book.opf": f"{before}<d>{ENTITY}</d>".encode()})


def text_document(before: str) -> bytes:
    return replaced(odt_file(), {"content.xml": f"{before}<d>{ENTITY}</d>".encode()})


def deep_html(depth: int) -> bytes:
    return b"<html><body>" + b"<div><ul><li>" * (depth // 3) + b"bottom" + b"</li></ul></div>" * (depth // 3)


def other_main_part() -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="{FILE}" TargetMode="External"/></Relationships>'
    )
    return replaced(docx_file(), {"_rels/.rels": relationships.encode()})


def many_sheets() -> bytes:
    """A workbook that names one sheet 5,000 times."""
    names = "".join(f'<sheet name="s{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, 5001))
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    xml = f'<workbook xmlns="{CELLS}" xmlns:r="{relations}"><sheets>{names}</sheets></workbook>'
    return replaced(xlsx_file(), {"xl/workbook.xml": xml.encode()})


def _attributes() -> str:
    return "".join(f' a{number}="1"' for number in range(100_000))


def _namespaces() -> str:
    return "".join(f' xmlns:n{number}="urn:{number}"' for number in range(100_000))


ENTITIES: tuple[Nasty, ...] = (
    refused("a billion laughs in DOCX", "a.docx", partial(word, paragraph(ENTITY), before=LAUGHS), BROKEN, EMPTY),
    refused("a billion laughs in PPTX", "a.pptx", partial(slide, LAUGHS), BROKEN),
    refused("a billion laughs in XLSX", "a.xlsx", partial(sheet, cell("A1", ENTITY, 1), before=LAUGHS), BROKEN),
    refused("a billion laughs in ODT", "a.odt", partial(text_document, LAUGHS), BROKEN),
    refused("a billion laughs in EPUB", "a.epub", partial(book, LAUGHS), BROKEN),
    read("a billion laughs in a chapter", "a.epub", partial(chapter, f"{LAUGHS}<p>so {ENTITY}</p>"), "so"),
    read("a billion laughs in HTML", "a.html", f"{LAUGHS}<html><p>so {ENTITY}</p>".encode, "so"),
    refused(
        "long entity 5,000 times", "a.docx", partial(word, paragraph(ENTITY * 5000), before=QUADRATIC), BROKEN, EMPTY
    ),
    refused(
        "file as entity in DOCX", "a.docx", partial(word, paragraph("so " + ENTITY), before=EXTERNAL), BROKEN, says="so"
    ),
    refused(
        "file as entity in XLSX",
        "a.xlsx",
        partial(sheet, cell("A1", "so " + ENTITY, 1), before=EXTERNAL),
        BROKEN,
        says="",
    ),
    refused("file as entity in ODT", "a.odt", partial(text_document, EXTERNAL), BROKEN),
    refused("file as entity in EPUB", "a.epub", partial(book, EXTERNAL), BROKEN),
    refused("file as parameter in DOCX", "a.docx", partial(word, paragraph("so"), before=PARAMETER), BROKEN, says="so"),
    refused("DTD to be fetched", "a.docx", partial(word, paragraph("so"), before=FETCHED), BROKEN, says="so"),
    read(
        "XInclude of a file",
        "a.docx",
        partial(
            word,
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{FILE}" parse="text"/>' + paragraph("so"),
        ),
        "so",
    ),
    refused("main part outside", "a.docx", other_main_part, BROKEN),
)
SHAPES: tuple[Nasty, ...] = (
    refused("100,000 deep DOCX", "a.docx", partial(word, "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000), BROKEN),
    refused("100,000 deep ODT", "a.odt", lambda: odt_file("<text:span>" * 100_000 + "</text:span>" * 100_000), BROKEN),
    read(
        "240 deep ODT",
        "a.odt",
        lambda: odt_file("<text:p>" + "<text:span>" * 240 + "so" + "</text:span>" * 240 + "</text:p>"),
        "so",
    ),
    refused("100,000 deep HTML", "a.html", partial(deep_html, 100_000), EMPTY, BROKEN, says=""),
    read("900,000 open tags", "a.html", lambda: b"<html>so" + b"<b><i><a>" * 300_000, "so"),
    read("attribute of 10 MB", "a.html", lambda: b'<html><p title="' + b"a" * 10_000_000 + b'">so</p>', "so"),
    read("table without end tags", "a.html", lambda: b"<html><table>" + b"<tr><td>so<table>" * 50_000, "so"),
    refused(
        "100,000 attributes",
        "a.docx",
        lambda: word(paragraph("so"), attributes=_attributes()),
        BROKEN,
        says="so",
    ),
    refused(
        "100,000 namespaces",
        "a.docx",
        lambda: word(paragraph("so"), attributes=_namespaces()),
        BROKEN,
        TOO_LARGE,
        says="so",
    ),
    read(
        "a million runs in a paragraph",
        "a.docx",
        lambda: word("<w:p>" + "<w:r><w:t>so </w:t></w:r>" * 1_000_000 + "</w:p>"),
        "so",
        is_slow=True,
    ),
    read(
        "300,000 paragraphs of nothing",
        "a.docx",
        lambda: word("<w:p/>" * 300_000 + paragraph("so")),
        "so",
        is_slow=True,
    ),
    refused(
        "UTF-16 that hides laughs",
        "a.docx",
        lambda: replaced_document((LAUGHS + f"<d>{ENTITY}</d>").encode("utf-16")),
        BROKEN,
    ),
    read(
        "a million repeated rows",
        "a.odt",
        lambda: odt_file(
            '<table:table><table:table-row table:number-rows-repeated="1000000000"><table:table-cell '
            'table:number-columns-repeated="1000000000"><text:p>so</text:p></table:table-cell></table:table-row></table:table>'
        ),
        "so",
    ),
    read("a billion spaces", "a.odt", lambda: odt_file('<text:p>so<text:s text:c="999999999999"/>on</text:p>'), "so"),
)
SHEETS: tuple[Nasty, ...] = (
    read(
        "cell in the last corner",
        "a.xlsx",
        lambda: sheet(cell("XFD1048576", "corner", 1_048_576)),
        "corner",
        is_slow=True,
    ),
    read(
        "row number without end",
        "a.xlsx",
        lambda: sheet(cell("A1", "so", 1) + cell("A999999999999", "x", 999_999_999_999)),
        "so",
    ),
    refused(
        "column without end",
        "a.xlsx",
        lambda: sheet(cell("A1", "so", 1) + cell("ZZZZZZZ2", "x", 2)),
        BROKEN,
        TOO_LARGE,
        says="so",
    ),
    read(
        "100,000 wide rows",
        "a.xlsx",
        lambda: sheet("".join(cell(f"XFD{n}", "so", n) for n in range(1, 100_001))),
        "so",
        is_slow=True,
    ),
    read("a sheet 5,000 times", "a.xlsx", many_sheets, "plant 1", is_slow=True),
    refused(
        "string that is not there",
        "a.xlsx",
        lambda: sheet('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'),
        BROKEN,
        says="",
    ),
    refused(
        "number without end",
        "a.xlsx",
        lambda: sheet(f'<row r="1"><c r="A1"><v>{"9" * 100_000}</v></c></row>'),
        BROKEN,
        says="",
    ),
)
MARKUP = (*ENTITIES, *SHAPES, *SHEETS)
