"""Files of the formats that libraries or a few lines make: each function returns the bytes of one file."""

import io
import zipfile

import openpyxl
from PIL import Image, ImageDraw, ImageFont

from apps.documents.tests.hostile_files import pdf_of

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# The parts of a Word file with a footnote, and the line above it, which is stored as a note too.
WORD_WITH_NOTES = (
    f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>Water moves.</w:t></w:r>'
    '<w:r><w:footnoteReference w:id="1"/></w:r></w:p></w:body></w:document>'
).encode()
WORD_NOTES = (
    f'<w:footnotes xmlns:w="{_WORD}"><w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>line</w:t></w:r></w:p>'
    '</w:footnote><w:footnote w:id="1"><w:p><w:r><w:t>By osmosis, as Nollet saw.</w:t></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)
WORD_WITH_NOTES_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/footnotes.xml" ContentType="{_TYPE}.footnotes+xml"/></Types>'
)
WORD_WITH_NOTES_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_RELATIONSHIP}/footnotes" '
    'Target="footnotes.xml"/></Relationships>'
)


def hebrew_pdf() -> bytes:
    """A page with a word in Hebrew, drawn from left to right as printers do; its font names each letter."""
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 4 beginbfchar <61> <05DD> <62> <05D5> <63> <05DC> <64> <05E9> endbfchar endcmap end end"
    )
    content = b"BT /F1 24 Tf 72 720 Td (abcd) Tj ET"
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(table), table),
    )


def xlsx_file() -> bytes:
    """Two sheets: 60 rows of measurements, and one row in Arabic."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Results"
    sheet.append(["Plant", "Height in cm"])
    for number in range(1, 60):
        sheet.append([f"plant {number}", number + 0.5])
    book.create_sheet("نتائج").append(["نبات", 3])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def odt_file(body: str = "") -> bytes:
    """A text with two headings, a table, a footnote and a deletion; or with `body` in their place."""
    body = body or (
        "<text:tracked-changes><text:p>deleted words</text:p></text:tracked-changes>"
        '<text:h text:outline-level="1">Roots</text:h><text:p>Roots take up<text:s text:c="2"/>water'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>By osmosis.</text:p>"
        "</text:note-body></text:note>.</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>Zone</text:p></table:table-cell>"
        "<table:table-cell><text:p>Length</text:p></table:table-cell></table:table-row></table:table>"
        '<text:h text:outline-level="1">Stems</text:h><text:p>Stems carry it up.</text:p>'
    )
    content = (
        f'<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}" xmlns:table="{TABLE}">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def epub_file() -> bytes:
    """Two chapters, whose spine has them in another order than the archive."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    item = '<item id="{0}" href="{0}%20x.xhtml" media-type="application/xhtml+xml"/>'
    opf = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{item.format("b")}{item.format("a")}</manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    chapter = '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{}</h1><p>{}</p></body></html>'
    return package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": opf,
            "OEBPS/b x.xhtml": chapter.format("Loomings again", "The second chapter is short."),
            "OEBPS/a x.xhtml": chapter.format("Loomings", "Call me Ishmael."),
        }
    )


def picture_file(text: str = "Osmosis moves water\nthrough the membrane.", file_format: str = "PNG") -> bytes:
    """A picture of printed words; without `text`, one of a grey slope."""
    picture = Image.new("L", (1400, 500), 255) if text else Image.linear_gradient("L").resize((600, 400))
    ImageDraw.Draw(picture).text((60, 60), text, fill=0, font=ImageFont.load_default(64))
    file = io.BytesIO()
    picture.convert("RGB").save(file, file_format)
    return file.getvalue()


def package(parts: dict[str, str]) -> bytes:
    """A ZIP archive of these texts by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()
