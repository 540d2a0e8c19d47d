"""Files that are two kinds of file at once, so that one program sees another thing in them than the next."""

from apps.documents.tests.nasty.case import BROKEN, UNSUPPORTED, Nasty, read, refused
from apps.documents.tests.nasty.packages import MEMBRANE
from apps.documents.tests.nasty.pdfs import SAYS, pdf
from apps.documents.tests.nasty.pictures import gif
from apps.documents.tests.sample_files import docx_file
from apps.documents.tests.sample_formats import package, picture_file

PAGE = b"<html><body><p>a page</p><script>alert(1)</script></body></html>"


def _zip() -> bytes:
    return package({"a.txt": "inside"})


def script_gif() -> bytes:
    """A GIF whose size reads as the beginning of a comment in JavaScript."""
    return b"GIF89a/*" + gif(1, side=1)[8:] + b"*/=1;alert(1);//"


POLYGLOTS: tuple[Nasty, ...] = (
    refused("PDF and ZIP", "a.pdf", lambda: pdf() + _zip(), BROKEN),
    refused("PDF and DOCX", "a.docx", lambda: pdf() + docx_file(), BROKEN),
    refused("PNG and ZIP", "a.png", lambda: picture_file() + _zip(), BROKEN),
    refused("GIF and ZIP", "a.gif", lambda: gif(1, side=1) + _zip(), BROKEN),
    read("PDF and page", "a.html", lambda: pdf() + PAGE, SAYS),
    refused("page and PDF", "a.pdf", lambda: PAGE + pdf(), BROKEN, says=SAYS),
    read("page and PDF, called page", "a.html", lambda: PAGE + pdf(), "a page"),
    refused("GIF and script", "a.gif", script_gif, BROKEN, says=""),
    read("JPEG and page", "a.jpg", lambda: picture_file("", "JPEG") + PAGE, ""),
    refused("text and DOCX", "a.docx", lambda: b"so it is\n" * 200 + docx_file(), BROKEN, UNSUPPORTED),
    read("DOCX and text", "a.docx", lambda: docx_file() + b"so it is\n", MEMBRANE),
    read("script and page", "a.svg", lambda: b"<svg onload='alert(1)'><script>x</script><text>so</text></svg>", "so"),
)
