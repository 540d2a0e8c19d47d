"""Nasty PDFs: what unpacks, loops, branches or counts without end."""

import zlib
from functools import partial

from apps.documents.tests import sample_files
from apps.documents.tests.hostile_files import MEGABYTE, deep_pdf, pdf_of
from apps.documents.tests.nasty.case import BROKEN, EMPTY, ENCRYPTED, TIMEOUT, TOO_LARGE, Nasty, read, refused

SAYS = "unit of life"
SPOKEN = b"BT /F1 12 Tf 72 720 Td (The cell is the unit of life.) Tj ET "
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
BOX = b"/MediaBox[0 0 595 842]"
MANY = (TIMEOUT, TOO_LARGE, BROKEN, EMPTY)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content)


def packed(megabytes: int, piece: bytes, *, times: int = 1) -> bytes:
    """A stream that unpacks, `times` over, to as much of `piece`."""
    packer = zlib.compressobj(9)
    block = piece * (MEGABYTE // len(piece))
    content = b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter[%s]" % (b"/FlateDecode" * times))


def pdf(*more: bytes, content: bytes = stream(SPOKEN), resources: bytes = b"", page: bytes = BOX) -> bytes:
    """One page of `content` with a font F1 and `resources`; the objects `more` have numbers from 6 on."""
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>>>" % (page, resources)
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, content, FONT, *more)


def many_pages(count: int, content: bytes = stream(SPOKEN)) -> bytes:
    """As many pages, all with the same content."""
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>" % BOX
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + count))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf_of(CATALOG, tree, content, FONT, *([leaf] * count))


def own_parent() -> bytes:
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>")


def table_that_loops() -> bytes:
    """A cross-reference table whose one before is itself."""
    body, places = b"%PDF-1.4\n", []
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>" % BOX
    for number, content in enumerate((CATALOG, tree, leaf, stream(SPOKEN), FONT), 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    at = len(body)
    table = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 6/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        rows,
        at,
        at,
    )
    return body + table


def many_fonts(count: int) -> bytes:
    """A page that uses as many fonts, each an object of its own."""
    names = b"".join(b"/G%d %d 0 R" % (number, 6 + number) for number in range(count))
    text = b"".join(b"BT /G%d 9 Tf 9 9 Td (so) Tj ET " % number for number in range(count))
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R%s>>>>>>" % (BOX, names)
    return pdf_of(
        CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, stream(SPOKEN + text), FONT, *([FONT] * (count + 1))
    )


def forms(levels: int, width: int) -> bytes:
    """Forms that use the next form `width` times, so that the last is drawn `width` ** `levels` times."""
    following = [b"/XObject<</X %d 0 R>>" % (7 + level) for level in range(levels)]
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>"
    objects = [stream(b"/X Do " * width, head % resources) for resources in following]
    last = stream(b"0 0 m 9 9 l S", head % b"")
    return pdf(*objects, last, content=stream(SPOKEN + b"/X Do"), resources=b"/XObject<</X 6 0 R>>")


def own_form() -> bytes:
    """Two forms that use each other."""
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    objects = [stream(b"/X Do /X Do", head % 7), stream(b"/X Do /X Do", head % 6)]
    return pdf(*objects, content=stream(SPOKEN + b"/X Do"), resources=b"/XObject<</X 6 0 R>>")


