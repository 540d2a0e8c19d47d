"""Why a file could not be read: one code each, one sentence that a student can act on."""

from apps.core.errors import InvalidInput, PayloadTooLarge, Unavailable, UnsupportedType


class DocumentEncrypted(InvalidInput):
    code = "document_encrypted"


class DocumentBroken(InvalidInput):
    code = "document_broken"


class DocumentEmpty(InvalidInput):
    code = "document_empty"


class DocumentTypeUnsupported(UnsupportedType):
    code = "document_type_unsupported"


class DocumentTooLarge(PayloadTooLarge):
    code = "document_too_large"


class DocumentTimeout(InvalidInput):
    code = "document_timeout"


class ExtractionBusy(Unavailable):
    """All places for reading files stayed taken."""

    code = "extraction_busy"


DocumentRefused = (
    DocumentEncrypted | DocumentBroken | DocumentEmpty | DocumentTypeUnsupported | DocumentTooLarge | DocumentTimeout
)

# By the reason that the child process gives, see extraction/results.py.
REFUSALS: dict[str, tuple[type[DocumentRefused], str]] = {
    "encrypted": (
        DocumentEncrypted,
        "“{filename}” is protected by a password. Save a copy without the password and upload that.",
    ),
    "broken": (
        DocumentBroken,
        "“{filename}” is damaged and cannot be read. Open it on your device, save it again, and upload the new copy.",
    ),
    "misnamed": (
        DocumentBroken,
        "“{filename}” is not what its name says: there is something else inside. Check the file and upload it again.",
    ),
    "empty": (DocumentEmpty, "“{filename}” is empty: there is no text in it."),
    "two_in_one": (
        DocumentBroken,
        "“{filename}” is two kinds of file in one, which no program makes by itself. Save it again from the program "
        "that it comes from, and upload the new copy.",
    ),
    "no_text": (
        DocumentEmpty,
        "“{filename}” has no text that can be read, and OCR found no words in its pictures.",
    ),
    "ocr_failed": (
        DocumentEmpty,
        "“{filename}” has no text of its own, and OCR did not get through its pictures. Upload a clearer scan, or a "
        "version with text that can be selected.",
    ),
    "no_ocr": (
        DocumentEmpty,
        "“{filename}” has no text that can be read; its pages are probably scans or pictures. This server has no OCR, "
        "so it cannot read text in pictures: whoever runs it can install tesseract-ocr. Or upload a version with text "
        "that can be selected.",
    ),
    "unsupported": (
        DocumentTypeUnsupported,
        "“{filename}” is a kind of file that cannot be read. Upload PDF, Word (DOCX), PowerPoint (PPTX), Excel (XLSX), "
        "OpenDocument (ODT), EPUB, a web page, text, a table (CSV), a program, or a picture.",
    ),
    "archive": (
        DocumentTypeUnsupported,
        "“{filename}” is an archive of files. Unpack it, and upload the files in it.",
    ),
    "old_office": (
        DocumentTypeUnsupported,
        "“{filename}” is in the Office format of before 2007. Open it, save it as DOCX, PPTX or XLSX, and upload that.",
    ),
    "rtf": (
        DocumentTypeUnsupported,
        "“{filename}” is in Rich Text Format. Open it, save it as DOCX or PDF, and upload that.",
    ),
    "heic": (
        DocumentTypeUnsupported,
        "“{filename}” is a photo in HEIC or AVIF format. Save it as JPEG or PNG, and upload that.",
    ),
    "too_large": (
        DocumentTooLarge,
        "“{filename}” needs more memory than one file may take. Split it into smaller files and upload those.",
    ),
    "timeout": (
        DocumentTimeout,
        "“{filename}” takes longer to read than one file may. Split it into smaller files and upload those.",
    ),
}


def refusal(reason: str, *, filename: str) -> DocumentRefused:
    """The error for a reason of `REFUSALS`, with its sentence."""
    kind, sentence = REFUSALS[reason]
    return kind(sentence.format(filename=filename), filename=filename)
