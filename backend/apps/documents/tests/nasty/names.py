"""Names of files that lead out of a folder, hide what they are, or mean something to a system."""

from functools import partial

from apps.documents.tests.nasty.case import BROKEN, Nasty, refused

# The form itself is refused for a name of nothing but dots, and for one that is longer than a header may be.
AT_THE_DOOR = ("invalid_input", "bad_request")
# One that ends as a PDF does is refused for it: there is a text inside.
NAMES = (
    "../../../../etc/passwd",
    "/etc/cron.d/x.txt",
    "..\\..\\Windows\\win.ini",
    "C:\\Windows\\system32\\x.txt",
    "\\\\server\\share\\x.txt",
    "file:///etc/passwd",
    "..",
    "CON.txt",
    "aux",
    "a.txt\x00.pdf",
    "a\r\nSet-Cookie: x=1\r\n.txt",
    "\u202etxt.exe",
    "x" * 4096 + ".txt",
    "é" * 2000,
    "$(reboot).txt",
    "; rm -rf ~ #.txt",
    "<img src=x onerror=alert(1)>.txt",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "nul:.txt ",
    "{0.__class__}%s%n.txt",
)


def _content(number: int) -> bytes:
    return f"so it is, for the {number + 1}. time".encode()


PATHS: tuple[Nasty, ...] = tuple(
    refused(f"name {number + 1}: {name[:24]!r}", name, partial(_content, number), BROKEN, *AT_THE_DOOR, says="so it is")
    for number, name in enumerate(NAMES)
)