def own_glyph() -> bytes:
    """A font whose letter is drawn with a letter of the same font."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 7 0 R>>/FirstChar 97"
        b"/LastChar 97/Widths[9]/Encoding<</Differences[97/a]>>/Resources<</Font<</T 6 0 R>>>>>>"
    )
    glyph = stream(b"9 0 0 0 9 9 d1 BT /T 9 Tf (aaaa) Tj ET")
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R/T 6 0 R>>>>>>" % BOX
    content = stream(SPOKEN + b"BT /T 9 Tf (aaaa) Tj ET")
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, content, FONT, font, glyph)


def endless_map() -> bytes:
    """A font whose table of characters names four billion of them, again and again."""
    ranges = b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange " * 2000
    table = stream(b"/CIDInit /ProcSet findresource begin begincmap " + ranges + b"endcmap end")
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<<>>/W[0 2000000000 500]>>"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 8 0 R/DescendantFonts[7 0 R]>>"
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R/M 6 0 R>>>>>>" % BOX
    content = stream(SPOKEN + b"BT /M 9 Tf <00410042> Tj ET")
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, content, FONT, font, descendant, table)


def same_content_again(count: int) -> bytes:
    """A page whose content is one stream of a megabyte, `count` times."""
    parts = b"[4 0 R " + b"6 0 R " * count + b"]"
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents %s/Resources<</Font<</F1 5 0 R>>>>>>" % (BOX, parts)
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf_of(CATALOG, tree, leaf, stream(SPOKEN), FONT, packed(1, b"0 0 m "))


def boxed(box: bytes) -> partial[bytes]:
    return partial(pdf, page=b"/MediaBox[%s]" % box)


def huge_picture(box: bytes = BOX) -> bytes:
    """A page that is one picture of ten billion pixels, without a word: OCR is to look at it."""
    picture = stream(
        zlib.compress(bytes(9999)),
        b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode",
    )
    content = stream(b"595 0 0 842 0 0 cm /X Do")
    return pdf(picture, content=content, resources=b"/XObject<</X 6 0 R>>", page=box)


def slow_to_draw(pages: int, layers: int) -> bytes:
    """Pages without a word that OCR is to look at, each of as many layers that one sees through."""
    state = b"/ExtGState<</G<</ca 0.01>>>>"
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 3 0 R/Resources<<%s>>>>" % (BOX, state)
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + pages))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages)
    layer = b"/G gs 0 0 595 842 re f 9 9 m 500 800 l 9 800 l f "
    return pdf_of(CATALOG, tree, stream(layer * layers), *([leaf] * pages))


def busy() -> bytes:
    """A PDF that would start programs, open addresses and run scripts."""
    action = b"/OpenAction<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>>>/AA<</O<</S/JavaScript/JS(while\\(1\\);)>>>>"
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>" % BOX
    catalog = b"<</Type/Catalog/Pages 2 0 R%s>>" % action
    return pdf_of(catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, stream(SPOKEN), FONT)


def counted(count: bytes) -> bytes:
    """A tree that says it has `count` pages, and has one."""
    leaf = b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>" % BOX
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % count, leaf, stream(SPOKEN), FONT)


def _deep(opening: bytes, closing: bytes) -> bytes:
    return pdf(opening * 200_000 + closing * 200_000)


def _half() -> bytes:
    content = sample_files.study_pdf(6)
    return content[: len(content) // 2]


LOOPS: tuple[Nasty, ...] = (
    refused("tree of pages without end", "a.pdf", deep_pdf, BROKEN),
    refused("tree that is its own child", "a.pdf", own_parent, BROKEN, EMPTY),
    refused("table that loops", "a.pdf", table_that_loops, BROKEN, says=SAYS),
    refused(
        "length that is itself",
        "a.pdf",
        partial(pdf, content=b"<</Length 4 0 R>>stream\n%s\nendstream" % SPOKEN),
        BROKEN,
        EMPTY,
        says=SAYS,
    ),
    refused("forms that use each other", "a.pdf", own_form, *MANY, says=SAYS, is_slow=True),
    refused("forms that branch", "a.pdf", partial(forms, 9, 10), *MANY, says=SAYS, is_slow=True),
    read("letter drawn with itself", "a.pdf", own_glyph, SAYS),
    refused("font of four billion letters", "a.pdf", endless_map, *MANY, says=SAYS),
    refused(
        "20,000 times the same content", "a.pdf", partial(same_content_again, 20_000), *MANY, says=SAYS, is_slow=True
    ),
)
BOMBS: tuple[Nasty, ...] = (
    refused("flate bomb of 1 GB", "a.pdf", lambda: pdf(content=packed(1000, b"q ", times=2)), *MANY, is_slow=True),
    refused(
        "flate bomb that draws", "a.pdf", lambda: pdf(content=packed(500, b"0 0 m ", times=2)), *MANY, is_slow=True
    ),
    refused("flate bomb of words", "a.pdf", lambda: pdf(content=packed(100, SPOKEN)), *MANY, says=SAYS, is_slow=True),
    refused(
        "1,000 filters",
        "a.pdf",
        lambda: pdf(content=stream(SPOKEN, b"/Filter[%s]" % (b"/ASCIIHexDecode" * 1000))),
        BROKEN,
        EMPTY,
        says="",
    ),
    refused("arrays 200,000 deep", "a.pdf", partial(_deep, b"[", b"]"), BROKEN, TOO_LARGE, says=SAYS),
    refused("dictionaries 200,000 deep", "a.pdf", partial(_deep, b"<</A ", b">>"), BROKEN, TOO_LARGE, says=SAYS),
    refused(
        "content of arrays 200,000 deep",
        "a.pdf",
        lambda: pdf(content=stream(SPOKEN + b"[" * 200_000)),
        BROKEN,
        says=SAYS,
    ),
    refused("picture of ten billion pixels", "a.pdf", huge_picture, EMPTY, BROKEN, TOO_LARGE),
)
COUNTS: tuple[Nasty, ...] = (
    refused("page that is slow to draw", "a.pdf", partial(slow_to_draw, 1, 20_000), *MANY, is_slow=True),
    refused("100 pages that are slow to draw", "a.pdf", partial(slow_to_draw, 100, 200), *MANY, is_slow=True),
    read("10,000 pages", "a.pdf", partial(many_pages, 10_000), SAYS, pages=10_000, is_slow=True),
    refused("300 slow pages", "a.pdf", lambda: many_pages(300, packed(8, b"0 0 m ")), *MANY, is_slow=True),
    refused(
        "300 slow pages of few words",
        "a.pdf",
        lambda: many_pages(300, packed(8, SPOKEN.ljust(9000, b" ") + b"0 0 m " * 500)),
        *MANY,
        says=SAYS,
        is_slow=True,
    ),
    refused("100,000 fonts", "a.pdf", partial(many_fonts, 100_000), *MANY, says=SAYS, is_slow=True),
    refused(
        "two billion pages declared", "a.pdf", partial(counted, b"2147483647"), BROKEN, TOO_LARGE, EMPTY, says=SAYS
    ),
    refused("fewer than no pages declared", "a.pdf", partial(counted, b"-5"), BROKEN, says=SAYS),
    refused(
        "2 GB declared in PDF",
        "a.pdf",
        partial(pdf, content=b"<</Length 2147483648>>stream\n%s\nendstream" % SPOKEN),
        BROKEN,
        EMPTY,
        says=SAYS,
    ),
    read("page as wide as the earth", "a.pdf", boxed(b"0 0 1e15 1e15"), SAYS),
    refused("page of no width", "a.pdf", boxed(b"0 0 0 0"), EMPTY, says=SAYS),
    refused(
        "scan as wide as the earth",
        "a.pdf",
        partial(huge_picture, b"/MediaBox[0 0 9e9 9e9]"),
        EMPTY,
        BROKEN,
        TOO_LARGE,
    ),
    refused("page that is no number", "a.pdf", boxed(b"nan inf (x) null"), EMPTY, BROKEN, says=SAYS),
)
OTHERS: tuple[Nasty, ...] = (
    read("PDF that starts programs", "a.pdf", busy, SAYS),
    refused("encrypted PDF", "a.pdf", sample_files.encrypted_pdf, ENCRYPTED),
    refused("half a PDF", "a.pdf", _half, BROKEN, says=""),
    refused("PDF of NULs", "a.pdf", lambda: b"%PDF-1.7\n" + bytes(1_000_000), BROKEN),
    refused("only a beginning", "a.pdf", lambda: b"%PDF-", BROKEN),
)
PDFS = (*LOOPS, *BOMBS, *COUNTS, *OTHERS)
