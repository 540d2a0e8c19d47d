"""Files that are small to send and large or endless to read."""

import io
import zipfile
import zlib
from itertools import chain

CONTENT_TYPES = "<Types>wordprocessingml.document.main+xml</Types>"
MEGABYTE = 2**20


def pdf_bomb(megabytes: int, *, operator: bytes = b"q ") -> bytes:
    """One page whose content is `operator` over and over, packed twice."""
    content = operator * (megabytes * MEGABYTE // len(operator))
    packed = zlib.compress(zlib.compress(content, 9), 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        stream,
    )


def deep_pdf(depth: int = 5000) -> bytes:
    """A tree of pages that is a chain of `depth` nodes, whose last points back to the first."""
    chained = (b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, depth + 2))
    return pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", *chained, b"<</Type/Pages/Kids[2 0 R]/Count 1>>")


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of numbered objects, the first of which is the catalogue; it has no table, so readers search for them."""
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1))
    trailer = b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF\n" % (len(objects) + 1)
    return b"".join(chain([b"%PDF-1.4\n"], numbered, [trailer]))


def docx_bomb(megabytes: int) -> bytes:
    """A Word document whose text unpacks to as much space."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(b" " * MEGABYTE)
    return file.getvalue()


def lying_docx() -> bytes:
    """A Word document whose directory says that a member of 4 MB has 10 bytes."""
    real, claimed = 4 * MEGABYTE, 10
    content = docx_bomb(4)
    return content.replace(real.to_bytes(4, "little"), claimed.to_bytes(4, "little"))


def laughing_docx() -> bytes:
    """A Word document whose XML defines entities that unfold to a billion words."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{levels}]><d>&l9;</d>'
    return replaced_document(xml.encode())


def replaced_document(xml: bytes) -> bytes:
    """A sound Word package around any main part."""
    relationship = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    package = "http://schemas.openxmlformats.org/package/2006"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
            f'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{main}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relationship}" '
            f'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", xml)
    return file.getvalue()
