"""What a prompt says of each of its files: how much of it was read, and how."""

from collections.abc import Sequence

from apps.chat.pictures import has_text
from apps.documents.models import Document, DocumentState, Kind


def report_of(document: Document, *, pictures: Sequence[int] = ()) -> str:
    """One sentence or two, for the model; the student sees the same figures beside the file.

    `pictures` are the numbers of those that the model sees of it.
    """
    if document.state == DocumentState.FAILED:
        return f"{document.filename}: could not be read."
    if pictures:
        return f"{document.filename}: {_shown(document, pictures)}"
    if document.state != DocumentState.READY:
        return f"{document.filename}: is still being read; only what was read so far is here."
    if document.kind == Kind.IMAGE:
        return f"{document.filename}: {_unseen(document)}"
    counts = {
        "read by OCR, with possible mistakes": document.pages_ocr,
        "without text": document.pages_empty,
        "damaged and not read": document.pages_failed,
        "beyond the limit and not read": document.pages_cut,
    }
    said = [f"{count:,} {how}" for how, count in counts.items() if count]
    return f"{document.filename}: {document.page_count:,} pages" + (f", of which {', '.join(said)}." if said else ".")


def _shown(document: Document, pictures: Sequence[int]) -> str:
    which = ", ".join(map(str, pictures))
    shown = f"shown below as picture {which}." if len(pictures) == 1 else f"shown below as pictures {which}."
    return shown + (" What OCR read in it is in the passages, with possible mistakes." if has_text(document) else "")


def _unseen(document: Document) -> str:
    if has_text(document):
        return "a picture that you do not see; what OCR read in it is in the passages, with possible mistakes."
    return "a picture that you do not see, and no text was found in it: you know nothing of it."
