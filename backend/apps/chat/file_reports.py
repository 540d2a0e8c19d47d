"""What a prompt says of each of its files: how much of it was read, and how."""

from apps.documents.models import Document, DocumentState


def report_of(document: Document) -> str:
    """One sentence or two, for the model; the student sees the same figures beside the file."""
    if document.state == DocumentState.FAILED:
        return f"{document.filename}: could not be read."
    if document.state != DocumentState.READY:
        return f"{document.filename}: is still being read; only what was read so far is here."
    counts = {
        "read by OCR, with possible mistakes": document.pages_ocr,
        "without text": document.pages_empty,
        "damaged and not read": document.pages_failed,
        "beyond the limit and not read": document.pages_cut,
    }
    said = [f"{count:,} {how}" for how, count in counts.items() if count]
    return f"{document.filename}: {document.page_count:,} pages" + (f", of which {', '.join(said)}." if said else ".")
