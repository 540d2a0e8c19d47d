"""A file that is made to hurt, and what is a right answer to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.documents.errors import (
    DocumentBroken,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentTimeout,
    DocumentTooLarge,
    DocumentTypeUnsupported,
)

BROKEN, EMPTY, ENCRYPTED = DocumentBroken.code, DocumentEmpty.code, DocumentEncrypted.code
TIMEOUT, TOO_LARGE, UNSUPPORTED = DocumentTimeout.code, DocumentTooLarge.code, DocumentTypeUnsupported.code
SECRET = "root:"  # stands in /etc/passwd, and in no file that is made here
SAYS_PAGES = 8  # among the first of which its words must stand, where not all are looked at


@dataclass(frozen=True)
class Answer:
    """What came of a file: the code of its problem, or, with none, its pages and their texts."""

    code: str = ""
    pages: int = 0
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Nasty:
    """`refused` are the codes that are right answers; being read is one too where `says` is given.

    `says` stands on one of the pages that are read then, of which there are `pages` where that is given.
    `within_s` is longer only where OCR has pictures to read: it is slow at dense pages that are no trick, too.
    `is_slow`: it takes more than half a second to make or to read.
    """

    name: str
    filename: str
    make: Callable[[], bytes]
    refused: frozenset[str] = frozenset()
    says: str | None = None
    pages: int = 0
    is_slow: bool = False
    within_s: float = 15.0

    def fault(self, answer: Answer) -> str:
        """What is wrong with an answer, in a sentence; empty when nothing is."""
        if any(SECRET in text for text in answer.texts):
            return "a file of this machine was read"
        if answer.code:
            return "" if answer.code in self.refused else f"answered {answer.code}"
        if self.says is None:
            return "was read"
        if not any(self.says in text for text in answer.texts):
            return f"read without “{self.says}”"
        return f"has {answer.pages} pages" if self.pages and answer.pages != self.pages else ""


def refused(
    name: str,
    filename: str,
    make: Callable[[], bytes],
    *codes: str,
    says: str | None = None,
    is_slow: bool = False,
    within_s: float = 15.0,
) -> Nasty:
    """A file for which each of these codes is a right answer, and, with `says`, being read too."""
    return Nasty(name, filename, make, frozenset(codes), says, is_slow=is_slow, within_s=within_s)


def read(
    name: str, filename: str, make: Callable[[], bytes], says: str, *, pages: int = 0, is_slow: bool = False
) -> Nasty:
    """A file that must be read."""
    return Nasty(name, filename, make, frozenset(), says, pages, is_slow)
