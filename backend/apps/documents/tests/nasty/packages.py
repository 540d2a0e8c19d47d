"""Nasty ZIP packages: bombs, lies, names that lead out of them, locks."""

import io
import warnings
import zipfile
from functools import partial

from apps.documents.tests import hostile_files
from apps.documents.tests.nasty.case import BROKEN, ENCRYPTED, TOO_LARGE, UNSUPPORTED, Nasty, read, refused
from apps.documents.tests.nasty.packing import (
    greedy_lzma,
    nested_zip,
    overlapping,
    patched,
    replaced,
    swollen,
    with_link,
)
from apps.documents.tests.sample_files import docx_file, pptx_file
from apps.documents.tests.sample_formats import epub_file, odt_file, xlsx_file

DOCUMENT, SLIDE, SHEET = "word/document.xml", "ppt/slides/slide1.xml", "xl/worksheets/sheet1.xml"
CHAPTER = "OEBPS/a x.xhtml"
MEMBRANE = "double layer of phospholipids"
TWO_GB = 2**31
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PASSWD = "/etc/passwd"
OUTSIDE = ("../../../../etc/passwd", PASSWD, "C:\\Windows\\win.ini", "word/../../x", "con", "x" * 4096 + ".xml")


def with_outside_names() -> bytes:
    return replaced(docx_file(), dict.fromkeys(OUTSIDE, b"mine"))


def many_members() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", hostile_files.CONTENT_TYPES)
        for number in range(60_000):
            archive.writestr(zipfile.ZipInfo(f"word/{number}.xml"), b"")
    return file.getvalue()


def same_name_twice() -> bytes:
    file = io.BytesIO(docx_file())
    with zipfile.ZipFile(file) as source:
        document = source.read(DOCUMENT)
    with zipfile.ZipFile(file, "a") as archive:
        for _ in range(50):
            with warnings.catch_warnings(action="ignore"):  # that the name is there
                archive.writestr(DOCUMENT, document)
    return file.getvalue()


def overlapping_docx() -> bytes:
    """1,500 parts of 8 MB each in less than 200 kB, with the list of types that makes it a Word file."""
    return overlapping(["[Content_Types].xml", *(f"word/{number}.xml" for number in range(1500))], megabytes=8)


def long_comment() -> bytes:
    file = io.BytesIO(docx_file())
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"PK\x05\x06" * 16_000
    return file.getvalue()


def book_elsewhere() -> bytes:
    container = f'<container><rootfiles><rootfile full-path="../../../..{PASSWD}"/></rootfiles></container>'
    return replaced(epub_file(), {"META-INF/container.xml": container.encode()})


def locked_odt() -> bytes:
    manifest = b'<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
    return replaced(odt_file(), {"META-INF/manifest.xml": manifest, "content.xml": bytes(range(256))})


def locked_epub() -> bytes:
    reference = '<encryption><CipherReference URI="OEBPS/a%20x.xhtml"/></encryption>'
    return replaced(epub_file(), {"META-INF/encryption.xml": reference.encode()})


def locked_office() -> bytes:
    return OLE + "EncryptedPackage".encode("utf-16-le")


def swollen_of(package: bytes, part: str, megabytes: int = 200) -> partial[bytes]:
    return partial(swollen, package, part, megabytes=megabytes)


def _without_end(package: bytes) -> bytes:
    return package[:-40]


BOMBS: tuple[Nasty, ...] = (
    refused("zip bomb in DOCX", "a.docx", swollen_of(docx_file(), DOCUMENT, 2000), TOO_LARGE, is_slow=True),
    refused("zip bomb in PPTX", "a.pptx", swollen_of(pptx_file(), SLIDE), TOO_LARGE, is_slow=True),
    refused("zip bomb in XLSX", "a.xlsx", swollen_of(xlsx_file(), "xl/sharedStrings.xml"), TOO_LARGE, is_slow=True),
    refused("zip bomb in ODT", "a.odt", swollen_of(odt_file(), "content.xml"), TOO_LARGE, is_slow=True),
    refused("zip bomb in EPUB", "a.epub", swollen_of(epub_file(), CHAPTER), TOO_LARGE, is_slow=True),
    read(
        "bomb where nobody looks",
        "a.docx",
        swollen_of(docx_file(), "word/media/a.bmp", 500),
        MEMBRANE,
        is_slow=True,
    ),
    refused("zip bomb that says it is small", "a.docx", hostile_files.lying_docx, BROKEN),
    refused("ZIP of ZIPs of ZIPs", "a.zip", partial(nested_zip, 7), UNSUPPORTED),
    refused("ZIP of ZIPs as DOCX", "a.docx", partial(nested_zip, 3), UNSUPPORTED),
    refused("members that overlap", "a.docx", overlapping_docx, TOO_LARGE, BROKEN, UNSUPPORTED),
    refused("60,000 members", "a.docx", many_members, TOO_LARGE, is_slow=True),
    refused("LZMA that wants 4 GB", "a.docx", lambda: greedy_lzma(docx_file(), DOCUMENT, b"<d/>"), TOO_LARGE, BROKEN),
)
LIES: tuple[Nasty, ...] = (
    refused("2 GB declared in DOCX", "a.docx", lambda: patched(docx_file(), DOCUMENT, size=TWO_GB), TOO_LARGE),
    refused("2 GB declared in XLSX", "a.xlsx", lambda: patched(xlsx_file(), SHEET, size=TWO_GB), TOO_LARGE),
    refused("2 GB declared in EPUB", "a.epub", lambda: patched(epub_file(), CHAPTER, size=TWO_GB), TOO_LARGE),
    refused("nothing declared in PPTX", "a.pptx", lambda: patched(pptx_file(), SLIDE, size=0), BROKEN),
    refused("method that nobody knows", "a.docx", lambda: patched(docx_file(), DOCUMENT, method=77), BROKEN),
    read("one name 51 times", "a.docx", same_name_twice, MEMBRANE),
    refused("comment full of ends", "a.docx", long_comment, BROKEN, UNSUPPORTED, says=MEMBRANE),
    refused("ZIP without its end", "a.docx", lambda: _without_end(docx_file()), BROKEN),
    refused("empty ZIP", "a.docx", lambda: b"PK\x05\x06" + bytes(18), UNSUPPORTED),
)
PATHS: tuple[Nasty, ...] = (
    read("names that lead out of a DOCX", "a.docx", with_outside_names, MEMBRANE),
    refused("symbolic link in DOCX", "a.docx", lambda: with_link(docx_file(), DOCUMENT, target=PASSWD), BROKEN),
    refused("symbolic link in ODT", "a.odt", lambda: with_link(odt_file(), "content.xml", target=PASSWD), BROKEN),
    refused("book that lies elsewhere", "a.epub", book_elsewhere, BROKEN),
)
LOCKED: tuple[Nasty, ...] = (
    refused("encrypted part of DOCX", "a.docx", lambda: patched(docx_file(), DOCUMENT, flags=1), ENCRYPTED),
    refused("encrypted DOCX", "a.docx", locked_office, ENCRYPTED),
    refused("encrypted PPTX", "a.pptx", lambda: locked_office() + b"p", ENCRYPTED),
    refused("encrypted XLSX", "a.xlsx", lambda: locked_office() + b"x", ENCRYPTED),
    refused("encrypted ODT", "a.odt", locked_odt, ENCRYPTED),
    refused("encrypted EPUB", "a.epub", locked_epub, ENCRYPTED),
)
PACKAGES = (*BOMBS, *LIES, *PATHS, *LOCKED)
