"""Files that cannot be read: each has its code and a sentence that names it, and costs the gateway nothing."""

import io
import zipfile
from collections.abc import Callable

import pytest
from pytest_django import Settings

from apps.core.errors import ApiError
from apps.documents.tests import hostile_files, sample_files, sample_formats
from apps.documents.tests.extracting import extracted
from apps.documents.tests.nasty import packages, pdfs
from apps.documents.tests.nasty.packing import replaced

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


async def refused(content: bytes, filename: str) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await extracted(content, filename)
    assert f"“{filename}”" in caught.value.message
    assert caught.value.details["filename"] == filename
    return caught.value


def other_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", b"...")
    return file.getvalue()


def half(content: Callable[[], bytes]) -> Callable[[], bytes]:
    return lambda: content()[: len(content()) // 2]


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        pytest.param(sample_files.encrypted_pdf, "a.pdf", "document_encrypted", id="encrypted PDF"),
        pytest.param(lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "document_encrypted", id="DOCX"),
        pytest.param(lambda: OLE, "a.doc", "document_type_unsupported", id="old Word"),
        pytest.param(lambda: b"%PDF-1.7 and then nothing", "a.pdf", "document_broken", id="broken PDF"),
        pytest.param(half(sample_files.docx_file), "a.docx", "document_broken", id="half a DOCX"),
        pytest.param(half(sample_files.pptx_file), "a.pptx", "document_broken", id="half a PPTX"),
        pytest.param(sample_files.not_a_pdf, "a.pdf", "document_broken", id="text named PDF"),
        pytest.param(sample_files.not_a_pdf, "a.docx", "document_broken", id="text named DOCX"),
        pytest.param(lambda: b"", "a.txt", "document_empty", id="empty"),
        pytest.param(lambda: b" \n\t ", "a.txt", "document_empty", id="only space"),
        pytest.param(lambda: b"\xff\xfe", "a.txt", "document_empty", id="only a byte order mark"),
        pytest.param(lambda: b"\xff\xfea", "a.txt", "document_broken", id="half a character"),
        pytest.param(sample_files.scanned_pdf, "a.pdf", "document_empty", id="scanned PDF"),
        pytest.param(other_zip, "a.zip", "document_type_unsupported", id="ZIP"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png", "document_broken", id="picture"),
        pytest.param(lambda: bytes(range(256)) * 9, "a.txt", "document_type_unsupported", id="bytes named text"),
        pytest.param(lambda: hostile_files.docx_bomb(300), "a.docx", "document_too_large", id="ZIP bomb"),
        pytest.param(hostile_files.lying_docx, "a.docx", "document_broken", id="ZIP that lies about sizes"),
        pytest.param(hostile_files.laughing_docx, "a.docx", "document_broken", id="entities that unfold"),
        pytest.param(hostile_files.deep_pdf, "a.pdf", "document_broken", id="endless tree of pages"),
    ],
)
async def test_each_has_its_code(content: Callable[[], bytes], filename: str, code: str) -> None:
    assert (await refused(content(), filename)).code == code


async def test_a_scan_is_told_apart_from_nothing() -> None:
    assert "OCR" in (await refused(sample_files.scanned_pdf(), "scan.pdf")).message


async def test_a_child_that_eats_memory_ends_itself_alone(settings: Settings) -> None:
    settings.EXTRACTION_MEMORY_MB = 256
    assert (await refused(hostile_files.pdf_bomb(200), "bomb.pdf")).code == "document_too_large"


async def test_a_file_that_takes_too_long_is_given_up(settings: Settings) -> None:
    settings.EXTRACTION_TIMEOUT_SECONDS = 0.5
    error = await refused(hostile_files.pdf_bomb(200, operator=b"0 0 m "), "slow.pdf")
    assert error.code == "document_timeout"
    assert "takes longer" in error.message


async def test_a_file_whose_pages_take_time_and_give_no_text_is_given_up_soon(settings: Settings) -> None:
    settings.EXTRACTION_PAGE_SECONDS = 0.5
    slow = pdfs.many_pages(200, pdfs.packed(8, b"0 0 m "))
    assert (await refused(slow, "slow.pdf")).code == "document_timeout"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{\\rtf1 so}", "Rich Text Format"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "HEIC"),
        (b"\0\0\0\x1cftypavif" + bytes(99), "AVIF"),
        (b"PK\x05\x06" + bytes(18), "archive of files. Unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(99), "archive of files. Unpack it"),
        (OLE, "before 2007"),
        (b"\x7fELF" + bytes(99), "kind of file that cannot be read"),
    ],
)
async def test_what_is_known_and_not_read_is_told_what_to_do(content: bytes, sentence: str) -> None:
    error = await refused(content, "mine.bin")
    assert error.code == "document_type_unsupported"
    assert sentence in error.message


@pytest.mark.parametrize(
    ("content", "filename"), [(packages.locked_odt, "a.odt"), (packages.locked_epub, "a.epub")], ids=["ODT", "EPUB"]
)
async def test_a_locked_file_asks_for_a_copy_without_its_password(content: Callable[[], bytes], filename: str) -> None:
    error = await refused(content(), filename)
    assert error.code == "document_encrypted"
    assert "without the password" in error.message


async def test_a_book_with_scrambled_fonts_alone_is_read() -> None:
    fonts = b'<encryption><CipherReference URI="OEBPS/font.otf"/></encryption>'
    book = replaced(sample_formats.epub_file(), {"META-INF/encryption.xml": fonts})
    assert "Ishmael" in (await extracted(book, "a.epub")).pages[0].text
