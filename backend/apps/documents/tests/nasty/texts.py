"""Nasty texts: lines, tables and marks without end, bytes that are no characters, and what pretends to be text."""

import codecs
import gzip
import io
import tarfile
from functools import partial

from apps.documents.tests import sample_files
from apps.documents.tests.nasty.case import BROKEN, EMPTY, UNSUPPORTED, Nasty, read, refused
from apps.documents.tests.nasty.packages import OLE
from apps.documents.tests.sample_formats import picture_file

SO = "so it is"
CONTROLS = "".join(map(chr, [*range(1, 9), *range(14, 27), 127, 0x200B, 0xFEFF, 0xFFF9]))
DIRECTIONS = "\u202e\u202d\u2066\u2067\u2068\u2069\u200f"


def repeated(piece: str, times: int, *, head: str = SO + "\n") -> partial[bytes]:
    """A text of `piece`, as often as that."""
    return partial(_repeated, piece, times, head)


def _repeated(piece: str, times: int, head: str) -> bytes:
    return (head + piece * times).encode()


def nested_list(depth: int) -> bytes:
    lines = (" " * (2 * level) + "- " + SO for level in range(depth))
    return "\n".join(lines).encode()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        link = tarfile.TarInfo("../../etc/passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return file.getvalue()


LONG: tuple[Nasty, ...] = (
    read("line of 20 MB", "a.txt", repeated("so it is ", 2_200_000), SO, is_slow=True),
    read("word of 20 MB", "a.txt", repeated("a", 20_000_000), SO, is_slow=True),
    read("three million lines", "a.txt", repeated("so\n", 3_000_000), SO, is_slow=True),
    refused("30 MB of spaces", "a.txt", repeated(" ", 30_000_000, head=""), EMPTY),
    read("spaces between two words", "a.md", repeated(" \t", 5_000_000), SO),
    read("table of a million columns", "a.csv", repeated("so it is,", 1_000_000), SO, is_slow=True),
    read("table of a million rows", "a.csv", repeated("so,it,is\n", 1_000_000), SO, is_slow=True),
    read("table of open quotes", "a.csv", repeated('",', 1_000_000), SO, is_slow=True),
    read("table of separators", "a.csv", repeated(";|\t,", 100_000), SO),
    read("table of quotes at odds", "a.csv", repeated("'\"',\"'\n", 20_000), SO, is_slow=True),
    read("program in a line of 10 MB", "a.js", repeated("f(so)+", 1_700_000), SO, is_slow=True),
    read("a million brackets", "a.json", repeated("[", 1_000_000), SO),
)
DEEP: tuple[Nasty, ...] = (
    read("list 3,000 deep", "a.md", partial(nested_list, 3000), SO, is_slow=True),
    read("quotation 100,000 deep", "a.md", repeated(">", 100_000), SO),
    read("headings of headings", "a.md", repeated("# so\n", 300_000), SO, is_slow=True),
    read("fences in fences", "a.md", repeated("```\n~~~\n", 100_000), SO, is_slow=True),
    read("comments before nothing", "a.txt", repeated("<!-- -->", 5000, head=""), "<!-- -->"),
    read("declarations before nothing", "a.txt", repeated("<?xml ", 10_000, head=""), "<?xml"),
    read("charsets before nothing", "a.html", lambda: b"\xff" + b"<meta " * 100_000, ""),
    read("marks on a letter", "a.txt", repeated("\u0301", 2_000_000, head=SO), SO, is_slow=True),
    read("hyphens and breaks", "a.txt", repeated("-\n", 2_000_000, head=SO), SO, is_slow=True),
)
BYTES: tuple[Nasty, ...] = (
    refused("nothing", "a.txt", lambda: b"", EMPTY),
    refused("nothing as PDF", "a.pdf", lambda: b"", EMPTY),
    read("one letter", "a.txt", lambda: b"a", "a"),
    refused("one NUL", "a.txt", lambda: b"\0", UNSUPPORTED, EMPTY),
    refused("a megabyte of NULs", "a.txt", lambda: bytes(2**20), UNSUPPORTED),
    read("NULs between words", "a.txt", lambda: (SO + " ").encode() * 99 + b"\0" * 5 + SO.encode(), SO),
    refused("UTF-16 without its mark", "a.txt", lambda: SO.encode("utf-16-le"), UNSUPPORTED),
    refused("half a character", "a.txt", lambda: codecs.BOM_UTF16_LE + b"s\0o", BROKEN),
    refused("UTF-32 beyond Unicode", "a.txt", lambda: codecs.BOM_UTF32_LE + b"\xff" * 400, BROKEN),
    read("bytes too many for a letter", "a.txt", lambda: SO.encode() + b"\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80", SO),
    read("control characters", "a.txt", lambda: (SO + " and on " * 99 + CONTROLS).encode(), SO),
    read("directions", "a.txt", lambda: (SO + DIRECTIONS * 1000 + "fdp.exe").encode(), SO),
    refused("orders to a terminal", "a.txt", lambda: (SO + "\x1b]0;x\x07\x1b[2J" * 99).encode(), UNSUPPORTED),
    refused("random bytes", "a.txt", lambda: bytes(range(256)) * 999, UNSUPPORTED),
)
WRONG: tuple[Nasty, ...] = (
    refused("program as text", "a.txt", lambda: b"\x7fELF" + bytes(5000), UNSUPPORTED),
    refused("program as PDF", "a.pdf", lambda: b"MZ" + bytes(5000), BROKEN),
    refused("GZIP bomb", "a.txt", lambda: gzip.compress(bytes(50_000_000)), UNSUPPORTED),
    refused("TAR that leads out", "a.txt", tar, UNSUPPORTED),
    refused("old Word", "a.doc", lambda: OLE, UNSUPPORTED),
    refused("RTF", "a.docx", lambda: b"{\\rtf1 " + b"{" * 100_000, UNSUPPORTED),
    refused("PostScript that loops", "a.ps", lambda: b"%!PS\n{} loop", UNSUPPORTED),
    refused("HEIC", "a.jpg", lambda: b"\0\0\0\x18ftypheic" + bytes(99), UNSUPPORTED),
    refused("text as PNG", "a.png", SO.encode, BROKEN),
    refused("page as DOCX", "a.docx", lambda: b"<html>so", BROKEN),
    read("PNG as DOCX", "a.docx", partial(picture_file, ""), ""),
    read("DOCX as PDF", "a.pdf", sample_files.docx_file, "double layer of phospholipids"),
    refused("larger than is taken", "a.txt", lambda: b"so it is " * 6_000_000, "payload_too_large", is_slow=True),
)
TEXTS = (*LONG, *DEEP, *BYTES, *WRONG)
